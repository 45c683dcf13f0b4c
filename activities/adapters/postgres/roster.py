"""Writes the team into the directory: `people`, `shifts`, `absences` and the versions of the roster."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import made, queries
from activities.adapters.postgres.wire import json_text
from escalation.case.codec import from_json
from escalation.lifecycle.view import CaseView
from escalation.roster import Change, Duty, Succession, TeamChange, succeed
from escalation.roster.members import Member, NewRoster, compared
from escalation.vocabulary import LeftBehind

if TYPE_CHECKING:
    from asyncpg import Record

    from activities.adapters.postgres.database import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A case in which a person who is not asked any more has something."""

    escalation: str
    person: str
    # what they still have to do there; empty where they have the case itself, or its offer
    what: tuple[LeftBehind, ...] = ()
    view: CaseView | None = None  # the case as the record has it; None while the record does not know it


@dataclass(frozen=True, slots=True, kw_only=True)
class StillNamed:
    """A person who is not asked any more, and whom policies in force or open cases still name."""

    person: str
    role: str  # `overseer` or `contact`
    policies: tuple[str, ...]  # names of the policies that name them so
    cases: int  # how many open cases have them as overseer


class RosterRefused(Exception):
    """A roster was not put in force; the one before still is."""

    def __init__(self, left: tuple[Left, ...], accidental: tuple[str, ...]) -> None:
        self.left = left
        # ids of people whom it would ask around the clock although it does not say so by name
        self.accidental = accidental
        super().__init__(f"{len(left)} cases left behind, {len(accidental)} people around the clock by accident")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The result of putting a roster in force."""

    version: int  # of the roster, from 1
    renewed: bool  # it was in force already; its shifts were extended
    shifts: int
    covers_until: datetime  # up to where shifts are known
    changes: tuple[Change, ...]  # what differs on running shifts, and when it comes into force
    open_cases: Mapping[str, int]
    team: tuple[TeamChange, ...] = ()
    # what people who are not asked any more have: their open cases first, then what else they have to do
    left: tuple[Left, ...] = ()
    # ids of people who are asked around the clock from now on although the roster does not say so by name; none once it
    # is in force
    accidental: tuple[str, ...] = ()
    # people who are not asked any more, and are still overseer or contact somewhere
    still_named: tuple[StillNamed, ...] = ()


async def store_roster(database: Database, members: Iterable[Member]) -> None:
    """Put these people into the directory, in one transaction, replacing those with the same ids.

    People it does not name stay as they are: bookings may still point at them. Set `active` to take a person out.
    The roster's own shifts stay too; `install_roster` changes those.
    """
    async with database.transaction() as connection:
        await _put_people(connection, members)


async def install_roster(
    database: Database,
    roster: NewRoster,
    now: datetime,
    *,
    at_once: bool = False,
    hand_on: bool = False,
    dry_run: bool = False,
) -> Installed:
    """Put a roster in force, in one transaction. Its shifts take the place of all earlier ones that are to come.

    A running shift stays as it is until it is over, unless `at_once`. People whom the roster does not name are not asked
    any more; they stay in the directory, because history names them.

    Args:
        at_once: Whether running shifts change now.
        hand_on: Whether the caller hands on what people who are not asked any more have.
        dry_run: Only find out what it would do.

    Raises:
        RosterRefused: It leaves something with people who are not asked any more, or asks people around the clock who
            were on shifts, without saying so. Never with `dry_run`; the former not with `hand_on`.
    """
    try:
        async with database.transaction() as connection:
            done = await _install(connection, roster, now, at_once=at_once)
            _keep_or_undo(done, hand_on=hand_on, dry_run=dry_run)
    except _UndoneOnPurpose as tried:
        return tried.done
    return done


def _keep_or_undo(done: Installed, *, hand_on: bool, dry_run: bool) -> None:
    """Raising inside the transaction undoes it."""
    if dry_run:
        raise _UndoneOnPurpose(done)
    if done.accidental or (done.left and not hand_on):
        raise RosterRefused(done.left, done.accidental)


class _UndoneOnPurpose(Exception):
    def __init__(self, done: Installed) -> None:
        self.done = done
        super().__init__()


async def _install(connection: "Connection", roster: NewRoster, now: datetime, *, at_once: bool) -> Installed:
    sql = queries("directory")
    await connection.execute(sql["one_roster_at_a_time"])
    before = [dict(row) for row in await connection.fetch(sql["team"], now)]
    version, renewed = await _version(connection, roster, now)
    await _put_people(connection, roster.members)
    stored = [made(Duty, row) for row in await connection.fetch(sql["duties"], now, roster.covers_until)]
    succession = succeed(stored, roster.duties, now, at_once=at_once)
    await _put_duties(connection, version, succession, now)
    people = [change.person for change in succession.changes]
    cases = {row["person"]: row["open"] for row in await connection.fetch(sql["open_cases"], people)}
    # Last, so that bookings wait no longer than they must.
    await connection.execute(sql["one_booking_at_a_time"])
    await connection.execute(sql["deactivate_others"], [member.id for member in roster.members])
    return Installed(
        version=version,
        renewed=renewed,
        shifts=len(succession.new),
        covers_until=roster.covers_until,
        changes=succession.changes,
        open_cases=cases,
        team=compared(before, roster.members, roster.duties),
        left=tuple([_left(row) for name in _LEFT for row in await connection.fetch(sql[name])]),
        accidental=tuple(
            row["id"] for row in before if row["scheduled"] and row["active"] and row["id"] in roster.unsaid
        ),
        still_named=tuple(
            [
                StillNamed(**dict(row) | {"policies": tuple(row["policies"])})
                for row in await connection.fetch(sql["still_named"])
            ]
        ),
    )


_LEFT = ("cases_without_a_home", "left_behind")


def _left(row: "Record") -> Left:
    return Left(
        escalation=row["escalation"],
        person=row["person"],
        what=tuple(LeftBehind(one) for one in row.get("what", ())),
        view=row["view"] and from_json(CaseView, row["view"]),
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
    # By id, so that two who store at once wait for each other rather than forever.
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


def _row(member: Member) -> tuple[object, ...]:
    return (
        member.id,
        member.name,
        member.address,
        member.language,
        member.zone,
        list(member.abilities),
        list(member.tiers),
        member.authority,
        member.max_open,
        member.active,
        list(member.languages),
        member.scheduled,
        member.writes_to_customers,
        list(member.addresses),
        list(member.urgent),
    )
