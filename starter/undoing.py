"""Undoes a cancellation, for support tools and the command line."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from escalation.bounds import ActorId, Remark
from escalation.case.commands import AddNote, Open, OpenByTriage
from escalation.case.events import Cancelled, Event
from escalation.errors import InvalidCommand
from escalation.lifecycle.undoing import undoing
from escalation.phrasing import called
from escalation.program_texts import ProgramText
from starter.errors import CommandRefused, NoSuchCase
from starter.opening import Opening
from workflows.contract import Answer, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCancel:
    """Undo a cancellation. The case continues in a new life, its last owner is asked first, and the customer is informed.

    Attributes:
        why: How it came to be cancelled by mistake, for the team.
    """

    labels = called(
        "Take the cancellation back",
        "Den Abbruch zurücknehmen",
        why=(
            "How it came to be cancelled by mistake; only for the team",
            "Wie es zu dem Versehen kam; nur für das Team",
        ),
    )
    by: ActorId
    why: Remark


class Cases(Protocol):
    """The part of `EscalationClient` used here."""

    async def status(self, ticket: str) -> Status:
        """Return the status of an escalation."""

    async def timeline(self, ticket: str) -> tuple[Event, ...]:
        """Its latest events."""

    async def open(self, request: Open | OpenByTriage, *, policy: str, again: bool = True) -> Opening:
        """Escalate a ticket."""

    async def send(self, ticket: str, command: AddNote, *, command_id: str | None) -> Answer:
        """Note something in a case."""


async def undo_cancel(cases: Cases, ticket: str, *, by: str, why: str, now: datetime) -> Opening:
    """Continue a cancelled escalation in a new life of its ticket, which names the cancelled one.

    Where it was cancelled as a duplicate, the other case says that it is none.

    Raises:
        CommandRefused: It is not cancelled, was cancelled too long ago, or its ticket has been escalated again.
        StarterError: As `EscalationClient.status` and `open`.
    """
    status, timeline = await cases.status(ticket), await cases.timeline(ticket)
    try:
        request = undoing(status.view, status.escalation, timeline, by=by, why=why, now=now)
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    opening = await cases.open(request, policy=status.view.policy.name)
    if not opening.started:
        raise CommandRefused("InvalidTransition", f"{opening.escalation} is open; the ticket was escalated again")
    await _note_in_other(cases, status, timeline, opening, by=by, why=why)
    return opening


async def _note_in_other(
    cases: Cases, status: Status, timeline: Sequence[Event], opening: Opening, *, by: str, why: str
) -> None:
    """Take back in the other case what was noted there when this one was cancelled as its duplicate."""
    ended = (event.duplicate_of for event in reversed(timeline) if isinstance(event, Cancelled))
    other = next(ended, "")
    if not other:
        return
    text = ProgramText.NO_DUPLICATE.say(ticket=status.view.ticket, why=why)
    note = AddNote(by=by, text=text, duplicate=status.view.ticket, undone=True)
    with suppress(CommandRefused, NoSuchCase):
        await cases.send(other, note, command_id=f"{opening.escalation}-undone")
