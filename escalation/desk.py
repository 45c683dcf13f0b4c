"""The status, owner and internal notes that a ticket in the help desk gets from its escalation.

Each field has one owner. The help desk keeps the ticket's text, its requester and what is written there; the escalation
keeps stage, owner, promises and options, and repeats them in the ticket for colleagues who look only there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escalation.bounds import in_other_words
from escalation.case import events
from escalation.case.events import Event
from escalation.intake.delivery import DeskStatus
from escalation.lifecycle.view import CaseView
from escalation.plain import one_line
from escalation.sentences import story_of
from escalation.vocabulary import Stage, TicketNews

LONGEST_NOTE = 6_000  # characters of a note; what happened before that is only in our own timeline

_STATUS: Mapping[Stage, DeskStatus | None] = {
    Stage.UNASSIGNED: DeskStatus.OPEN,
    Stage.OFFERED: DeskStatus.OPEN,
    Stage.WORKING: DeskStatus.OPEN,
    Stage.WAITING_ON_CUSTOMER: DeskStatus.PENDING,
    Stage.RESOLVED: DeskStatus.SOLVED,
    # Help desks close solved tickets themselves; a cancelled escalation says nothing about its ticket.
    Stage.CLOSED: None,
    Stage.CANCELLED: None,
}

NOTED: frozenset[type[Event]] = frozenset(
    {events.Opened, events.Acknowledged, events.OverseerHeld, events.Climbed, events.SeverityChanged}
    | {events.CustomerTold, events.InformationRequested, events.OptionsOffered, events.OptionChosen}
    | {events.Promised, events.PromiseKept, events.PromiseLapsed, events.ChoiceLapsed, events.ThresholdReached}
    | {events.Resolved, events.SurveyAnswered, events.Reopened, events.Closed, events.Cancelled}
    | {events.DeliveryFailed, events.IncidentLinked}
)
"""What notes say. What the customer or an agent wrote in the help desk is there already, so it is not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskWish:
    """The desired state of a help-desk ticket."""

    status: DeskStatus | None  # None leaves it as it is
    owner: str  # id of the person with us; empty leaves the assignee as it is


def is_written_to(view: CaseView) -> bool:
    """Whether the ticket is there to be written to: not deleted, and not marked as spam."""
    return view.ticket_news not in {TicketNews.DELETED, TicketNews.SPAM}


def wish_of(view: CaseView, news: Sequence[Event] = ()) -> DeskWish:
    """The desired state of this case's ticket; resolved and closed since it was in step means solved."""
    status = _STATUS[view.stage]
    if view.stage is Stage.CLOSED and any(isinstance(one, events.Resolved) for one in news):
        status = DeskStatus.SOLVED
    return DeskWish(status=status, owner=view.owner)


def status_to_write(wish: DeskWish, there: DeskStatus | None) -> DeskStatus | None:
    """The status that the ticket does not show yet; None where it does. What was closed there is solved."""
    is_solved = wish.status is DeskStatus.SOLVED and there is DeskStatus.CLOSED
    return None if is_solved or wish.status is there else wish.status


def note_of(happened: Sequence[Event]) -> str:
    """The note on these events, one line each; empty if none concerns the ticket."""
    lines = [in_other_words(line, _shortened) for event, line in story_of(happened) if type(event) in NOTED]
    text = "\n".join(f"- {one_line(line)}" for line in lines)
    if len(text) <= LONGEST_NOTE:
        return text
    return f"- earlier events are in the escalation's timeline\n{text[-LONGEST_NOTE:].partition(chr(10))[2]}"


def marker(escalation: str, seq: int) -> str:
    """The end of a note: says which one it is, so that none is written twice and ours are recognised when they come back."""
    return f"[esc {escalation}/{seq}]"


def signed(note: str, escalation: str, seq: int) -> str:
    """The note as the ticket has it."""
    return f"Escalation\n{note}\n\n{marker(escalation, seq)}"


def _shortened(shown: int, characters: int, _reference: str) -> str:
    return f"[{shown} of {characters} characters]"
