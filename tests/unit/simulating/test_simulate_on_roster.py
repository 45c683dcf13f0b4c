"""`escalations simulate --roster-from`: a log of the past on a roster that is yet to come, as people and programs use it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.importing.logs import HEADER, life
from tests.unit.simulating.teams import person, roster_of
from tests.unit.starter.desk import Desk, Ended

ROOT = Path(__file__).parents[3]
INCIDENTS = ROOT / "examples" / "incidents.csv"
SHIFTS = ROOT / "examples" / "roster-shifts.yaml"
POLICY = ROOT / "policies" / "default.yaml"
START = ("--roster-from", "2026-01-05")
Told = dict[str, Any]


async def simulate(*options: str | Path, log: Path = INCIDENTS, policy: Path = POLICY) -> Ended:
    return await Desk()("simulate", "--policy", str(policy), "--log", str(log), *map(str, options))


async def told(*options: str | Path, log: Path = INCIDENTS, policy: Path = POLICY) -> Told:
    ended = await simulate("--json", *options, log=log, policy=policy)
    assert (ended.code, ended.err) == (0, "")
    found: Told = ended.json
    return found


def tier(answer: Told, number: int) -> Told:
    found: Told = next(one for one in answer["report"]["load_by_tier"] if one["tier"] == number)
    return found


async def test_a_roster_of_next_year_is_tried_on_the_log_of_years_ago() -> None:
    before, after = await told("--roster", SHIFTS), await told("--roster", SHIFTS, *START)

    assert tier(before, 2)["offered"] == 0, "the rotation has nobody in 2016"
    assert tier(after, 2)["offered"] > 50
    people = {one["person"] for one in after["report"]["load_by_person"]}
    assert {"freya", "goran", "hana"} & people
    assert {"ravi", "mei"} & people, "the nights of the iCalendar file"
    assert not {"freya", "goran", "hana", "ravi", "mei"} & {one["person"] for one in before["report"]["load_by_person"]}
    assert after["report"]["invariants"] == {"violated": 0, "violations": {}, "doubled": []}
    assert after["report"]["tickets"] == before["report"]["tickets"] == 60


async def test_programs_are_notified_by_how_much_the_log_was_moved() -> None:
    assert (await told("--roster", SHIFTS, *START))["roster"] == {
        "weeks": 514,
        "zone": "Europe/Berlin",
        "log_start": "2016-02-29T01:16:00Z",
        "log_end": "2017-01-30T18:29:00Z",
        "start": "2026-01-05T01:16:00Z",
        "end": "2026-12-07T18:29:00Z",
        "warnings": [],
    }


async def test_people_of_the_log_who_are_not_on_the_roster_are_not_named_for_cases() -> None:
    events = ROOT / "examples" / "events"
    answer = await told(
        "--roster",
        SHIFTS,
        "--roster-from",
        "2026-01-05",
        "--mapping",
        events / "mapping.yaml",
        log=events / "tickets.csv",
    )

    refused = {one["reason"]: one["count"] for one in answer["report"]["steps"]["by_reason"]}
    assert refused["… is not on the roster"] > 1
    assert {one["person"] for one in answer["report"]["load_by_person"]} <= {
        *("ana", "ben", "chidi", "dora", "emil", "freya", "goran", "hana", "ravi", "mei", "overseer"),
    }


async def test_people_are_notified_how_the_log_was_moved_before_any_figure() -> None:
    ended = await simulate("--roster", SHIFTS, *START, "--limit", "5")

    assert ended.code == 0
    lines = ended.out.splitlines()
    assert re.fullmatch(
        r"log of 2016-02-29 to 2016-\d\d-\d\d played 514 weeks later, 2026-01-05 to 2026-\d\d-\d\d; "
        r"weekdays and times of day as in Europe/Berlin",
        lines[0],
    )
    assert lines[1].startswith("warning: none of the overrides and absences (3) falls into the time of the log")
    assert lines[2].strip() == ""


async def test_shifts_without_anyone_in_the_whole_log_are_shown_in_one_line_with_a_day_that_fits() -> None:
    ended = await simulate("--roster", SHIFTS)

    assert (ended.code, ended.err) == (0, "")
    line = ended.out.splitlines()[0]
    assert line.startswith("warning: no one is on `specialist-on-call` and `nights` in all the log's time, 2016-02-29")
    assert "--roster-from 2026-01-05" in line
    answer = await told("--roster", SHIFTS)
    assert f"warning: {answer['roster']['warnings'][0]}" == line.rstrip()
    assert answer["roster"]["weeks"] == 0


async def test_a_roster_that_is_planned_for_less_than_the_log_lasts_says_up_to_when(tmp_path: Path) -> None:
    roster = tmp_path / "roster.yaml"
    roster.write_text(SHIFTS.read_text(encoding="utf-8"), encoding="utf-8")
    nights = (ROOT / "examples" / "nights.ics").read_text(encoding="utf-8")
    events, count = re.subn("INTERVAL=2", "INTERVAL=2;UNTIL=20260401T000000Z", nights.replace("2026112", "2026032"))
    assert count == 2
    (tmp_path / "nights.ics").write_text(events, encoding="utf-8")

    warnings = (await told("--roster", roster, *START))["roster"]["warnings"]
    assert warnings == ["no one is on shift `nights` after 2026-04-01; the log continues to 2026-12-07"]


async def test_nothing_is_moved_or_shown_where_no_one_asks_for_it() -> None:
    always_there = await simulate("--roster", ROOT / "examples" / "roster.yaml", "--limit", "5")

    assert "warning" not in always_there.out
    assert "played" not in always_there.out
    assert (await told("--limit", "5"))["roster"] is None


MakeLog = Callable[..., Path]


@pytest.fixture
def one_ticket(tmp_path: Path) -> MakeLog:
    """A log of one ticket, opened at a time (UTC) of a day in 2016, taken and solved by people within hours."""

    def write(day: str, opened: str) -> Path:
        rows = life("New", "Active", "Resolved")
        file = tmp_path / "log.csv"
        file.write_text("\n".join([HEADER, *rows]).replace("1/3/2016 08:00", opened).replace("1/3/2016", day) + "\n")
        return file

    return write


@pytest.fixture
def from_nine_to_ten(tmp_path: Path) -> Path:
    """The front line is there from nine to ten in Berlin, every day."""
    file = tmp_path / "roster.yaml"
    hour = "  morning: {tiers: [1], people: [ana], zone: Europe/Berlin, hours: {mon-sun: 09:00-10:00}}\n"
    managers = person("fay", "[2, 3]", "[technical, service]", authority=9000)
    file.write_text(roster_of(person("ana", skills="[technical, service]"), managers, rest="shifts:\n" + hour))
    return file


@pytest.mark.parametrize(
    ("day", "opened", "start", "played"),
    [
        ("1/3/2016", "1/3/2016 08:30", "2026-07-06", "2026-07-07T07:30:00Z"),
        ("5/7/2016", "5/7/2016 07:30", "2026-01-12", "2026-01-13T08:30:00Z"),
    ],
    ids=["from winter into summer", "from summer into winter"],
)
async def test_half_past_nine_is_half_past_nine_on_both_sides_of_a_clock_change(
    one_ticket: MakeLog, from_nine_to_ten: Path, day: str, opened: str, start: str, played: str
) -> None:
    log = one_ticket(day, opened)
    here = await told("--roster", from_nine_to_ten, log=log)
    there = await told("--roster", from_nine_to_ten, "--roster-from", start, log=log)

    assert there["roster"]["start"] == played
    for answer in (here, there):
        assert tier(answer, 1)["offered"] == 1
        assert tier(answer, 1)["skipped"] == 0


async def test_holidays_are_those_of_the_weeks_in_which_the_log_is_played(
    one_ticket: MakeLog, from_nine_to_ten: Path
) -> None:
    """The office is open on Tuesday 2016-03-01, and on Tuesday 2029-12-25 it is not: the answer took no time of it."""
    log = one_ticket("1/3/2016", "1/3/2016 08:30")
    ordinary = await told("--roster", from_nine_to_ten, log=log)
    holiday = await told("--roster", from_nine_to_ten, "--roster-from", "2029-12-20", log=log)

    assert holiday["roster"]["start"] == "2029-12-25T08:30:00Z"
    assert _seconds_until_taken(ordinary) > 0
    assert _seconds_until_taken(holiday) == 0


def _seconds_until_taken(answer: Told) -> int:
    return sum(one["seconds_to_acknowledge"]["total"] for one in answer["report"]["load_by_tier"])


async def test_a_fit_is_made_from_the_log_as_it_is() -> None:
    plain = await told("--fit", "--roster", SHIFTS, "--limit", "20")
    moved = await told("--fit", "--roster", SHIFTS, "--limit", "20", *START)

    assert plain["fit"] == moved["fit"]
    assert plain["report"]["load_by_tier"] != moved["report"]["load_by_tier"]


async def test_two_policies_are_compared_on_the_same_weeks(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    answer = await told("--compare", other, "--roster", SHIFTS, *START, "--limit", "10")

    assert answer["report"] == answer["compared"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (START, "--roster-from says from when on a roster is tried; name the roster with --roster"),
        (("--roster", str(SHIFTS), "--processes", "2"), "--processes: on a roster all lives share its people"),
        (("--roster", str(SHIFTS), "--roster-from", "5.1.2026"), '"5.1.2026" is not a day; write it like 2026-01-05'),
        (("--roster", str(SHIFTS), "--roster-from", "2026-02-30"), '"2026-02-30" is not a day'),
        (("--roster", str(ROOT / "none.yaml"), *START), "cannot be read"),
    ],
)
async def test_mistakes_are_shown_in_one_line(options: tuple[str, ...], said: str) -> None:
    ended = await simulate(*options)

    assert ended.code == 2
    assert said in ended.err
    assert len(ended.err.splitlines()) == 1


async def test_an_empty_log_is_shown_before_the_roster_is_looked_at(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(HEADER + "\n", encoding="utf-8")
    ended = await simulate("--roster", SHIFTS, *START, log=log)

    assert ended.code == 2
    assert "holds no ticket" in ended.err
