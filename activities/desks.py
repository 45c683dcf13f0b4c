"""The activity that updates a help-desk ticket from its escalation.

What is written next is stored before it is written, and each note ends with a marker. So an attempt that dies in between is
followed by one that reads the ticket, and writes the note only if it is not there.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog
from temporalio import activity

from activities.contracts import KeepInStepInput, KeepInStepReport
from activities.errors import CaseRefused, RecipientRefused, TryAgain
from activities.ports.connections import Connections
from activities.ports.desks import Desk, DeskLink, DeskLinks, Desks, DeskTicket, Newest
from activities.ports.tickets import Tickets
from activities.temporal_errors import translated
from escalation.case.commands import RecordTicketNews
from escalation.case.events import Event
from escalation.desk import DeskWish, is_written_to, marker, note_of, signed, status_to_write, wish_of
from escalation.vocabulary import TicketNews

AT_ONCE = 200  # most events that one note covers

_log = structlog.stdlib.get_logger(__name__)


class DeskActivities:
    """Keeps tickets in step.

    Args:
        tickets: The escalations, to notify an owner whose ticket cannot be written to.
    """

    def __init__(
        self, links: DeskLinks, desks: Desks, connections: Connections, tickets: Tickets, clock: Callable[[], datetime]
    ) -> None:
        self._links, self._desks, self._connections = links, desks, connections
        self._tickets, self._clock = tickets, clock

    @activity.defn(name="keep_in_step")
    @translated
    async def keep_in_step(self, wanted: KeepInStepInput) -> KeepInStepReport:
        """Write to the ticket what it does not show yet; asked again, nothing is written twice."""
        link = await self._links.link_of(wanted.ticket)
        if link is None or link.lost_at is not None or link.changed == link.done:
            return KeepInStepReport()
        desk = self._desks.get(link.source)
        newest = await self._links.newest(link.ticket)
        if desk is None or newest is None:
            await self._links.failed(link.ticket, _not_yet(link, has_desk=desk is not None))
            return KeepInStepReport()
        try:
            has_more = await self._bring_up_to_date(link, desk, newest)
        except RecipientRefused as refusal:
            await self._give_up(link, str(refusal))
            return KeepInStepReport()
        except TryAgain as error:
            await self._links.failed(link.ticket, str(error))
            raise
        return KeepInStepReport(has_more=has_more)

    async def _bring_up_to_date(self, link: DeskLink, desk: Desk, newest: Newest) -> bool:
        """Plan a note where none is planned, then write what differs; returns whether there is more to note."""
        if not is_written_to(newest.view):
            # What happens meanwhile is noted once the ticket is back.
            await self._links.in_step(link.ticket, link.changed, self._clock())
            return False
        noted = link.noted if link.escalation == newest.id else 0
        news = await self._links.since(newest.id, noted, most=AT_ONCE)
        planned, note, has_more = await self._planned(link, newest, noted, news)
        there = await desk.read(link.desk_ticket)
        if there.is_over:
            raise RecipientRefused("the help desk has closed the ticket for good")
        escalation = link.escalation if link.planned is not None else newest.id
        wanted = signed(note, escalation, planned) if note else ""
        is_noted = bool(wanted) and await desk.has_note(link.desk_ticket, marker(escalation, planned))
        wish = wish_of(newest.view, news)
        status = status_to_write(wish, there.status)
        assignee = self._assignee(link, wish, there)
        if status or assignee or (wanted and not is_noted):
            await desk.write(link.desk_ticket, status=status, assignee=assignee, note="" if is_noted else wanted)
        await self._links.in_step(link.ticket, link.done if has_more else link.changed, self._clock())
        return has_more

    async def _planned(
        self, link: DeskLink, newest: Newest, noted: int, news: Sequence[Event]
    ) -> tuple[int, str, bool]:
        """The last event that the next note covers, the note, and whether there are more events than it covers."""
        if link.planned is not None:
            # It may have been written already, so it is not made again; what came since is in the next one.
            return link.planned, link.note, link.escalation != newest.id or link.planned < newest.recorded
        planned, note = noted + len(news), note_of(news)
        await self._links.plan(link.ticket, newest.id, planned, note)
        return planned, note, planned < newest.recorded

    def _assignee(self, link: DeskLink, wish: DeskWish, there: DeskTicket) -> str:
        """Id of the agent who is to have the ticket; empty if they have it already, or have no id there."""
        connection = self._connections.get(link.source)
        people: Mapping[str, str] = {} if connection is None else connection.people
        theirs = next((agent for agent, person in people.items() if person == wish.owner), "") if wish.owner else ""
        return theirs if theirs != there.assignee else ""

    async def _give_up(self, link: DeskLink, why: str) -> None:
        # Write nothing more to the ticket, and let the owner know.
        command = RecordTicketNews(by=link.source, news=TicketNews.UNWRITABLE, text=why)
        try:
            newest = await self._tickets.newest(link.ticket)
            if newest is not None and newest.is_open:
                await self._tickets.apply(
                    link.ticket, command, policy="", command_id=f"desk:{link.source}:{link.desk_ticket}:{link.changed}"
                )
        except CaseRefused:
            pass  # it has ended meanwhile: no one has to act on the ticket
        await self._links.lost(link.ticket, why, self._clock())
        _log.warning("ticket given up", source=link.source, ticket=link.ticket)


def _not_yet(link: DeskLink, *, has_desk: bool) -> str:
    if not has_desk:
        return f"this worker's webhook file has no API for `{link.source}`"
    return "the record has no escalation of this ticket yet"
