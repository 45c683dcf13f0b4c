"""Telling several people the same, and telling the customer when they hear from us next."""

from escalation.deadlines import target_instant
from escalation.decisions.checks import instant_text
from escalation.draft import Draft
from escalation.effects import Notice
from escalation.events import MessageQueued
from escalation.evolution import evolve
from escalation.vocabulary import CUSTOMER, ClockName, MessageKind, NoticeKind


def tell_customer_and_when_next(draft: Draft, kind: MessageKind, *, key: str = "", **facts: str) -> None:
    """Send the customer a message that says by when they hear from us again.

    The message itself starts the clock of updates anew, and must name the time that follows from that.

    Args:
        draft: The decision.
        kind: Which message.
        key: The business key, where a threshold causes it; otherwise it is numbered.
        facts: What the template needs besides `next_update_at`.
    """
    sent = MessageQueued(at=draft.now, key=key, message=kind, to=CUSTOMER)
    next_update = target_instant(evolve(draft.state, sent), draft.policy, ClockName.CUSTOMER_UPDATE)
    draft.tell_customer(kind, key=key, next_update_at=instant_text(next_update), **facts)


def tell_followers(draft: Draft, about: NoticeKind, text: str, *, besides: tuple[str, ...] = ()) -> None:
    """Keep earlier owners informed; whoever has the case now is told in other ways.

    Args:
        draft: The decision.
        about: What happened.
        text: The facts, short.
        besides: Who need not be told: whoever did it, or learns of it anyway.
    """
    state = draft.state
    for person in state.followers:
        if person not in (state.owner, state.offered_to, *besides):
            draft.notify(person, Notice(about=about, text=text))
