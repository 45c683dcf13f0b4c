"""Reading a ticket again before an event is applied: webhooks come late, in any order, and do not say everything."""

from contextlib import suppress
from dataclasses import replace

from activities.errors import RecipientRefused
from activities.ports.desks import Desks, Requester
from escalation.intake.delivery import DeskEvent, EventKind


class Rereading:
    """The help desks whose API we may use."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks

    async def reread(self, source: str, event: DeskEvent) -> DeskEvent:
        """See the port; only a status is asked for, since nothing else that an event says can become untrue."""
        desk = self._desks.get(source)
        if desk is None or event.kind is not EventKind.STATUS:
            return event
        try:
            there = await desk.read(event.ticket)
        except RecipientRefused:
            return event  # the ticket was deleted, or is not for us; what the event says is all that is known
        return event if there.status is None else replace(event, status=there.status)

    async def requester(self, source: str, ticket: str) -> Requester | None:
        """See the port."""
        desk = self._desks.get(source)
        if desk is None:
            return None
        with suppress(RecipientRefused):
            return await desk.requester(ticket)
        return None
