"""`due`, `elapsed` and `calendar show` for people: files in, answers out, no server."""

from datetime import datetime
from pathlib import Path

import pytest

from escalation.business_time import zone_data_version
from escalation.compiler.compile import compile_policy
from starter.cli.time.calendar_files import years_around
from tests.unit.starter.desk import MONDAY, Desk, Ended

TOP = Path(__file__).parents[3]
DEFAULT = TOP / "policies" / "default.yaml"
FRIDAY = "2026-03-27T16:00+01:00"
TEAMS = """
calendars:
  day:
    zone: Europe/Berlin
    hours:
      mon-fri: 09:00-17:00
    holidays:
      dates: [12-24, 2026-04-03]
    shifts:
      2026-03-28: 10:00-12:00
    breaks:
      2026-03-30: 12:00-13:00
  night:
    zone: America/New_York
    boundary: next_open
    hours:
      mon-fri: 22:00-06:00
"""
ONE = TEAMS.partition("  night:")[0]


@pytest.fixture(autouse=True)
def the_shipped_policies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_POLICIES_DIR", str(DEFAULT.parent))


@pytest.fixture
def teams(tmp_path: Path) -> Path:
    file = tmp_path / "teams.yaml"
    file.write_text(TEAMS, encoding="utf-8")
    return file


@pytest.fixture
def one(tmp_path: Path) -> Path:
    file = tmp_path / "one.yaml"
    file.write_text(ONE, encoding="utf-8")
    return file


async def due(desk: Desk, calendar: object, within: str, *more: str, start: str = FRIDAY) -> Ended:
    return await desk("due", "--calendar", str(calendar), "--from", start, "--within", within, *more, "--json")


def refused(ended: Ended) -> str:
    """The one line of an error."""
    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.err.splitlines()
    assert "Traceback" not in line
    return line


def spans(answer: dict[str, list[dict[str, str]]], key: str = "counted") -> list[tuple[str, str]]:
    return [(each["start"], each["end"]) for each in answer[key]]


async def test_eight_hours_from_a_friday_afternoon_are_due_on_monday_after_the_clocks_changed(desk: Desk) -> None:
    ended = await due(desk, "office", "8h")

    answer = ended.json
    assert (answer["due"], answer["due_local"]) == ("2026-03-30T13:30:00Z", "2026-03-30T15:30:00+02:00")
    assert spans(answer) == [
        ("2026-03-27T16:00:00+01:00", "2026-03-27T17:30:00+01:00"),
        ("2026-03-30T09:00:00+02:00", "2026-03-30T15:30:00+02:00"),
    ]
    assert sum(each["seconds"] for each in answer["counted"]) == answer["counted_seconds"] == 8 * 3600
    assert answer["wall_seconds"] == (2 * 24 + 22.5) * 3600


async def test_people_read_the_due_instant_in_the_zone_and_in_utc_with_what_counted(desk: Desk) -> None:
    ended = await desk("due", "--calendar", "office", "--from", FRIDAY, "--within", "8h")

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert (ended.code, ended.err) == (0, "")
    assert lines[0] == "due Mon 2026-03-30 15:30:00 +02:00 Europe/Berlin = 2026-03-30 13:30:00 UTC"
    assert "counted 8 h of 70 h 30 min on the wall" in lines
    assert lines[-1] == "Mon 2026-03-30 09:00:00 +02:00 Mon 2026-03-30 15:30:00 +02:00 2026-03-30 13:30:00 6 h 30 min"


async def test_a_pause_moves_the_due_instant_and_does_not_count(desk: Desk) -> None:
    pause = "2026-03-30T10:00+02:00..2026-03-30T11:30+02:00"
    long_before = "2026-01-01T00:00Z..2026-01-02T00:00Z"
    answer = (await due(desk, "office", "8h", "--pause", pause, "--pause", long_before)).json

    assert answer["due"] == "2026-03-30T15:00:00Z"
    assert spans(answer)[1:] == [
        ("2026-03-30T09:00:00+02:00", "2026-03-30T10:00:00+02:00"),
        ("2026-03-30T11:30:00+02:00", "2026-03-30T17:00:00+02:00"),
    ]
    assert answer["counted_seconds"] == 8 * 3600


