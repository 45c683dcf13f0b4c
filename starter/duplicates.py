"""Checks the case in which work continues before a duplicate of it is cancelled."""

from contextlib import suppress
from dataclasses import replace

from escalation.case.commands import AddNote, Cancel
from escalation.errors import InvalidCommand
from escalation.lifecycle.duplicates import must_continue_in
from escalation.lifecycle.view import CaseView
from escalation.program_texts import ProgramText
from escalation.vocabulary import OVER, CancelCause
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation
from starter.lives import find, read_name
from starter.transport import Transport
from workflows.contract import Answer, Status


async def checked(transport: Transport, ticket: str, command: Cancel) -> Cancel:
    """The command, naming the other case by its ticket number, once work can continue there.

    Args:
        ticket: Ticket number, or the id of one escalation, to cancel.

    Raises:
        CommandRefused: The other case is unknown, over, or another customer's.
        WorkersBusy: No worker answered; nothing was sent.
        TemporalUnreachable: No server answered; nothing was sent.
    """
    named = command.duplicate_of.strip()
    if command.cause is not CancelCause.DUPLICATE or not named:
        return command
    other, own = read_name(named).ticket, read_name(ticket)
    command = replace(command, duplicate_of=other)
    if other == own.ticket:
        return command
    view = await _view(transport, own.short)
    if view is None or view.stage in OVER:
        # What was cancelled before answers a repeat as it did then, whatever became of the other case.
        return command
    try:
        must_continue_in(other, await _view(transport, other), view, anyway=command.anyway)
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    return command


async def note_in_other(transport: Transport, ticket: str, command: Cancel, command_id: str) -> None:
    """Write in the case that a cancelled duplicate names that it is one, and notify its owner; not where that case is closed.

    Args:
        ticket: Ticket number, or the id of one escalation, that was cancelled.
        command_id: Of that command; the same again writes nothing twice.

    Raises:
        WorkersBusy: No worker answered; the same command again writes it.
        TemporalUnreachable: No server answered; likewise.
    """
    other, own = command.duplicate_of, read_name(ticket).ticket
    if command.cause is not CancelCause.DUPLICATE or not other or other == own:
        return
    kind = ProgramText.DUPLICATE_UNNAMED if command.anyway else ProgramText.DUPLICATE
    text = kind.say(ticket=own, why=command.why)
    with suppress(CommandRefused, UnknownEscalation, EscalationEnded):
        note = AddNote(by=command.by, text=text, duplicate=own, apart=command.anyway)
        await transport.update(await find(transport, other), note, f"{command_id}-duplicate", answer=Answer)


async def _view(transport: Transport, name: str) -> CaseView | None:
    try:
        status = await transport.query(await find(transport, name), "status", answer=Status)
    except (UnknownEscalation, EscalationEnded):
        return None
    return status.view
