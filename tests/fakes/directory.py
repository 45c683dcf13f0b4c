"""People and their bookings in memory."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from activities.contracts import ApproverInput, AssignInput
from activities.errors import UnknownPerson
from activities.ports.directory import Person
from escalation.people import Colleague, PersonId
from escalation.reach import Reach
from escalation.roster.members import Member
from tests.fakes.clock import Clock


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

    async def colleagues(self) -> tuple[Colleague, ...]:
        return tuple(
            Colleague(
                id=PersonId(member.id),
                name=member.name,
                active=member.active,
                writes_to_customers=member.writes_to_customers,
            )
            for member in self.members.values()
        )

    async def person(self, person: str) -> Person:
        if person not in self.members:
            raise UnknownPerson(f"no one has the id `{person}`")
        return (await self.people((person,)))[person]

    async def people(self, ids: Collection[str]) -> Mapping[str, Person]:
        return {
            member.id: Person(
                id=member.id,
                name=member.name,
                address=member.address,
                language=member.language,
                zone=member.zone,
                languages=member.languages,
                active=member.active,
                addresses=member.addresses,
                urgent=member.urgent,
            )
            for member in self.members.values()
            if member.id in ids
        }

    async def person_at(self, reach: Reach) -> str | None:
        found = [
            member.id
            for member in self.members.values()
            if member.active and str(reach) in (*member.addresses, *member.urgent, f"email:{member.address}")
        ]
        return found[0] if len(found) == 1 else None

    async def on_shift_until(self, person: str) -> datetime | None:
        member, now = self.members.get(person), self._clock()
        if member is None:
            raise UnknownPerson(f"no one has the id `{person}`")
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
            and {wanted.category.value, *wanted.skills} <= set(member.abilities)
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
