"""Undoes a cancellation, for support tools and the command line."""

from datetime import datetime
from typing import Protocol

from escalation.case.commands import Open, OpenByTriage
from escalation.case.events import Event
from escalation.errors import InvalidCommand
from escalation.lifecycle.undoing import undoing
from starter.errors import CommandRefused
from starter.opening import Opening
from workflows.contract import Status


class Cases(Protocol):
    """What it needs of `EscalationClient`."""

    async def status(self, ticket: str) -> Status:
        """How an escalation is now."""

    async def timeline(self, ticket: str) -> tuple[Event, ...]:
        """Its latest events."""

    async def open(self, request: Open | OpenByTriage, *, policy: str, again: bool = True) -> Opening:
        """Escalate a ticket."""


async def undo_cancel(cases: Cases, ticket: str, *, by: str, why: str, now: datetime) -> Opening:
    """Continue a cancelled escalation in a new life of its ticket, which names the cancelled one.

    Args:
        cases: The client.
        ticket: Ticket number.
        by: Id of the person who undoes it.
        why: How it came to be cancelled by mistake.
        now: The instant, aware UTC.

    Raises:
        CommandRefused: It is not cancelled, was cancelled too long ago, or its ticket has been escalated again.
        StarterError: As `EscalationClient.status` and `open`.
    """
    status = await cases.status(ticket)
    try:
        request = undoing(status.view, status.escalation, await cases.timeline(ticket), by=by, why=why, now=now)
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    opening = await cases.open(request, policy=status.view.policy.name)
    if not opening.started:
        raise CommandRefused("InvalidTransition", f"{opening.escalation} is open; the ticket was escalated again")
    return opening
