"""How far shifts are known, read from a real PostgreSQL by the audit and by a worker that starts."""

from datetime import datetime, timedelta

from structlog.testing import capture_logs

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.on_shift import Horizon, horizon
from activities.adapters.postgres.reports import Finding, Problem, Reports
from activities.adapters.postgres.roster import install_roster, store_roster
from escalation.roster import Duty
from escalation.roster.members import NewRoster
from runtime.first_load import look_ahead
from tests.unit.activities.builders import MONDAY, member

DAY = timedelta(days=1)


def weeks(count: int, *, known_days: float = 400, text: str = "one") -> NewRoster:
    """Ana's shift of eight hours, at the beginning of each of N weeks."""
    starts = [MONDAY + 7 * week * DAY for week in range(count)]
    duties = [Duty(person="ana", tier=1, shift="days", start=start, end=start + timedelta(hours=8)) for start in starts]
    return NewRoster(
        members=[member("ana", scheduled=True)],
        duties=duties,
        covers_until=MONDAY + known_days * DAY,
        source={"team.yaml": text},
        checksum=text,
    )


async def known(database: Database) -> Horizon | None:
    async with database.connection() as connection:
        return await horizon(connection)


async def audited(database: Database, now: datetime) -> tuple[Finding, ...]:
    return await Reports(database).audit(shifts_as_of=now)


async def test_without_shifts_nothing_runs_out(database: Database) -> None:
    assert await known(database) is None
    await store_roster(database, [member("ana")])
    assert await known(database) is None
    await install_roster(database, weeks(0, known_days=1), MONDAY)
    assert await known(database) is None
    assert await audited(database, MONDAY + 2 * DAY) == ()


async def test_what_counts_is_the_roster_in_force(database: Database) -> None:
    await install_roster(database, weeks(20), MONDAY)
    await install_roster(database, weeks(2, known_days=14, text="two"), MONDAY)
    assert await known(database) == Horizon(
        last_shift_ends=MONDAY + 7 * DAY + timedelta(hours=8), known_until=MONDAY + 14 * DAY
    )


async def test_the_audit_finds_shifts_that_run_out_and_loading_again_fixes_it(database: Database) -> None:
    await install_roster(database, weeks(9, known_days=60), MONDAY)
    assert await audited(database, MONDAY + 29 * DAY) == ()
    detail = "shifts are known up to 2026-05-01 09:00:00 UTC; run `escalations roster load` again"
    found = (Finding(problem=Problem.SHIFTS_END, escalation="", detail=detail),)
    assert await audited(database, MONDAY + 31 * DAY) == found
    assert await Reports(database).audit() == (), "who does not say when it is, is told nothing about shifts"
    await install_roster(database, weeks(20), MONDAY + 31 * DAY)
    assert await audited(database, MONDAY + 31 * DAY) == ()


async def test_the_audit_finds_a_roster_that_ends_by_itself(database: Database) -> None:
    await install_roster(database, weeks(5), MONDAY)
    (found,) = await audited(database, MONDAY + 2 * DAY)
    assert "none after that" in found.detail
    assert "2026-03-30 17:00:00 UTC" in found.detail


async def test_a_worker_says_once_at_its_start_that_shifts_end_soon(database: Database) -> None:
    await install_roster(database, weeks(3, known_days=20), MONDAY)
    with capture_logs() as logged:
        await look_ahead(database, MONDAY)
    assert logged == [
        {
            "event": "shifts end soon",
            "log_level": "warning",
            "last_shift_ends": "2026-03-16T17:00:00+00:00",
            "known_until": "2026-03-22T09:00:00+00:00",
            "advice": "shifts are known up to 2026-03-22 09:00:00 UTC; run `escalations roster load` again",
        }
    ]


async def test_a_worker_whose_shifts_reach_far_says_nothing(database: Database) -> None:
    with capture_logs() as logged:
        await look_ahead(database, MONDAY)
        await install_roster(database, weeks(20), MONDAY)
        await look_ahead(database, MONDAY)
    assert logged == []