@pytest.mark.parametrize(
    ("within", "at"),
    [
        ("15m", "2026-03-27T15:15:00Z"),
        ("90s", "2026-03-27T15:01:30Z"),
        ("1h30m", "2026-03-27T16:30:00Z"),
        ("2bd", "2026-03-31T14:00:00Z"),
    ],
)
async def test_a_duration_may_be_seconds_minutes_hours_or_business_days(desk: Desk, within: str, at: str) -> None:
    assert (await due(desk, "office", within)).json["due"] == at


async def test_the_calendar_that_never_closes_is_always_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ESCALATIONS_POLICIES_DIR", str(tmp_path / "nowhere"))
    answer = (await due(desk, "24x7", "1d")).json

    assert answer["due"] == answer["due_local"] == "2026-03-28T15:00:00Z"
    assert answer["calendar"] == {"name": "24x7", "zone": "UTC", "version": "", "zone_data": zone_data_version()}


async def test_an_answer_names_the_calendar_version_that_a_worker_would_record(desk: Desk) -> None:
    years = range(MONDAY.year, MONDAY.year + 4)
    policy = compile_policy(DEFAULT.read_text(encoding="utf-8"), source="", years=years).policy

    answer = (await due(desk, "office", "8h")).json
    assert answer["calendar"] == {
        "name": "office",
        "zone": "Europe/Berlin",
        "version": policy.calendars["office"].version,
        "zone_data": policy.zone_data,
    }


async def test_a_calendar_can_be_named_by_its_file(desk: Desk, one: Path, teams: Path) -> None:
    by_file = (await due(desk, one, "3h")).json
    assert by_file["due"] == "2026-03-28T11:00:00Z"
    assert (await due(desk, f"{teams}#day", "3h")).json == by_file
    assert (await due(desk, DEFAULT, "8h")).json == (await due(desk, "office", "8h")).json


async def test_a_night_shift_may_end_at_its_next_opening(desk: Desk, teams: Path) -> None:
    answer = (await due(desk, f"{teams}#night", "8h", start="2026-03-02T22:00-05:00")).json
    assert answer["due_local"] == "2026-03-03T22:00:00-05:00"
    assert spans(answer) == [("2026-03-02T22:00:00-05:00", "2026-03-03T06:00:00-05:00")]


