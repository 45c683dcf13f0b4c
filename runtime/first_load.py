"""Loads policies and a roster into the database when a worker starts, and checks how far ahead shifts are known."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.on_shift import horizon
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.roster import RosterRefused, install_roster
from escalation.compiler.compile import Compiled, compile_policy, years_frozen
from escalation.documents.text_file import beside
from escalation.roster.files import HORIZON_DAYS, new_roster, read_roster
from escalation.roster.members import NewRoster
from runtime.settings import SettingsError
from runtime.start_checks.places import read_setting_file

log = structlog.stdlib.get_logger("worker")


def compiled_policies(folder: Path, now: datetime) -> list[Compiled]:
    """The policies of a folder.

    Raises:
        SettingsError: There is none, or a file cannot be read.
        InvalidPolicy: One of them is wrong.
    """
    files = sorted(folder.glob("*.yaml"))
    if not files:
        raise SettingsError(f"ESCALATIONS_POLICIES_DIR: `{folder}` holds no policy (*.yaml); name a folder that does")
    texts = [(file, read_setting_file(file, "ESCALATIONS_POLICIES_DIR")) for file in files]
    return [compile_policy(text, source=str(file), years=years_frozen(now), read=beside(file)) for file, text in texts]


async def store_policies(compiled: Iterable[Compiled], policies: Policies) -> None:
    """Store what is new among them."""
    for one in compiled:
        review_by = one.review.by if one.review else None
        ref = await policies.store(one.policy, one.checksum, review_by=review_by)
        log.info("policy stored", policy=ref.name, version=ref.version)


def remind_of_reviews(compiled: Iterable[Compiled], now: datetime) -> None:
    """Warn of each policy whose own review is overdue or due soon."""
    for one in compiled:
        advice = one.review.warning(now.astimezone(UTC).date()) if one.review else ""
        if one.review and advice:
            place = f"{one.review.file}:{one.review.line}"
            log.warning("policy review due", policy=one.policy.name, place=place, advice=advice)


def roster_of(file: Path, now: datetime) -> NewRoster:
    """The roster of a file, from now on.

    Raises:
        InvalidRoster: Something in it is wrong.
    """
    until = now + timedelta(days=HORIZON_DAYS)
    return new_roster(read_roster(file, now, until), now, until)


async def install(roster: NewRoster, database: Database, now: datetime) -> None:
    """Put a roster in force. Running shifts stay as they are; `escalations roster load --now` changes those.

    A roster that would leave cases without a home is not put in force: the one before serves until that is settled,
    because a worker that does not start would stop every case.
    """
    try:
        done = await install_roster(database, roster, now)
    except RosterRefused as error:
        log.warning(
            "roster not put in force",
            left_behind=[f"{case.escalation} of {case.person}" for case in error.left],
            around_the_clock=error.accidental,
            advice="run `escalations roster load FILE --hand-on`, and write `always: true` where it is meant",
        )
        return
    log.info("roster stored", version=done.version, people=len(roster.members), shifts=done.shifts)
    for change in done.changes:
        log.warning("a running shift will change at its end", shift=change.shift, at=change.takes_over.isoformat())


async def look_ahead(database: Database, now: datetime) -> None:
    """Warn while there is time when soon no one who works in shifts can be asked."""
    async with database.connection() as connection:
        shifts = await horizon(connection)
    if shifts is not None and shifts.is_near(now):
        log.warning(
            "shifts end soon",
            last_shift_ends=shifts.last_shift_ends.isoformat(),
            known_until=shifts.known_until.isoformat(),
            advice=shifts.advice(now),
        )
