"""Writes the team into the directory: `people`, `shifts`, `absences` and the versions of the roster."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries
from activities.adapters.postgres.wire import json_text
from escalation.roster import Change, Duty, Succession, succeed

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of the team as the directory knows them.

    Attributes:
        id: What timelines and offers name.
        name: For messages.
        address: A mail address.
        language: Language tag of their messages, where there are words in it; else the first of `languages` that has.
        languages: Tags of the languages they write to customers in; none: `language` alone.
        zone: IANA zone in which times are told to them.
        skills: What they can do; a category's skill is the category's own name.
        tiers: Numbers of the tiers they serve, from 1.
        authority: The amount they may decide on alone, in the policy's currency units.
        max_open: How many escalations they hold at once.
        active: Whether they get any.
        scheduled: Whether they get any only while a shift of the roster has them.
        shifts: When they work whatever the roster's shifts say, start and end as aware instants; whoever has some is
            scheduled. Nobody who is not scheduled is ever off shift.
        absences: When somebody who is not scheduled is away, as above.
    """

    id: str
    name: str
    address: str
    language: str = "en"
    languages: tuple[str, ...] = ()
    zone: str = "UTC"
    skills: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    authority: int = 0
    max_open: int = 5
    active: bool = True
    scheduled: bool = False
    shifts: tuple[tuple[datetime, datetime], ...] = ()
    absences: tuple[tuple[datetime, datetime], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoster:
    """A roster to be put in force.

    Attributes:
        members: Its people.
        duties: Its shifts, worked out from the present instant on.
        covers_until: Up to where they were worked out.
        source: File name to text, as it was read.
        checksum: Of all that the roster is made from; the same one again is the same version.
    """

    members: Sequence[Member]
    duties: Sequence[Duty]
    covers_until: datetime
    source: Mapping[str, str]
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """What putting a roster in force did.

    Attributes:
        version: Of the roster, from 1.
        renewed: It was in force already; its shifts were worked out anew, further ahead.
        shifts: How many rows of shifts were written.
        covers_until: Up to where shifts are known.
        changes: What differs on running shifts, and when it comes into force.
        open_cases: People among them who have open cases, and how many.
    """

    version: int
    renewed: bool
    shifts: int
    covers_until: datetime
    changes: tuple[Change, ...]
    open_cases: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """Somebody who can be asked at a tier.

    Attributes:
        person: Their id.
        shifts: Names of the shifts that have them; none: they are asked around the clock.
        until: When the last of these ends.
        open: How many escalations they hold now; None where no database was asked.
        most: How many they may hold.
    """

    person: str
    shifts: tuple[str, ...]
    until: datetime | None
    open: int | None
    most: int


async def store_roster(database: Database, members: Iterable[Member]) -> None:
    """Put these people into the directory, in one transaction, in place of what stood there under their ids.

    People it does not name stay as they are: bookings may still point at them. Set `active` to take somebody out.
    The roster's own shifts stay too; `install_roster` changes those.
    """
    async with database.transaction() as connection:
        await _put_people(connection, members)


async def install_roster(database: Database, roster: NewRoster, now: datetime, *, at_once: bool = False) -> Installed:
    """Put a roster in force, in one transaction. Its shifts take the place of all earlier ones that are to come.

    A running shift stays as it is until it is over, unless `at_once`. People whom the roster does not name stay in the
    directory; their shifts end with the earlier version.

    Args:
        database: Where.
        roster: What.
        now: The present instant.
        at_once: Whether running shifts change now.
    """
    sql = queries("directory")
    async with database.transaction() as connection:
        await connection.execute(sql["one_roster_at_a_time"])
        version, renewed = await _version(connection, roster, now)
        await _put_people(connection, roster.members)
        stored = [_duty(row) for row in await connection.fetch(sql["duties"], now, roster.covers_until)]
        succession = succeed(stored, roster.duties, now, at_once=at_once)
        await _put_duties(connection, version, succession, now)
        people = [change.person for change in succession.changes]
        cases = {row["person"]: row["open"] for row in await connection.fetch(sql["open_cases"], people)}
    return Installed(
        version=version,
        renewed=renewed,
        shifts=len(succession.new),
        covers_until=roster.covers_until,
        changes=succession.changes,
        open_cases=cases,
    )


async def stored_duties(database: Database, start: datetime, until: datetime) -> tuple[Duty, ...]:
    """Every stored duty that overlaps the time from `start` to `until`, in order."""
    async with database.connection() as connection:
        return tuple(_duty(row) for row in await connection.fetch(queries("directory")["duties"], start, until))


async def always_there(database: Database) -> tuple[str, ...]:
    """Ids of the people of a tier who are asked around the clock."""
    async with database.connection() as connection:
        return tuple(row["id"] for row in await connection.fetch(queries("directory")["always_there"]))


async def covers_until(database: Database) -> datetime | None:
    """Up to where the shifts of the roster in force are known; None when no roster was loaded."""
    async with database.connection() as connection:
        row = await connection.fetchrow(queries("directory")["newest_roster"])
    return None if row is None else row["covers_until"]


async def who_is_there(database: Database, at: datetime, tier: int) -> tuple[OnShift, ...]:
    """Everybody who can be asked at a tier at an instant, fewest open cases first."""
    async with database.connection() as connection:
        rows = await connection.fetch(queries("directory")["who"], at, tier)
    return tuple(
        OnShift(
            person=row["person"], shifts=tuple(row["shifts"]), until=row["until"], open=row["open"], most=row["most"]
        )
        for row in rows
    )


async def _version(connection: "Connection", roster: NewRoster, now: datetime) -> tuple[int, bool]:
    sql = queries("directory")
    newest = await connection.fetchrow(sql["newest_roster"])
    renewed = newest is not None and newest["checksum"] == roster.checksum
    version: int = 1 if newest is None else newest["version"] + (0 if renewed else 1)
    source = json_text(dict(roster.source))
    await connection.execute(sql["put_roster"], version, roster.checksum, now, roster.covers_until, source)
    return version, renewed


async def _put_people(connection: "Connection", members: Iterable[Member]) -> None:
    sql = queries("directory")
    # By id, so that two who store at once wait for each other rather than for ever.
    people = sorted(members, key=lambda member: member.id)
    ids = [one.id for one in people]
    await connection.executemany(sql["put_person"], [_row(one) for one in people])
    await connection.execute(sql["clear_shifts"], ids)
    await connection.executemany(sql["put_shift"], [(one.id, *shift) for one in people for shift in one.shifts])
    await connection.execute(sql["clear_absences"], ids)
    await connection.executemany(sql["put_absence"], [(one.id, *away) for one in people for away in one.absences])


async def _put_duties(connection: "Connection", version: int, succession: Succession, now: datetime) -> None:
    sql = queries("directory")
    over = (now, list(succession.takes_over.keys()), list(succession.takes_over.values()))
    await connection.execute(sql["drop_duties"], *over)
    await connection.execute(sql["cut_duties"], *over)
    new = succession.new
    await connection.execute(
        sql["put_duties"],
        version,
        [duty.person for duty in new],
        [duty.tier for duty in new],
        [duty.shift for duty in new],
        [duty.start for duty in new],
        [duty.end for duty in new],
    )


def _duty(row: asyncpg.Record) -> Duty:
    return Duty(
        person=row["person"],
        tier=row["tier"],
        shift=row["shift"],
        start=row["starts"],
        end=row["ends"],
    )


def _row(member: Member) -> tuple[object, ...]:
    return (
        member.id,
        member.name,
        member.address,
        member.language,
        member.zone,
        list(member.skills),
        list(member.tiers),
        member.authority,
        member.max_open,
        member.active,
        list(member.languages),
        member.scheduled,
    )
