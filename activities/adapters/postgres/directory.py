"""The directory on PostgreSQL: `people`, `shifts`, `assignments`.

Who is booked is decided by the function `book` (`activities/sql/migrations/0006_roster.sql`). A simulation decides it again in
memory, `simulation.staffing.Rostered`; tests/integration/postgres/test_simulated_directory.py asks both the same questions,
so a change to one needs the other.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from activities.contracts import ApproverInput, AssignInput
from activities.errors import UnknownPerson
from activities.ports.directory import Person
from escalation.people import Colleague
from escalation.reach import Reach


class Directory:
    """The team: people, shifts and bookings."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sql = Statements(database, "directory")

    async def assign(self, request: AssignInput) -> str | None:
        """Book the best person for the offer, in one transaction; the same offer gives the same person again.

        An offer that was released before a person was booked for it, and one older than the escalation's newest,
        books no one.

        Returns:
            The person's id, or None if no one fits.
        """
        wanted = request.request
        # One statement on a connection of its own is one transaction, and one round trip.
        person: str | None = await self._sql.value(
            "assign",
            request.escalation,
            wanted.offer,
            self._clock(),
            wanted.person,
            wanted.tier,
            [wanted.category.value, *wanted.skills],
            wanted.authority,
            list(wanted.tried),
            wanted.language,
        )
        return person

    async def release(self, escalation: str, offer: int) -> None:
        """Release the booking. If there is none, a later booking for this offer books no one."""
        await self._sql.run("release", escalation, offer, self._clock())

    async def approver(self, request: ApproverInput) -> str | None:
        """See the port."""
        wanted = request.request
        person: str | None = await self._sql.value(
            "approver", self._clock(), wanted.tier, wanted.authority, list(wanted.besides)
        )
        return person

    async def person(self, person: str) -> Person:
        """See the port."""
        found = (await self.people((person,))).get(person)
        if found is None:
            raise UnknownPerson(f"no one has the id `{person}`; add them to the roster")
        return found

    async def people(self, ids: Collection[str]) -> Mapping[str, Person]:
        """See the port."""
        return {row["id"]: made(Person, row) for row in await self._sql.rows("people", list(ids))}

    async def person_at(self, reach: Reach) -> str | None:
        """See the port."""
        rows = await self._sql.rows("person_at", str(reach))
        return rows[0]["id"] if len(rows) == 1 else None

    async def colleagues(self) -> tuple[Colleague, ...]:
        """See the port."""
        return tuple(Colleague(**row) for row in await self._sql.rows("colleagues"))

    async def is_active(self, person: str) -> bool:
        """Whether someone of this id is asked for anything."""
        found = (await self.people((person,))).get(person)
        return found is not None and found.active

    async def on_shift_until(self, person: str) -> datetime | None:
        """See the port."""
        row = await self._sql.row("on_shift_until", person, self._clock())
        if row is None:
            raise UnknownPerson(f"no one has the id `{person}`; add them to the roster")
        until: datetime | None = row["until"]
        return until
