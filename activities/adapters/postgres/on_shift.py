"""Reads shifts from the directory."""

from datetime import datetime

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from escalation.roster import Duty
from escalation.roster.members import OnShift


async def stored_duties(database: Database, start: datetime, until: datetime) -> tuple[Duty, ...]:
    """Every stored duty that overlaps the time from `start` to `until`, in order."""
    return tuple(duty_of(row) for row in await Statements(database, "directory").rows("duties", start, until))


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
    return tuple(
        OnShift(
            person=row["person"], shifts=tuple(row["shifts"]), until=row["until"], open=row["open"], most=row["most"]
        )
        for row in rows
    )


def duty_of(row: asyncpg.Record) -> Duty:
    """The duty that a row of the query `duties` holds."""
    return Duty(
        person=row["person"],
        tier=row["tier"],
        shift=row["shift"],
        start=row["starts"],
        end=row["ends"],
    )
