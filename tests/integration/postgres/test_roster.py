"""Putting a roster in force: versions, shifts, and how one version follows another on a real PostgreSQL."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.migrate import migrate, revert
from activities.adapters.postgres.on_shift import always_there, covers_until, stored_duties, who_is_there
from activities.adapters.postgres.roster import Installed, install_roster, store_roster
from escalation.roster import Duty
from escalation.roster.members import Member, NewRoster
from runtime import first_load
from tests.integration.postgres.asking import rows
from tests.unit.activities.builders import MONDAY, Clock, member, request

EXAMPLES = Path(__file__).parents[3] / "examples"
HOUR = timedelta(hours=1)
HORIZON = MONDAY + timedelta(days=30)


def duty(person: str, start: float, end: float, *, shift: str = "days", tier: int = 1) -> Duty:
    """Hours are counted from Monday morning."""
    return Duty(person=person, tier=tier, shift=shift, start=MONDAY + start * HOUR, end=MONDAY + end * HOUR)


def roster(*duties: Duty, text: str = "one", members: Sequence[Member] = (), until: datetime = HORIZON) -> NewRoster:
    people = members or [member(name, scheduled=True) for name in sorted({each.person for each in duties})]
    return NewRoster(members=people, duties=duties, covers_until=until, source={"team.yaml": text}, checksum=text)


async def install(database: Database, new: NewRoster, hours: float = 0, *, at_once: bool = False) -> Installed:
    return await install_roster(database, new, MONDAY + hours * HOUR, at_once=at_once)


async def stretches(database: Database, since: float = -100) -> list[tuple[str, float, float]]:
    found = await stored_duties(database, MONDAY + since * HOUR, HORIZON)
    return [(each.person, (each.start - MONDAY) / HOUR, (each.end - MONDAY) / HOUR) for each in found]


async def test_a_roster_is_kept_with_its_version_text_and_checksum(database: Database) -> None:
    done = await install(database, roster(duty("ana", 0, 8)))
    assert (done.version, done.renewed, done.shifts, done.changes) == (1, False, 1, ())
    kept = "select version, checksum, loaded_at, covers_until, source ->> 'team.yaml' from rosters"
    assert await rows(database, kept) == [(1, "one", MONDAY, HORIZON, "one")]
    assert await rows(database, "select person, tier, shift, roster from shifts") == [("ana", 1, "days", 1)]


async def test_an_edit_is_the_next_version_and_the_earlier_one_stays_to_be_read(database: Database) -> None:
    await install(database, roster(duty("ana", 24, 32)))
    done = await install(database, roster(duty("ben", 24, 32), text="two"))
    assert (done.version, done.renewed) == (2, False)
    assert await rows(database, "select version, checksum from rosters order by 1") == [(1, "one"), (2, "two")]
    assert await stretches(database) == [("ben", 24, 32)]


async def test_the_same_roster_again_only_reaches_further_ahead(database: Database) -> None:
    await install(database, roster(duty("ana", -1, 8), until=MONDAY + 24 * HOUR))
    done = await install(database, roster(duty("ana", -1, 8), duty("ana", 23, 32)), 1)
    assert (done.version, done.renewed, done.changes) == (1, True, ())
    assert await stretches(database) == [("ana", 0, 8), ("ana", 23, 32)]
    assert await covers_until(database) == HORIZON


async def test_a_running_shift_stays_and_the_new_version_takes_over_at_its_end(database: Database) -> None:
    await install(database, roster(duty("ana", -1, 8), duty("ana", 23, 32)))
    done = await install(database, roster(duty("ben", -1, 8), duty("ben", 23, 32), text="two"), 2)
    assert await stretches(database) == [("ana", 0, 8), ("ben", 23, 32)]
    assert [(change.person, change.shift, change.takes_over) for change in done.changes] == [
        ("ana", "days", MONDAY + 8 * HOUR),
        ("ben", "days", MONDAY + 8 * HOUR),
    ]
    assert await rows(database, "select person, roster from shifts order by starts") == [("ana", 1), ("ben", 2)]


async def test_at_once_ends_the_running_shift_now_and_shows_who_has_open_cases(database: Database) -> None:
    clock = Clock()
    await install(database, roster(duty("ana", -1, 8)))
    assert await Directory(database, clock).assign(request()) == "ana"
    both = [member("ana", scheduled=True), member("ben", scheduled=True)]
    done = await install(database, roster(duty("ben", -1, 8), text="two", members=both), 2, at_once=True)
    assert await stretches(database) == [("ana", 0, 2), ("ben", 2, 8)]
    assert done.open_cases == {"ana": 1}
    clock.move(hours=2)
    assert await Directory(database, clock).assign(request(escalation="escalation-2")) == "ben"


async def test_a_shift_in_the_past_is_never_rewritten(database: Database) -> None:
    await install(database, roster(duty("ana", -30, -22), duty("ana", -6, 2)), -40)
    await install(database, roster(duty("ben", -30, -22), duty("ben", 3, 4), text="two"))
    assert await stretches(database) == [("ana", -30, -22), ("ana", -6, 2), ("ben", 3, 4)]


async def test_people_are_only_asked_while_on_shift_and_at_the_tiers_of_the_shift(database: Database) -> None:
    clock = Clock()
    ana = member("ana", scheduled=True, tiers=(1, 2), max_open=9)
    await install(database, roster(duty("ana", 0, 8, tier=2), members=[ana]))
    directory = Directory(database, clock)
    answers = {}
    for hours in (-0.001, 0, 7.999, 8):
        clock.now = MONDAY + hours * HOUR
        answers[hours] = [
            await directory.assign(request(escalation=f"escalation-{hours}-{tier}", tier=tier)) for tier in (1, 2)
        ]
    assert answers == {-0.001: [None, None], 0: [None, "ana"], 7.999: [None, "ana"], 8: [None, None]}


async def test_a_person_a_new_roster_asks_around_the_clock_is(database: Database) -> None:
    clock = Clock()
    await install(database, roster(duty("ana", -30, -22), duty("ana", 24, 32)), -40)
    assert await Directory(database, clock).assign(request()) is None
    await install(database, roster(text="two", members=[member("ana")]))
    assert await Directory(database, clock).assign(request()) == "ana"
    assert await always_there(database) == ("ana",)


async def test_a_person_the_new_roster_does_not_name_stays_but_has_no_shift_any_more(database: Database) -> None:
    clock = Clock()
    await install(database, roster(duty("ana", 1, 8), duty("ben", 1, 8)))
    await install(database, roster(duty("ben", 1, 8), text="two"))
    clock.move(hours=2)
    directory = Directory(database, clock)
    assert (await directory.person("ana")).id == "ana"
    assert await directory.assign(request(person="ana")) is None
    assert await directory.assign(request(2)) == "ben"


async def test_a_roster_that_cannot_be_stored_changes_nothing(database: Database) -> None:
    await install(database, roster(duty("ana", 1, 8)))
    stranger = roster(duty("ben", 1, 8), duty("nobody", 1, 8), text="two", members=[member("ben")])
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await install(database, stranger)
    assert await stretches(database) == [("ana", 1, 8)]
    assert await rows(database, "select count(*) from rosters") == [(1,)]


async def test_many_that_load_at_once_leave_one_whole_roster(database: Database) -> None:
    names = [f"person-{number}" for number in range(8)]
    everybody = [member(name, scheduled=True) for name in names]
    new = [roster(duty(name, 1, 8), duty(name, 25, 32), text=name, members=everybody) for name in names]
    done = await asyncio.gather(*(install(database, each) for each in new))
    assert sorted(each.version for each in done) == list(range(1, 9))
    last = max(done, key=lambda each: each.version)
    (text,) = await rows(database, "select checksum from rosters where version = $1", last.version)
    assert await stretches(database) == [(text[0], 1, 8), (text[0], 25, 32)]


async def test_shifts_that_follow_on_end_together_across_their_names(database: Database) -> None:
    await install(database, roster(duty("ana", -1, 4), duty("ana", 4, 6, shift="late"), duty("ana", 7, 9)))
    assert await Directory(database, Clock()).on_shift_until("ana") == MONDAY + 6 * HOUR


async def test_who_is_there_shows_shift_end_cases_and_limit_fewest_cases_first(database: Database) -> None:
    team = [member("ana", scheduled=True), member("ben"), member("chloe", tiers=(2,)), member("dora", scheduled=True)]
    await install(database, roster(duty("ana", -1, 8), duty("ana", -1, 9, shift="late"), members=team))
    await Directory(database, Clock()).assign(request(person="ana"))
    found = await who_is_there(database, MONDAY, 1)
    assert [(each.person, each.shifts, each.until, each.open, each.most) for each in found] == [
        ("ben", (), None, 0, 3),
        ("ana", ("days", "late"), MONDAY + 9 * HOUR, 1, 3),
    ]


async def test_the_load_view_shows_cases_limit_and_who_is_there_now(database: Database) -> None:
    now = await rows(database, "select date_trunc('second', now())")
    start = now[0][0]
    assert isinstance(start, datetime)
    on = Duty(person="ana", tier=1, shift="days", start=start - HOUR, end=start + HOUR)
    off = Duty(person="ben", tier=1, shift="days", start=start + HOUR, end=start + 2 * HOUR)
    await install_roster(database, roster(on, off), start)
    await Directory(database, Clock(start)).assign(request())
    assert await rows(database, "select person, open, most, on_shift from load order by person") == [
        ("ana", 1, 3, True),
        ("ben", 0, 3, False),
    ]


async def test_the_release_before_still_runs_on_the_new_schema(database: Database) -> None:
    """Its statements: people and shifts without what this release added, bookings without the function."""
    put = (
        "insert into people (id, name, address, language, zone, skills, tiers, authority, max_open, active) "
        "values ('ana', 'Ana', 'ana@example.com', 'en', 'UTC', '{technical}', '{1}', 0, 3, true)"
    )
    await rows(database, put)
    await rows(database, "insert into shifts (person, starts, ends) values ('ana', $1, $2)", MONDAY, MONDAY + HOUR)
    await rows(
        database, "insert into assignments (escalation, offer, person, taken_at) values ('e-1', 1, 'ana', $1)", MONDAY
    )
    clock = Clock()
    directory = Directory(database, clock)
    assert await directory.assign(request()) == "ana"
    clock.move(hours=1)
    assert await directory.assign(request(escalation="escalation-2")) is None


async def test_the_step_can_be_taken_back_and_taken_again(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    async with Database.open(empty_dsn, pool_size=2) as database:
        await install(database, roster(duty("ana", 1, 8, tier=1), duty("ana", 1, 8, tier=2)))
    while (taken_back := await revert(empty_dsn)) != "0006_roster.sql":
        assert taken_back is not None
    async with Database.open(empty_dsn, pool_size=2) as database:
        assert await rows(database, "select id from people") == [("ana",)]
    await migrate(empty_dsn)
    async with Database.open(empty_dsn, pool_size=2) as database:
        await store_roster(database, [member("ana")])
        assert await Directory(database, Clock()).assign(request()) == "ana"


async def test_a_worker_puts_the_roster_it_is_given_in_force(database: Database) -> None:
    """Also its iCalendar file; and doing so again, as every restart does, changes nothing."""
    team = first_load.roster_of(EXAMPLES / "roster-shifts.yaml", MONDAY)
    await first_load.install(team, database, MONDAY)
    before = await rows(database, "select shift, person, tier, starts, ends from shifts order by 1, 2, 3, 4")
    await first_load.install(team, database, MONDAY)
    assert {shift for shift, *_ in before} == {"front-line", "specialist-on-call", "nights"}
    assert await rows(database, "select shift, person, tier, starts, ends from shifts order by 1, 2, 3, 4") == before
    assert await rows(database, "select version from rosters") == [(1,)]
    assert await always_there(database) == ("jana", "kofi")
