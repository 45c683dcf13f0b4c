"""The figures of the team lead's board: cases at risk, load, and what did not happen."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from escalation.vocabulary import Category, ClockName, Severity, Stage

NEAR = timedelta(hours=1)  # how far ahead a broken promise counts as near
LATE = timedelta(minutes=5)  # how long something due may take before a case counts as stuck


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A filter for cases; None matches all."""

    severity: Severity | None = None
    category: Category | None = None
    tier: int | None = None
    person: str | None = None
    customers: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """An open case."""

    escalation: str
    ticket: str
    life: int  # which escalation of the ticket it is, from 1
    summary: str
    severity: Severity
    category: Category
    customer_tier: str
    stage: Stage
    tier: int
    owner: str
    offered_to: str
    next_breach: datetime | None  # when the next promise is broken unless someone acts, aware UTC; None where none runs
    next_breach_clock: ClockName | None  # whose promise that is
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLoad:
    """The load of a tier."""

    tier: int  # its number, from 1
    cases: int
    unowned: int  # those that no one has, without solved ones
    near: int  # those with a promise that is broken within an hour unless someone acts
    late: int  # those whose promise should have been counted as broken by now, and was not yet
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """The load of a person."""

    person: str
    name: str
    owned: int  # cases they have, without solved ones
    offered: int
    near: int  # those of both with a promise that is broken within an hour unless someone acts
    broken: int  # those of both that broke a promise
    room: int | None  # how many more they may get; None for who has left
    on_shift: bool  # whether they work now


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """No one in a tier was available."""

    ticket: str
    summary: str
    at: datetime
    skipped: int
    stage: Stage
    owner: str  # who has the case now; empty for no one


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A message that reached no one."""

    ticket: str
    summary: str
    at: datetime
    recipient: str  # `customer`, or a person's id
    error: str
    stage: Stage
    owner: str  # who has the case now; empty for no one


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A case in which something was due and did not happen."""

    ticket: str
    summary: str
    stage: Stage
    owner: str
    next_due: datetime | None  # when it was due, aware UTC; None where nothing is due at all
    next_due_clock: ClockName | None
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Counts for one week, which begins on Monday in UTC."""

    week: date  # its Monday
    opened: int
    broken: int
    kept: int
    lapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Values by which open cases can be filtered."""

    owners: tuple[str, ...]
    customer_tiers: tuple[str, ...]
    tiers: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The tables of the board."""

    at_risk: tuple[AtRisk, ...]
    tiers: tuple[TierLoad, ...]
    people: tuple[PersonLoad, ...]
    skips: tuple[Skip, ...]
    undelivered: tuple[Undelivered, ...]
    stuck: tuple[Stuck, ...]
    trend: tuple[Week, ...]


class Board:
    """Reads the board from the record."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._now = now
        self._sql = Statements(database, "board")

    async def tables(self, chosen: Chosen, *, weeks: int, limit: int) -> Tables:
        """All tables, as of one instant.

        Args:
            weeks: How many weeks back, the present one included.
            limit: How many rows of a table at most.
        """
        now, since = self._now, first_monday(self._now, weeks)
        async with self._read(chosen) as rows:
            return Tables(
                at_risk=tuple(AtRisk(**row) for row in await rows("at_risk", limit)),
                tiers=tuple(TierLoad(**row) for row in await rows("tiers", now, now + NEAR)),
                people=tuple(PersonLoad(**row) for row in await rows("people", now, now + NEAR, limit)),
                skips=tuple(Skip(**row) for row in await rows("skips", since, limit)),
                undelivered=tuple(Undelivered(**row) for row in await rows("undelivered", since, limit)),
                stuck=tuple(Stuck(**row) for row in await rows("stuck", now - LATE, limit)),
                trend=tuple(Week(**row) for row in await rows("trend", since, now)),
            )

    async def choices(self) -> Choices:
        """Return the values by which open cases can be filtered, each in order."""
        (row,) = await self._sql.rows("choices")
        return Choices(**{name: tuple(values or ()) for name, values in row.items()})

    async def trend(self, chosen: Chosen, *, weeks: int) -> tuple[Week, ...]:
        """Return the counts of each week, the earliest first; the present one is the last of `weeks`."""
        async with self._read(chosen) as rows:
            return tuple(Week(**row) for row in await rows("trend", first_monday(self._now, weeks), self._now))

    @asynccontextmanager
    async def _read(self, chosen: Chosen) -> AsyncIterator["Rows"]:
        """Gives a function for the rows of a query; all queries see the same moment."""
        filters = (chosen.severity, chosen.category, chosen.tier, chosen.person, chosen.customers)
        async with self._database.snapshot() as connection:

            async def rows(name: str, *values: object) -> list[asyncpg.Record]:
                return await connection.fetch(self._sql[name], *filters, *values)

            await connection.execute(self._sql["one_plan_each"])
            yield rows


Rows: TypeAlias = Callable[..., Awaitable[list[asyncpg.Record]]]


def first_monday(now: datetime, weeks: int) -> datetime:
    """Return when the first of some weeks in a row began, the present one being the last: Monday at 0:00 UTC."""
    today = now.astimezone(UTC).date()
    monday = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    return datetime.combine(monday, time(), UTC)
