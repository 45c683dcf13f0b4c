"""The ports in memory, under the ports' own names and with the adapters' semantics.

`tests/unit/activities/port_contracts.py` holds what both must do; it runs against these and against PostgreSQL.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from activities.adapters.postgres.roster import Member
from activities.contracts import (
    ApproverInput,
    AssignInput,
    CustomerHistory,
    IncidentRecordInput,
    LoadedPolicy,
    RecordInput,
)
from activities.errors import (
    ActivityError,
    ClaimedElsewhere,
    NotYetRecorded,
    RecordConflict,
    UnknownPerson,
    UnknownPolicy,
)
from activities.ports import Claim, Envelope, Person
from escalation.codec import from_json, to_json
from escalation.commands import SupportCommand
from escalation.events import Event
from escalation.incident.events import IncidentEvent
from escalation.policy import Policy, PolicyRef
from escalation.view import CaseView
from escalation.vocabulary import Channel as ChannelName

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Booking:
    """One row of what the directory remembers; without a person, an offer that was over before it was booked."""

    person: str | None
    taken_at: datetime
    released_at: datetime | None = None


class Directory:
    """People and bookings in memory."""

    def __init__(self, members: Iterable[Member], clock: Clock) -> None:
        self.members = {member.id: member for member in members}
        self.bookings: dict[tuple[str, int], Booking] = {}
        self._clock = clock

    async def assign(self, request: AssignInput) -> str | None:
        escalation, offer = request.escalation, request.request.offer
        known = self.bookings.get((escalation, offer))
        if known is not None:
            return known.person
        if any(of == escalation and number > offer for of, number in self.bookings):
            return None
        fitting = [member for member in self.members.values() if self._fits(member, request)]
        if not fitting:
            return None
        best = min(
            fitting, key=lambda member: (not _speaks(member, request.request.language), self._rank(member, escalation))
        )
        now = self._clock()
        for (of, _), booking in self.bookings.items():
            if of == escalation and booking.released_at is None:
                booking.released_at = now
        self.bookings[escalation, offer] = Booking(best.id, now)
        return best.id

    async def release(self, escalation: str, offer: int) -> None:
        now = self._clock()
        booking = self.bookings.setdefault((escalation, offer), Booking(None, now, now))
        booking.released_at = booking.released_at or now

    async def approver(self, request: ApproverInput) -> str | None:
        wanted = request.request
        fitting = [
            member.id
            for member in self.members.values()
            if self._works(member)
            and wanted.tier in member.tiers
            and member.authority >= wanted.authority
            and member.id not in wanted.besides
        ]
        return min(fitting, key=lambda one: (self.open_bookings(one), one), default=None)

    async def person(self, person: str) -> Person:
        member = self.members.get(person)
        if member is None:
            raise UnknownPerson(f"nobody has the id `{person}`")
        return Person(
            id=member.id, name=member.name, address=member.address, language=member.language, zone=member.zone
        )

    async def on_shift_until(self, person: str) -> datetime | None:
        member, now = self.members.get(person), self._clock()
        if member is None:
            raise UnknownPerson(f"nobody has the id `{person}`")
        if not (member.scheduled or member.shifts):
            return min((max(starts, now) for starts, ends in member.absences if ends > now), default=None)
        reached = now
        for starts, ends in sorted(member.shifts):
            if starts <= reached < ends:
                reached = ends
        past = [ends for _, ends in member.shifts if ends <= now]
        return reached if reached > now else max(past, default=now)

    def open_bookings(self, person: str) -> int:
        return self._load(person, "")

    def _fits(self, member: Member, request: AssignInput) -> bool:
        wanted = request.request
        if not self._works(member):
            return False
        if wanted.person:
            return member.id == wanted.person
        return (
            wanted.tier in member.tiers
            and {wanted.category.value, *wanted.skills} <= set(member.skills)
            and member.authority >= wanted.authority
            and member.id not in wanted.tried
            and self._load(member.id, request.escalation) < member.max_open
        )

    def _works(self, member: Member) -> bool:
        now = self._clock()
        always = not (member.scheduled or member.shifts)
        on_shift = always or any(starts <= now < ends for starts, ends in member.shifts)
        away = any(starts <= now < ends for starts, ends in member.absences)
        return member.active and on_shift and not away

    def _load(self, person: str, besides: str) -> int:
        return sum(
            booking.person == person and booking.released_at is None and of != besides
            for (of, _), booking in self.bookings.items()
        )

    def _rank(self, member: Member, escalation: str) -> tuple[int, bool, float, str]:
        touched = [
            instant.timestamp()
            for booking in self.bookings.values()
            if booking.person == member.id
            for instant in (booking.taken_at, booking.released_at)
            if instant is not None
        ]
        return (self._load(member.id, escalation), bool(touched), max(touched, default=0.0), member.id)


def _speaks(member: Member, language: str) -> bool:
    spoken = {each.split("-")[0].lower() for each in member.languages or (member.language,)}
    return not language or language.split("-", maxsplit=1)[0].lower() in spoken


class Records:
    """Timelines and views in memory. `unavailable` is raised while it is set.

    Attributes:
        timelines: Escalation to its events.
        superseded: What was set aside, as (escalation, number, event), in the order in which that happened.
    """

    def __init__(self) -> None:
        self.timelines: dict[str, list[Event]] = {}
        self.views: dict[str, CaseView] = {}
        self.superseded: list[tuple[str, int, Event]] = []
        self.unavailable: ActivityError | None = None
        self._handed_over: dict[str, list[datetime]] = {}
        self._newest: dict[str, datetime] = {}

    async def append(self, batch: RecordInput) -> None:
        self._answer()
        timeline = self.timelines.get(batch.escalation, [])
        if batch.first_seq > len(timeline) + 1:
            raise RecordConflict(f"gap in {batch.escalation}: it ends with event {len(timeline)}")
        stored = timeline[batch.first_seq - 1 :]
        pairs = enumerate(zip(stored, batch.events, strict=False), start=batch.first_seq)
        other = next((seq for seq, (old, new) in pairs if old != new), None)
        if batch.as_of < self._newest.get(batch.escalation, batch.as_of):
            if other is not None:
                raise RecordConflict(f"{batch.escalation} has another event {other} already, of a newer batch")
            if len(batch.events) > len(stored):
                raise RecordConflict(f"{batch.escalation} has a newer batch already than this one")
            return
        if other is not None:
            self._set_aside(batch, other)
        self._write(batch)

    def _set_aside(self, batch: RecordInput, first: int) -> None:
        name, handed_over = batch.escalation, self._handed_over[batch.escalation]
        if batch.as_of <= handed_over[first - 1]:
            raise RecordConflict(f"{name} has another event {first} already")
        gone = self.timelines[name][first - 1 :]
        self.superseded += [(name, seq, event) for seq, event in enumerate(gone, start=first)]
        self.timelines[name] = self.timelines[name][: first - 1]
        del handed_over[first - 1 :]

    def _write(self, batch: RecordInput) -> None:
        name = batch.escalation
        timeline = self.timelines.get(name, [])
        new = batch.events[len(timeline) + 1 - batch.first_seq :]
        self.timelines[name] = [*timeline, *new]
        self._handed_over.setdefault(name, []).extend([batch.as_of] * len(new))
        before, newest = self.views.get(name), self._newest.get(name, batch.as_of)
        if before is None or (newest, before.last_seq) <= (batch.as_of, batch.view.last_seq):
            self.views[name] = batch.view
        self._newest[name] = batch.as_of

    async def view(self, escalation: str) -> CaseView:
        self._answer()
        if escalation not in self.views:
            raise NotYetRecorded(f"{escalation} is not in the record yet")
        return self.views[escalation]

    async def customer_history(self, escalation: str, customer: str) -> CustomerHistory:
        self._answer()
        this = self.views.get(escalation)
        others = [
            (view.opened_at, name, view)
            for name, view in self.views.items()
            if customer
            and view.customer.id == customer
            and name != escalation
            and (this is None or view.opened_at <= this.opened_at)
        ]
        others.sort(key=lambda other: other[:2], reverse=True)
        return CustomerHistory(
            escalations=tuple(name for _, name, _ in others[:10]),
            total=len(others),
            reopened=sum(view.cycle > 1 for *_, view in others),
            breached=sum(any(view.breaches.values()) for *_, view in others),
        )

    def _answer(self) -> None:
        if self.unavailable is not None:
            raise self.unavailable


@dataclass(slots=True, kw_only=True)
class Delivery:
    """One row of the ledger."""

    kind: str
    to: str
    claimed_until: datetime
    status: str = "claimed"
    attempts: int = 1
    possibly_repeated: int = 0
    gave_up: bool = False
    receipt: str = ""
    error: str = ""


class Ledger:
    """The delivery ledger in memory."""

    def __init__(self, clock: Clock, *, lease: timedelta = timedelta(seconds=60)) -> None:
        self.deliveries: dict[tuple[str, str, ChannelName], Delivery] = {}
        self._clock = clock
        self._lease = lease

    async def claim(self, escalation: str, key: str, *, channel: ChannelName, kind: str, to: str) -> Claim:
        now = self._clock()
        place = (escalation, key, channel)
        known = self.deliveries.get(place)
        if known is None:
            self.deliveries[place] = Delivery(kind=kind, to=to, claimed_until=now + self._lease)
            return Claim()
        if known.status == "sent":
            return Claim(sent=True)
        if known.status == "claimed":
            if known.claimed_until > now:
                after = (known.claimed_until - now).total_seconds()
                raise ClaimedElsewhere(f"another attempt is sending {key} of {escalation}", after=after)
            known.possibly_repeated += 1
        known.status, known.gave_up, known.claimed_until = "claimed", False, now + self._lease
        known.attempts += 1
        return Claim(maybe_sent=known.possibly_repeated > 0)

    async def sent(self, escalation: str, key: str, *, channel: ChannelName, receipt: str) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.receipt, known.error, known.gave_up = "sent", receipt, "", False

    async def failed(self, escalation: str, key: str, *, channel: ChannelName, error: str, final: bool) -> None:
        known = self.deliveries.get((escalation, key, channel))
        if known is not None and known.status != "sent":
            known.status, known.error, known.gave_up = "failed", error, final


class Policies:
    """Compiled policies in memory; each goes through JSON, as it would through a database."""

    def __init__(self) -> None:
        self._versions: dict[str, list[tuple[str, str]]] = {}
        self._newest: dict[str, int] = {}

    async def load(self, name: str, version: int = 0) -> LoadedPolicy:
        versions = self._versions.get(name, [])
        number = version or self._newest.get(name, 0)
        if not 1 <= number <= len(versions):
            raise UnknownPolicy(f"there is no policy `{name}`, version {version}")
        checksum, text = versions[number - 1]
        ref = PolicyRef(name=name, version=number, checksum=checksum)
        return LoadedPolicy(ref=ref, policy=from_json(Policy, text))

    async def store(self, policy: Policy, checksum: str) -> PolicyRef:
        versions = self._versions.setdefault(policy.name, [])
        known = [stored for stored, _ in versions]
        if checksum not in known:
            versions.append((checksum, to_json(policy)))
            known.append(checksum)
        number = known.index(checksum) + 1
        self._newest[policy.name] = number
        return PolicyRef(name=policy.name, version=number, checksum=checksum)


@dataclass(slots=True)
class Channel:
    """A channel that keeps what it was given.

    Attributes:
        sent: Every envelope it took, in order.
        errors: Raised by the next sends, one each, before it takes anything again.
        gate: While set to an unset event, sending waits for it.
    """

    sent: list[Envelope] = field(default_factory=list)
    errors: list[ActivityError] = field(default_factory=list)
    gate: asyncio.Event | None = None

    async def send(self, envelope: Envelope) -> str:
        if self.gate is not None:
            await self.gate.wait()
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(replace(envelope))
        return f"accepted {len(self.sent)}"


@dataclass
class Incidents:
    """Timelines of incidents in memory. `unavailable` is raised instead while it is set."""

    timelines: dict[str, list[IncidentEvent]] = field(default_factory=dict)
    unavailable: ActivityError | None = None

    async def append(self, batch: IncidentRecordInput) -> None:
        if self.unavailable is not None:
            raise self.unavailable
        kept = self.timelines.get(batch.incident, [])
        if batch.first_seq > len(kept) + 1:
            raise RecordConflict(f"gap in the incident {batch.incident}: the record ends with event {len(kept)}")
        for number, event in enumerate(batch.events, batch.first_seq):
            if number <= len(kept) and kept[number - 1] != event:
                raise RecordConflict(f"the incident {batch.incident} has another event {number} already")
        new = batch.events[len(kept) - batch.first_seq + 1 :]
        self.timelines[batch.incident] = [*kept, *new]


@dataclass
class Cases:
    """Escalations that only remember what they were asked; a repeat of a command id is answered and not done.

    Attributes:
        done: Ticket to what it did, in order.
        asked: How often each ticket was asked, repeats included.
        most_at_once: The most that were being asked at the same time.
        errors: What some tickets answer with.
        pace: Called while a ticket is being asked.
    """

    done: dict[str, list[SupportCommand]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    errors: dict[str, ActivityError] = field(default_factory=dict)
    pace: Callable[[], Awaitable[None]] | None = None
    _known: set[tuple[str, str]] = field(default_factory=set)
    _now: int = 0

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await self._send(ticket, command, command_id)
        finally:
            self._now -= 1

    async def _send(self, ticket: str, command: SupportCommand, command_id: str) -> None:
        self.asked.append((ticket, command_id))
        if ticket in self.errors:
            raise self.errors[ticket]
        if (ticket, command_id) not in self._known:
            self._known.add((ticket, command_id))
            self.done.setdefault(ticket, []).append(command)
        await (self.pace() if self.pace else asyncio.sleep(0))
