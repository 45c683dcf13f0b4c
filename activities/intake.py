"""The activity that applies what a help desk sent about a ticket: in order, each event once, and none that is outdated.

An event is settled only after its commands were taken, and each command has an id made of the event's key. So an attempt that
dies in between is followed by one that sends the same commands again, which changes nothing.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from pydantic import ValidationError
from temporalio import activity

from activities.background import beating
from activities.button_presses import Presses
from activities.by_mail import ByMail
from activities.contracts import ApplyInput, ApplyReport
from activities.errors import ActivityError, CaseRefused, DatabaseUnavailable, TryAgain
from activities.ports.connections import Connection, Connections
from activities.ports.desks import DeskLinks
from activities.ports.inbox import Entry, EntryState, Inbox
from activities.ports.tickets import Escalated, HelpDesk, NoHelpDesk, Tickets
from activities.temporal_errors import translated
from escalation.case.codec import from_json
from escalation.case.commands import RecordTicketNews
from escalation.intake.delivery import Author, DeskEvent, EventKind, Known, Plan
from escalation.intake.planning import plan
from escalation.intake.subject import order_group
from escalation.mail_in.meaning import MAIL
from escalation.messages.buttons import pressed
from escalation.vocabulary import TicketNews

AT_ONCE = 20  # most events that one attempt applies
GIVE_UP_AFTER = timedelta(hours=24)
"""An event that could not be applied for so long is dead; a person has to look at it."""
SHORTEST_PAUSE, LONGEST_PAUSE = 2.0, 300.0  # seconds until an event is tried again: doubled with each attempt
HOUR = timedelta(hours=1)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    """The end of an event."""

    state: EntryState
    reason: str = ""
    became: tuple[str, ...] = ()


class _UnknownSource(TryAgain):
    """The webhook file of this worker has no such source."""


class _RefusedOnce(TryAgain):
    """The case may have moved since it was looked at, or a clock of it is due; only the same refusal again is final."""


class IntakeActivities:
    """Applies events.

    Args:
        help_desk: Where a ticket can be read again.
        links: Keeps tickets in step once they have escalated.
        presses: Knows who pressed a button in a chat, and notifies them if it did not count.
        by_mail: Knows who has which mail address, and which takes no more mail.
    """

    def __init__(  # noqa: PLR0913 (each is a port)
        self,
        inbox: Inbox,
        connections: Connections,
        tickets: Tickets,
        clock: Callable[[], datetime],
        help_desk: HelpDesk | None = None,
        links: DeskLinks | None = None,
        presses: Presses | None = None,
        *,
        by_mail: ByMail | None = None,
    ) -> None:
        self._inbox, self._connections, self._tickets, self._clock = inbox, connections, tickets, clock
        self._help_desk = help_desk or NoHelpDesk()
        self._links = links
        self._presses = presses
        self._by_mail = by_mail or ByMail()

    @activity.defn(name="apply_deliveries")
    @translated
    async def apply_deliveries(self, wanted: ApplyInput) -> ApplyReport:
        """Apply what waits for a ticket, the oldest first, until one has to be tried again."""
        async with beating(activity.heartbeat):
            return await self._apply_some(wanted)

    async def _apply_some(self, wanted: ApplyInput) -> ApplyReport:
        entries = await self._inbox.waiting(wanted.source, wanted.ticket, most=AT_ONCE)
        for entry in entries:
            try:
                outcome = await self._apply(entry)
            except DatabaseUnavailable:
                raise
            except TryAgain as error:
                again_in = await self._failed(entry, error)
                if again_in is not None:
                    return ApplyReport(again_in=again_in)
                continue
            except ActivityError:
                raise
            except Exception as error:  # noqa: BLE001 (see below)
                # A bug that one event meets must not hold up the ticket's others.
                _logger(entry).exception("event met an error of ours")
                outcome = _Outcome(state=EntryState.DEAD, reason=f"an error of ours: {type(error).__name__}; retry it")
            await self._settle(entry, outcome)
            if self._presses is not None:
                await self._presses.answer(entry, outcome.state)
        return ApplyReport(has_more=len(entries) == AT_ONCE)

    async def _apply(self, entry: Entry) -> _Outcome:
        connection = self._connections.get(entry.source)
        if connection is None:
            raise _UnknownSource(f"this worker's webhook file has no source `{entry.source}`")
        try:
            event = from_json(DeskEvent, entry.event or "")
        except ValidationError:
            return _Outcome(
                state=EntryState.DEAD, reason="what was read of it cannot be used by this release; retry it"
            )
        if entry.planned is not None:
            # An attempt got so far, and perhaps further: what it may have done must not change what is done.
            return await self._carry_out(connection, entry, event, from_json(Plan, entry.planned))
        return await self._plan_and_carry_out(connection, entry, event)

    async def _plan_and_carry_out(self, connection: Connection, entry: Entry, event: DeskEvent) -> _Outcome:
        latest = await self._inbox.newest(entry.source, entry.ticket)
        newest = latest.get(order_group(event))
        if newest is not None and event.at is not None and event.at < newest:
            return _Outcome(
                state=EntryState.SUPERSEDED, reason=f"a later change, of {newest:%Y-%m-%d %H:%M:%S} UTC, was applied"
            )
        known = Known(now=self._clock(), people=await self._people(connection, event), latest=latest)
        if event.kind is EventKind.PRIORITY:
            known = replace(known, priority_before=await self._inbox.priority_before(entry))
        planned = await self._plan(connection, await self._help_desk.reread(entry.source, event), known)
        if planned.problem:
            return _Outcome(state=EntryState.DEAD, reason=planned.problem)
        if not planned.commands:
            return _Outcome(state=EntryState.IGNORED, reason=planned.ignored or "there is nothing to do")
        if await self._is_loop(connection, entry):
            return await self._end_loop(connection, entry, planned)
        await self._inbox.begin(entry.id, planned)
        return await self._carry_out(connection, entry, event, planned)

    async def _plan(self, connection: Connection, event: DeskEvent, known: Known) -> Plan:
        event, newest = await self._escalated(connection, event)
        if newest is not None:
            known = replace(
                known,
                stage=newest.stage,
                reopens=newest.reopens,
                severity=newest.severity,
                offered_to=newest.offered_to,
                owner=newest.owner,
                promise=newest.promise,
                customer=newest.customer,
            )
        if event.merged_into:
            other = connection.source.ticket_of(event.merged_into)
            target = await self._tickets.newest(other)
            # Work on a duplicate can continue only in a case of the same customer; otherwise the owner decides.
            if (
                target is not None
                and target.is_open
                and newest is not None
                and target.customer.id == newest.customer.id
            ):
                known = replace(known, escalated=frozenset({other}))
        await self._by_mail.note_bounced(event, known)
        planned = plan(event, connection.source, known)
        if not planned.lacks_customer:
            return planned
        return plan(await self._with_customer(connection, event), connection.source, known)

    async def _escalated(self, connection: Connection, event: DeskEvent) -> tuple[DeskEvent, Escalated | None]:
        """The event and its ticket's newest escalation, under the number that this has.

        That may be another one: tickets are moved, and some bodies name them by an id of their own alone.
        """
        number_of = connection.source.ticket_of
        newest = await self._tickets.newest(number_of(event.ticket)) if event.ticket else None
        if newest is not None or not event.also:
            return event, newest
        for other in await self._inbox.also_known_as(connection.source.name, event.also):
            newest = await self._tickets.newest(number_of(other)) if other != event.ticket else None
            if newest is not None:
                return replace(event, ticket=other), newest
        return event, None

    async def _with_customer(self, connection: Connection, event: DeskEvent) -> DeskEvent:
        """The event with its ticket's requester as the help desk knows them, where it can be asked."""
        who = await self._help_desk.requester(connection.source.name, event.ticket)
        if who is None:
            return event
        customer = Author(id=who.id, name=who.name, address=who.address)
        return replace(event, customer=customer, language=event.language or who.language)

    async def _people(self, connection: Connection, event: DeskEvent) -> Mapping[str, str]:
        """People of the source by their ids there; who pressed a button of ours also by the roster's address."""
        if connection.source.name == MAIL:
            return await self._by_mail.people(event)
        presser = event.author.id
        if self._presses is None or presser in connection.people or pressed(event.action, event.value) is None:
            return connection.people
        person = await self._presses.person(presser)
        return {**connection.people, presser: person} if person else connection.people

    async def _carry_out(self, connection: Connection, entry: Entry, event: DeskEvent, planned: Plan) -> _Outcome:
        nothing, done = "", list[str]()
        for number, command in enumerate(planned.commands):
            command_id = event.command_id(connection.source.name, number)
            try:
                applied = await self._tickets.apply(
                    planned.ticket, command, policy=connection.policy, command_id=command_id
                )
            except CaseRefused as error:
                reason = f"`{command.kind}` was refused: {error}"
                if entry.error != reason:
                    await self._inbox.begin(entry.id, None)
                    raise _RefusedOnce(reason) from error
                return _Outcome(state=EntryState.DEAD, reason=reason, became=tuple(done))
            nothing = applied.nothing
            if not nothing:
                done.append(command.kind)
        if not done:
            return _Outcome(state=EntryState.IGNORED, reason=nothing)
        if self._links is not None and connection.api is not None:
            await self._links.link(planned.ticket, connection.source.name, event.ticket, self._clock())
        return _Outcome(state=EntryState.APPLIED, became=tuple(done))

    async def _is_loop(self, connection: Connection, entry: Entry) -> bool:
        recent = await self._inbox.applied_since(entry.source, entry.ticket, self._clock() - HOUR)
        return recent >= connection.changes_per_hour

    async def _end_loop(self, connection: Connection, entry: Entry, planned: Plan) -> _Outcome:
        """Apply no more of it, and notify the person who has the case, once an hour."""
        source = connection.source
        news = RecordTicketNews(by=source.title, news=TicketNews.FLOODED)
        hour = int(self._clock().timestamp() // HOUR.total_seconds())
        # The case may be over, or not take it; the dead event is there in any case.
        with suppress(CaseRefused):
            command_id = f"hook:{source.name}:{entry.ticket}:flooded:{hour}"
            await self._tickets.apply(planned.ticket, news, policy=connection.policy, command_id=command_id)
        return _Outcome(state=EntryState.DEAD, reason=_loop(connection))

    async def _failed(self, entry: Entry, error: TryAgain) -> float | None:
        """Seconds until it is tried again; None where it is given up."""
        if self._clock() - entry.tried_since >= GIVE_UP_AFTER:
            await self._settle(entry, _Outcome(state=EntryState.DEAD, reason=f"given up after a day: {error}"))
            return None
        await self._inbox.postpone(entry.id, str(error))
        _logger(entry).warning("event not applied yet", error=type(error).__name__, attempts=entry.attempts + 1)
        return min(LONGEST_PAUSE, SHORTEST_PAUSE * 2.0 ** min(entry.attempts, 10))

    async def _settle(self, entry: Entry, outcome: _Outcome) -> None:
        await self._inbox.settle(
            entry.id, outcome.state, reason=outcome.reason, became=outcome.became, at=self._clock()
        )
        counter = activity.metric_meter().create_counter("escalations_webhook_events", "Events applied, by their end")
        counter.add(1, {"source": entry.source, "state": outcome.state.value})
        log = _logger(entry)
        (log.warning if outcome.state is EntryState.DEAD else log.info)(
            "event settled", state=outcome.state.value, kind=entry.kind, commands=len(outcome.became)
        )


def _loop(connection: Connection) -> str:
    return (
        f"more than {connection.changes_per_hour} changes of this ticket in an hour; that looks like a loop between two "
        "systems: find it, then retry what is still needed"
    )


def _logger(entry: Entry) -> structlog.stdlib.BoundLogger:
    bound: structlog.stdlib.BoundLogger = _log.bind(source=entry.source, ticket=entry.ticket, entry=entry.id)
    return bound