async def test_a_mistake_elsewhere_in_the_policy_does_not_matter(desk: Desk, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text(DEFAULT.read_text(encoding="utf-8").replace("rounds: 2", "rounds: many"), encoding="utf-8")

    assert (await due(desk, broken, "8h")).json == (await due(desk, "office", "8h")).json


async def test_public_holidays_are_known_in_any_year_that_is_asked_about(desk: Desk) -> None:
    long_ago = await due(desk, "office", "2h", start="2015-12-24T16:00+01:00")
    assert long_ago.json["due_local"] == "2015-12-28T09:30:00+01:00"
    far_ahead = await due(desk, "office", "1800bd")
    answer = far_ahead.json
    worked = {start[:10] for start, _ in spans(answer)}
    assert answer["due"] > "2033"
    assert "2032-12-23" in worked
    assert not {"2031-12-25", "2032-01-01", "2032-10-03"} & worked


def test_the_years_of_a_worker_are_widened_by_what_is_asked_about() -> None:
    instants = [datetime.fromisoformat("2020-01-01T00:30+01:00"), datetime.fromisoformat("2031-12-31T23:00Z")]
    assert years_around(MONDAY, []) == range(2026, 2030)
    assert years_around(MONDAY, instants) == range(2019, 2033)


async def test_elapsed_shows_business_and_wall_time(desk: Desk) -> None:
    command = ("elapsed", "--calendar", "office", "--from", FRIDAY, "--to", "2026-03-31T09:30:00.9+02:00")
    pause = ("--pause", "2026-03-30T09:00+02:00..2026-03-30T17:00+02:00")
    answer = (await desk(*command, *pause, "--json")).json
    page = await desk(*command, *pause)

    assert (answer["business_seconds"], answer["wall_seconds"]) == (2.5 * 3600, (3 * 24 + 16.5) * 3600)
    assert sum(each["seconds"] for each in answer["counted"]) == answer["business_seconds"]
    assert answer["end"] == "2026-03-31T07:30:00Z"
    lines = [" ".join(line.split()) for line in page.out.splitlines()]
    assert lines[:2] == ["business time 2 h 30 min", "wall time 88 h 30 min"]


async def test_elapsed_ends_now_by_default_and_may_be_nothing(desk: Desk) -> None:
    answer = (await desk("elapsed", "--calendar", "24x7", "--from", "2026-03-02T08:00Z", "--json")).json
    assert (answer["end"], answer["business_seconds"]) == ("2026-03-02T09:00:00Z", 3600)
    weekend = ("--from", "2026-02-28T08:00Z", "--to", "2026-03-01T08:00Z")
    nothing = await desk("elapsed", "--calendar", "office", *weekend)
    assert [" ".join(line.split()) for line in nothing.out.splitlines()][-1] == "nothing counted"


async def test_a_calendar_shows_its_week_and_what_comes_next(desk: Desk, one: Path) -> None:
    answer = (await desk("calendar", "show", str(one), "--from", FRIDAY, "--windows", "3", "--json")).json

    assert spans(answer, "windows") == [
        ("2026-03-27T16:00:00+01:00", "2026-03-27T17:00:00+01:00"),
        ("2026-03-28T10:00:00+01:00", "2026-03-28T12:00:00+01:00"),
        ("2026-03-30T09:00:00+02:00", "2026-03-30T12:00:00+02:00"),
    ]
    assert answer["holidays"] == ["2026-04-03", "2026-12-24"]
    assert answer["other_hours"] == [
        {"on": "2026-03-28", "hours": ["10:00-12:00"], "breaks": []},
        {"on": "2026-03-30", "hours": None, "breaks": ["12:00-13:00"]},
    ]
    assert (answer["open"], answer["boundary"], answer["since"]) == (True, "close", "2026-03-27T15:00:00Z")
    assert answer["hours"]["mon"] == ["09:00-17:00"]
    assert answer["hours"]["sun"] == []


async def test_people_see_the_zone_data_the_holidays_and_the_windows(desk: Desk, one: Path) -> None:
    ended = await desk("calendar", "show", str(one), "--windows", "2")

    lines = [" ".join(line.split()) for line in ended.out.splitlines()]
    assert f"zone Europe/Berlin (zone data {zone_data_version()})" in lines
    assert "hours sat closed" in lines
    assert "at 2026-03-02 09:00:00 UTC: open" in lines
    assert "holidays ahead Fri 2026-04-03, Thu 2026-12-24" in lines
    assert "other hours Sat 2026-03-28: 10:00-12:00" in lines
    assert "other hours Mon 2026-03-30: without 12:00-13:00" in lines
    assert lines[-1].startswith("Tue 2026-03-03 09:00:00 +01:00 Tue 2026-03-03 17:00:00 +01:00")


async def test_ten_windows_from_now_are_shown_by_default(desk: Desk, teams: Path) -> None:
    answer = (await desk("calendar", "show", f"{teams}#night", "--json")).json

    assert len(answer["windows"]) == 10
    assert answer["hours"]["mon"] == ["22:00-06:00"]
    assert answer["windows"][0]["start"] == "2026-03-02T22:00:00-05:00"


async def test_the_calendar_that_never_closes_has_no_windows_to_list(desk: Desk) -> None:
    answer = (await desk("calendar", "show", "24x7", "--json")).json
    page = await desk("calendar", "show", "24x7")

    assert (answer["always"], answer["windows"], answer["hours"]) == (True, [], {})
    assert "always open" in page.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "write --calendar, --from and --within, or --cases FILE"),
        (("--calendar", "office", "--from", FRIDAY), "write --calendar, --from and --within"),
        (("--calendar", "office", "--from", FRIDAY, "--within", "1d"), "write '1bd' for 1 business day, or '24h'"),
        (("--calendar", "office", "--from", FRIDAY, "--within", "soon"), "write open time as 90s, 15m"),
        (("--calendar", "office", "--from", "2026-03-27T16:00", "--within", "8h"), "add an offset"),
        (("--calendar", "office", "--from", "0900-03-27T16:00Z", "--within", "8h"), "a year from 1900 to 2300"),
        (("--calendar", "offce", "--from", FRIDAY, "--within", "8h"), "did you mean `office`?"),
        (("--calendar", "none.yaml", "--from", FRIDAY, "--within", "8h"), "none.yaml: cannot be read: No such file"),
        (("--calendar", f"{DEFAULT}#offic", "--from", FRIDAY, "--within", "8h"), "did you mean `office`?"),
        (("--calendar", str(DEFAULT.parent / "demo.yaml"), "--from", FRIDAY, "--within", "8h"), "has no calendars"),
    ],
)
async def test_a_mistake_is_shown_in_one_line_with_what_to_write(desk: Desk, words: tuple[str, ...], says: str) -> None:
    assert says in refused(await desk("due", *words))


