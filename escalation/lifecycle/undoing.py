"""Undoing a cancellation: the ticket escalates again with the same facts, and names the cancelled life."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation.case.commands import Open
from escalation.case.events import Acknowledged, Event
from escalation.copies import shared
from escalation.errors import InvalidCommand
from escalation.lifecycle.late_words import NOT_AGAIN
from escalation.lifecycle.view import CaseView
from escalation.program_texts import ProgramText
from escalation.vocabulary import Stage

WINDOW = timedelta(days=14)
"""How long a cancellation can be undone; after that, what is known of the case is too old to continue from."""


def undoing(view: CaseView, escalation: str, timeline: Sequence[Event], *, by: str, why: str, now: datetime) -> Open:
    """The request that continues a cancelled case: its facts, and its last owner, who gets the first offer.

    Args:
        timeline: Its latest events.
        by: Who undoes it.
        why: How it came to be cancelled by mistake.

    Raises:
        InvalidCommand: It is not cancelled, or was cancelled too long ago.
    """
    if view.stage is not Stage.CANCELLED or view.closed_at is None:
        stage = view.stage.replace("_", " ")
        raise InvalidCommand(f"{escalation} is {stage}, not cancelled; there is nothing to undo")
    if now - view.closed_at > WINDOW:
        raise InvalidCommand(f"{escalation} was cancelled more than {WINDOW.days} days ago; `open` the ticket again")
    taken = (event.person for event in reversed(timeline) if isinstance(event, Acknowledged))
    return Open(
        **shared(view, Open, besides=NOT_AGAIN),
        by=by,
        evidence=(ProgramText.CANCELLED_BY_MISTAKE.say(why=why),),
        customer_words=view.opening_words,
        undoes=escalation,
        owner=next(taken, ""),
    )
