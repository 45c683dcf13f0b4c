"""Messages as decisions ask for them: written only when somebody wants to send them.

A simulation sends nothing, and writing costs more than deciding. What a letter says follows from the case as it was when
it was asked for, so it says the same whenever it is written.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

from escalation.case.state import State
from escalation.clocks.deadlines import target_instant
from escalation.messages.effects import Message, Notice, instant_text
from escalation.people import PersonId
from escalation.policy import Policy
from escalation.vocabulary import CUSTOMER, ClockName, MessageKind

Letter: TypeAlias = Callable[[], Message]
"""Writes a message."""

StaffMessage = Literal[MessageKind.OFFER, MessageKind.NOTICE]
"""What only people of the team may read."""


def to_customer(key: str, kind: MessageKind, policy: Policy, facts: Mapping[str, str]) -> Letter:
    """A message to the customer; empty facts are left out."""
    return lambda: Message(key=key, message=kind, to=CUSTOMER, channels=policy.customer_channels, facts=_said(facts))


def to_customer_and_when_next(
    key: str, kind: MessageKind, policy: Policy, facts: Mapping[str, str], state: State
) -> Letter:
    """A message to the customer that also says by when they hear from us again, as `next_update_at`.

    Args:
        key: The business key.
        kind: Which one.
        policy: The policy that holds.
        facts: What else the template needs; empty ones are left out.
        state: The case once the message is on its way, which starts the clock of updates anew.
    """

    def letter() -> Message:
        next_at = due_text(state, policy, ClockName.CUSTOMER_UPDATE)
        return to_customer(key, kind, policy, {"next_update_at": next_at, **facts})()

    return letter


def to_person(
    key: str,
    kind: StaffMessage,
    person: PersonId,
    policy: Policy,
    *,
    notices: Iterable[Notice] = (),
    facts: Callable[[], Mapping[str, str]] = dict,
) -> Letter:
    """A message to a person of the team.

    Args:
        key: The business key.
        kind: Which one.
        person: Their id.
        policy: The policy that holds.
        notices: What a notice tells.
        facts: Says what the template needs, when the letter is written; empty facts are left out.
    """
    told = tuple(notices)
    return lambda: Message(
        key=key, message=kind, to=person, channels=policy.staff_channels, notices=told, facts=_said(facts())
    )


def due_text(state: State, policy: Policy, clock: ClockName) -> str:
    """When the target of a running clock falls due, as message facts carry it; empty where there is no such instant."""
    return instant_text(target_instant(state, policy, clock)) if clock in state.runs else ""


def _said(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: fact for name, fact in facts.items() if fact}