@pytest.mark.parametrize(
    ("pause", "says"),
    [
        ("an hour", "write it as START..END"),
        ("2026-03-27T16:00..2026-03-27T17:00Z", "add an offset"),
        ("2026-03-27T16:00Z..", '"" is not an instant'),
        ("2026-03-27T16:00Z..2026-03-27T15:00Z", "ends before it starts; swap the two"),
    ],
)
async def test_a_pause_must_be_two_instants_in_order(desk: Desk, pause: str, says: str) -> None:
    assert says in refused(
        await desk("due", "--calendar", "24x7", "--from", FRIDAY, "--within", "8h", "--pause", pause)
    )


async def test_a_span_that_runs_backwards_is_refused(desk: Desk) -> None:
    words = ("--calendar", "24x7", "--from", FRIDAY, "--to", "2026-03-27T14:59Z")
    assert "swap the two" in refused(await desk("elapsed", *words))


async def test_a_file_with_several_calendars_says_how_to_name_one(desk: Desk, teams: Path) -> None:
    line = refused(await desk("calendar", "show", str(teams)))
    assert f"has 2 calendars; write {teams}#day or {teams}#night" in line


async def test_a_calendar_that_several_policies_write_differently_is_named_by_file(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCALATIONS_POLICIES_DIR", str(tmp_path))
    for name, text in (("a", ONE), ("b", ONE)):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert (await desk("calendar", "show", "day")).code == 0

    (tmp_path / "b.yaml").write_text(ONE.replace("17:00", "18:00"), encoding="utf-8")
    line = refused(await desk("calendar", "show", "day"))
    assert f"write {tmp_path}/a.yaml#day or {tmp_path}/b.yaml#day" in line


async def test_a_wrong_calendar_is_shown_with_its_line(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCALATIONS_POLICIES_DIR", str(tmp_path))
    file = tmp_path / "bad.yaml"
    file.write_text(ONE.replace("Europe/Berlin", "Europe/Berlni"), encoding="utf-8")
    for wanted in (str(file), "day"):
        line = refused(await desk("calendar", "show", wanted))
        assert f"{file}:4: unknown time zone 'Europe/Berlni'; did you mean Europe/Berlin" in line


async def test_a_file_that_is_not_a_mapping_has_no_calendars(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "list.yaml"
    for text in ("- a\n- b\n", "", "calendars:\n"):
        file.write_text(text, encoding="utf-8")
        assert str(file) in refused(await desk("calendar", "show", str(file)))


async def test_with_json_a_mistake_is_json_too(desk: Desk) -> None:
    ended = await due(desk, "offce", "8h")
    assert (ended.code, ended.out) == (2, "")
    assert '"exit":2' in ended.err
