"""Reads shifts from the directory, and up to when they are known."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made, queries
from escalation.roster import Duty
from escalation.roster.members import OnShift

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection


async def stored_duties(database: Database, start: datetime, until: datetime) -> tuple[Duty, ...]:
    """Every stored duty that overlaps the time from `start` to `until`, in order."""
    return tuple(made(Duty, row) for row in await Statements(database, "directory").rows("duties", start, until))


async def always_there(database: Database) -> tuple[str, ...]:
    """Ids of the people of a tier who are asked around the clock."""
    return tuple(row["id"] for row in await Statements(database, "directory").rows("always_there"))


async def covers_until(database: Database) -> datetime | None:
    """Up to where the shifts of the roster in force are known; None when no roster was loaded."""
    row = await Statements(database, "directory").row("newest_roster")
    return None if row is None else row["covers_until"]


async def who_is_there(database: Database, at: datetime, tier: int) -> tuple[OnShift, ...]:
    """The people available at a tier at an instant, fewest open cases first."""
    rows = await Statements(database, "directory").rows("who", at, tier)
    return tuple(made(OnShift, row) for row in rows)


LOW_WATER = timedelta(days=30)  # warn when less than this is left of the known shifts


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """The end of the known shifts of the roster in force."""

    last_shift_ends: datetime  # when the last of them ends, aware UTC
    known_until: datetime  # up to when they were computed; never earlier

    @property
    def ends_by_itself(self) -> bool:
        """Whether the roster says nothing about the last days that were computed, rather than they being too few."""
        return self.known_until - self.last_shift_ends >= LOW_WATER

    @property
    def end(self) -> datetime:
        """Up to when it is known who is on shift."""
        return self.last_shift_ends if self.ends_by_itself else self.known_until

    def is_near(self, now: datetime) -> bool:
        """Whether that is so soon that something has to be done."""
        return self.end - now < LOW_WATER

    def advice(self, now: datetime) -> str:
        """Say when it ends and what to do, in one sentence; for one that is near."""
        when = f"{self.end.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        told = f"shifts are known up to {when}" if self.end > now else f"no shift is known since {when}"
        if self.ends_by_itself:
            return f"{told}, and the roster has none after that; write them into it, then run `escalations roster load`"
        return f"{told}; run `escalations roster load` again"


async def horizon(connection: "Connection") -> Horizon | None:
    """Return how far the shifts reach; None where no roster is in force, or one without any shift."""
    row = await connection.fetchrow(queries("directory")["horizon"])
    if row is None:
        return None
    return Horizon(last_shift_ends=row["last_shift_ends"], known_until=row["covers_until"])
