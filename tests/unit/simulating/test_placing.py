"""A roster and a log on the same weeks: by how much the log is moved, and what of the roster does not fit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from escalation.case.commands import Acknowledge
from simulation import LogSpan, PlacedRoster, place, span_of
from simulation.exports import OWNER
from tests.unit.domain.case import MONDAY
from tests.unit.simulating.lives import life
from tests.unit.simulating.teams import person, roster_of

LOG = LogSpan(datetime(2016, 2, 29, 8, tzinfo=UTC), datetime(2016, 5, 20, 16, tzinfo=UTC))
"""A Monday, and a Friday twelve weeks later; clocks change in between."""
START = date(2026, 1, 5)

Placing = Callable[..., PlacedRoster]


@pytest.fixture
def placed(tmp_path: Path) -> Placing:
    """Ana and Ben, and what follows them in the file; with the events of a calendar file."""

    def read(rest: str, day: date | None = None, log: LogSpan = LOG, events: str = "") -> PlacedRoster:
        file = tmp_path / "roster.yaml"
        people = (person("ana"), person("ben", zone="Asia/Tokyo"))
        file.write_text(roster_of(*people, rest=rest, beside=events), encoding="utf-8")
        calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{events}END:VCALENDAR\n"
        (tmp_path / "nights.ics").write_text(calendar, encoding="utf-8")
        return place(file, log, day)

    return read


def event(starts: str, rule: str = "") -> str:
    """Ana's night; whole days of the shift's zone would do as well."""
    return (
        f"BEGIN:VEVENT\nUID:{starts}@example.com\nDTSTAMP:20160101T000000Z\nSUMMARY:ana\n"
        f"DTSTART:{starts}T180000Z\nDURATION:PT12H\n{rule}END:VEVENT\n"
    )


def rotation(starts: str = "2026-01-05", name: str = "on-call", zone: str = "Europe/Berlin") -> str:
    turns = f"{{people: [ana, ben], hand_over: wed 09:00, zone: {zone}, starts: {starts}}}"
    return f"  {name}: {{tiers: [1], rotation: {turns}}}\n"


def pattern(name: str = "days", zone: str = "Europe/Berlin") -> str:
    return f"  {name}: {{tiers: [1], people: [ana], zone: {zone}, hours: {{mon-fri: 09:00-17:00}}}}\n"


NIGHTS = "shifts:\n  nights: {tiers: [1], ics: nights.ics}\n"
EVERY_NIGHT = "RRULE:FREQ=DAILY\n"


def test_the_span_of_a_log_does_not_depend_on_its_order() -> None:
    first, second = (life((hour, Acknowledge(by=OWNER)), start=MONDAY) for hour in (1, 50))
    early = replace(first, opened_at=MONDAY - timedelta(days=9), steps=())

    for lives in ([first, second, early], [early, first, second]):
        assert span_of(lives) == LogSpan(MONDAY - timedelta(days=9), MONDAY + timedelta(hours=50))
    assert span_of([early]) == LogSpan(early.opened_at, early.opened_at)
    assert span_of([]) is None


def test_a_rotation_of_next_year_meets_the_log_of_years_ago(placed: Placing) -> None:
    found = placed("shifts:\n" + rotation(), START)

    assert (found.time.weeks, found.time.zone, found.time.warnings) == (514, "Europe/Berlin", ())
    assert (found.time.log_start, found.time.log_end) == LOG
    assert found.time.start == datetime(2026, 1, 5, 8, tzinfo=UTC)
    # In May both are in summer time.
    assert found.time.end == datetime(2026, 3, 27, 17, tzinfo=UTC), "Friday at 18 o'clock in Berlin, in winter time"
    assert found.move.instant(LOG.start) == found.time.start


def test_without_a_day_the_log_stays_and_the_line_on_shifts_without_anyone_names_one_that_fits(
    placed: Placing,
) -> None:
    found = placed("shifts:\n" + pattern() + rotation())

    assert found.time.weeks == 0
    assert (found.time.start, found.time.end) == LOG
    assert found.time.warnings == (
        "no one is on `on-call` in all the log's time, 2016-02-29 to 2016-05-20; "
        "--roster-from 2026-01-07 plays it on the roster's weeks",
    )
    day = date.fromisoformat(found.time.warnings[0].split("--roster-from ")[1][:10])
    assert placed("shifts:\n" + pattern() + rotation(), day).time.warnings == ()


def test_one_line_covers_all_shifts_and_the_day_is_one_on_which_all_have_begun(placed: Placing) -> None:
    rest = NIGHTS + rotation("2026-04-01")
    (line,) = placed(rest, events=event("20260223", EVERY_NIGHT)).time.warnings

    assert line.startswith("no one is on `nights` and `on-call` in all the log's time")
    assert "--roster-from 2026-04-01" in line
    assert placed(rest, date(2026, 4, 1), events=event("20260223", EVERY_NIGHT)).time.warnings == ()


def test_where_no_day_meets_all_shifts_each_is_named_with_its_own(placed: Placing) -> None:
    events = event("20180105", "RRULE:FREQ=DAILY;COUNT=30\n")
    (line,) = placed(NIGHTS + rotation(), events=events).time.warnings

    assert "`nights` begins on 2018-01-05, `on-call` begins on 2026-01-07: choose with --roster-from" in line


def test_a_calendar_file_that_cannot_be_read_so_far_ahead_is_not_a_reason_to_refuse_it(placed: Placing) -> None:
    """Hourly turns since 2016 are 12,000 when the log ends and 100,000 when the rotation begins."""
    hourly = event("20160229", "RRULE:FREQ=HOURLY\n").replace("PT12H", "PT1H")
    (line,) = placed(NIGHTS + rotation(), events=hourly).time.warnings

    assert line.startswith("no one is on `on-call`")
    assert "`nights` begins on 2016-02-29" in line


def test_a_rotation_has_no_end_and_plain_hours_have_neither_end_nor_beginning(placed: Placing) -> None:
    years = LogSpan(LOG.start, LOG.start + timedelta(days=3000))

    assert placed("shifts:\n" + pattern() + rotation("2016-02-24"), log=years).time.warnings == ()
    assert placed("shifts:\n" + pattern() + rotation(), START, log=years).time.warnings == ()
    assert placed("shifts:\n" + pattern()).time.warnings == ()


def test_an_icalendar_file_that_ends_before_the_log_does_is_shown_with_its_last_day(placed: Placing) -> None:
    ends = event("20260105", "RRULE:FREQ=DAILY;UNTIL=20260219T180000Z\n")
    assert placed(NIGHTS, START, events=ends).time.warnings == (
        "no one is on shift `nights` after 2026-02-20; the log continues to 2026-03-27",
    )

    assert placed(NIGHTS, START, events=event("20260105", EVERY_NIGHT)).time.warnings == ()
    now_and_then = event("20260105", "RRULE:FREQ=MONTHLY;INTERVAL=6\n")
    assert placed(NIGHTS, START, events=now_and_then).time.warnings == (), "it goes on in July"


def test_a_shift_that_begins_later_than_the_log_is_shown_and_a_few_days_are_not(placed: Placing) -> None:
    rest = "shifts:\n" + rotation("2026-02-04")

    assert placed(rest, START).time.warnings == (
        "no one is on shift `on-call` before 2026-02-04; the log begins on 2026-01-05",
    )
    assert placed(rest, date(2026, 2, 2)).time.warnings == ()


def test_overrides_and_absences_of_other_years_are_shown(placed: Placing) -> None:
    absences = "absences:\n  - {person: ben, from: 2026-01-10, to: 2026-01-20}\n"
    rest = "shifts:\n" + pattern() + absences

    assert placed(rest).time.warnings == (
        "none of the overrides and absences (1) falls into the time of the log; they change nothing",
    )
    assert placed(rest, START).time.warnings == (
        "no override or absence is planned after 2026-01-20; from then up to 2026-03-27 the log meets the shifts alone",
    )
    until_the_end = absences + "  - {person: ana, from: 2026-03-23, to: 2026-03-24}\n"
    assert placed("shifts:\n" + pattern() + until_the_end, START).time.warnings == ()


def test_a_log_of_many_years_says_up_to_when_calendar_files_are_read(placed: Placing) -> None:
    decades = LogSpan(LOG.start, datetime(2046, 5, 1, tzinfo=UTC))
    found = placed(NIGHTS, START, log=decades, events=event("20260105", EVERY_NIGHT))

    assert found.time.warnings == (
        "the log continues to 2056-03-07; iCalendar files and holidays are known up to 2038-01-02",
    )


def test_times_of_day_are_those_of_the_zone_that_most_shifts_name(placed: Placing) -> None:
    three = "shifts:\n" + pattern("a", "Asia/Tokyo") + rotation(name="b") + pattern("c")
    two = "shifts:\n" + pattern("a", "Asia/Tokyo") + rotation(name="b")

    assert placed(three, START).time.zone == "Europe/Berlin"
    assert placed(two, START).time.zone == "Asia/Tokyo", "the first in the file"
    assert placed("absences: []\n", START).time.zone == "UTC", "of the people, where there is no shift"


def test_a_log_and_a_roster_of_the_same_week_need_no_move(placed: Placing) -> None:
    found = placed("shifts:\n" + rotation("2016-02-24"), date(2016, 2, 29))
    assert (found.time.weeks, found.time.start, found.time.warnings) == (0, LOG.start, ())
