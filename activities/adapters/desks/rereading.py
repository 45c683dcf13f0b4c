"""Reading a ticket again before an event about its status is applied: webhooks come late and in any order."""

from dataclasses import replace

from activities.errors import RecipientRefused
from activities.ports.desks import Desks
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
