"""Shows what the customer would read if a command came now: the decision is made, and not followed."""

from dataclasses import dataclass

from escalation.lifecycle.draft import Decision
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.messages.effects import Deliver, Message
from escalation.vocabulary import CUSTOMER


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """The effect a command would have, or the reason it would be refused."""

    view: CaseView | None = None  # the case after it, which letters are written from; None where it would be refused
    letters: tuple[Message, ...] = ()  # what the customer would get
    refusal: str = ""  # why it would be refused; empty where it would not
    type: str = ""  # name of the refusal's error


def rehearsed(decision: Decision) -> Rehearsal:
    """The letters that a decision would send, and the case after it."""
    messages = (effect.message for effect in decision.effects if isinstance(effect, Deliver))
    letters = tuple(message for message in messages if message.to == CUSTOMER)
    return Rehearsal(view=view_of(decision.state, decision.policy), letters=letters)
