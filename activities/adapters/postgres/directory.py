"""The directory on PostgreSQL: `people`, `shifts`, `assignments`."""

from collections.abc import Callable
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries
from activities.contracts import ApproverInput, AssignInput
from activities.errors import UnknownPerson
from activities.ports import Person


class Directory:
    """Who works here, who is free, who is booked."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._sql = queries("directory")

    async def assign(self, request: AssignInput) -> str | None:
        """Book the best person for the offer, in one transaction; the same offer gives the same person again.

        An offer that was given back before anybody was booked for it, and one older than the escalation's newest,
        books nobody.

        Returns:
            The person's id, or None when nobody fits.
        """
        wanted = request.request
        # One statement on a connection of its own is one transaction, and one round trip.
        async with self._database.connection() as connection:
            person: str | None = await connection.fetchval(
                self._sql["assign"],
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
        """Give the booking back. Where there is none, a booking that arrives later for this offer books nobody."""
        async with self._database.connection() as connection:
            await connection.execute(self._sql["release"], escalation, offer, self._clock())

    async def approver(self, request: ApproverInput) -> str | None:
        """Somebody on shift at the tier whose authority covers what is asked for: the one with the fewest open cases.

        Nobody is booked. Asked again, it may name another.

        Returns:
            The person's id, or None when there is nobody.
        """
        wanted = request.request
        async with self._database.connection() as connection:
            person: str | None = await connection.fetchval(
                self._sql["approver"], self._clock(), wanted.tier, wanted.authority, list(wanted.besides)
            )
        return person

    async def person(self, person: str) -> Person:
        """The person with this id.

        Raises:
            UnknownPerson: Nobody has it.
        """
        async with self._database.connection() as connection:
            row = await connection.fetchrow(self._sql["person"], person)
        if row is None:
            raise UnknownPerson(f"nobody has the id `{person}`; add them to the roster")
        return Person(**{**row, "languages": tuple(row["languages"])})

    async def on_shift_until(self, person: str) -> datetime | None:
        """When the person's present shift ends, shifts that follow without a gap taken together.

        Returns:
            An aware instant; None when nothing ends it, because they are asked around the clock. One that has
            passed, or the present one: they are not on shift.

        Raises:
            UnknownPerson: Nobody has this id.
        """
        async with self._database.connection() as connection:
            row = await connection.fetchrow(self._sql["on_shift_until"], person, self._clock())
        if row is None:
            raise UnknownPerson(f"nobody has the id `{person}`; add them to the roster")
        until: datetime | None = row["until"]
        return until
