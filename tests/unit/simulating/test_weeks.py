"""A log moved by whole weeks: what the wall clock shows stays, and nothing goes back in time."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time.zones import load_zone, to_moment
from escalation.case.commands import Acknowledge, Resolve
from escalation.vocabulary import Outcome
from simulation.exports import OWNER
from simulation.weeks import Move, move_to
from tests.unit.simulating.lives import life

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC")
"""Lord Howe changes its clocks by half an hour, and Kolkata never does."""
CHANGES_ARE_SHORTER_THAN = timedelta(hours=4)
HOUR = timedelta(hours=1)

zones = st.sampled_from(ZONES)
instants = st.integers(1_420_000_000, 1_770_000_000).map(to_moment)
"""From 2014 to 2026, to the second."""
moves = st.integers(-300, 700)


def berlin(text: str) -> datetime:
    """A wall time of Berlin as an instant; `~` at its end is the second of two."""
    wall = datetime.fromisoformat(text.rstrip("~")).replace(fold=int(text.endswith("~")))
    return wall.replace(tzinfo=load_zone(BERLIN)).astimezone(UTC)


def shown(at: datetime, zone: str = BERLIN) -> str:
    return f"{at.astimezone(load_zone(zone)):%a %Y-%m-%d %H:%M %z}"


def moved(text: str, weeks: int) -> str:
    return shown(Move(weeks=weeks, zone=BERLIN).instant(berlin(text)))


def test_weekday_and_time_of_day_stay_in_winter_and_in_summer() -> None:
    assert moved("2016-02-29T09:30", 514) == "Mon 2026-01-05 09:30 +0100"
    assert moved("2016-07-13T22:15", 514) == "Wed 2026-05-20 22:15 +0200"


def test_what_the_log_has_in_winter_and_the_roster_in_summer_keeps_its_hour_and_changes_its_instant() -> None:
    nine_in_winter = berlin("2016-02-29T09:00")
    in_summer = Move(weeks=20, zone=BERLIN).instant(nine_in_winter)

    assert shown(in_summer) == "Mon 2016-07-18 09:00 +0200"
    assert in_summer - nine_in_winter == timedelta(weeks=20) - HOUR


def test_what_the_log_has_in_summer_and_the_roster_in_winter_keeps_its_hour_and_changes_its_instant() -> None:
    nine_in_summer = berlin("2016-07-18T09:00")
    in_winter = Move(weeks=25, zone=BERLIN).instant(nine_in_summer)

    assert shown(in_winter) == "Mon 2017-01-09 09:00 +0100"
    assert in_winter - nine_in_summer == timedelta(weeks=25) + HOUR


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2016-03-13T01:59", "Sun 2016-03-27 01:59 +0100"),
        ("2016-03-13T02:00", "Sun 2016-03-27 03:00 +0200"),
        ("2016-03-13T02:59", "Sun 2016-03-27 03:00 +0200"),
        ("2016-03-13T03:00", "Sun 2016-03-27 03:00 +0200"),
        ("2016-03-13T03:01", "Sun 2016-03-27 03:01 +0200"),
    ],
)
def test_an_hour_that_the_rosters_week_lacks_lies_at_the_first_instant_after_the_gap(before: str, after: str) -> None:
    assert moved(before, 2) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2016-10-16T01:59", "Sun 2016-10-30 01:59 +0200"),
        ("2016-10-16T02:30", "Sun 2016-10-30 02:30 +0200"),
        ("2016-10-16T03:00", "Sun 2016-10-30 03:00 +0100"),
    ],
)
def test_of_an_hour_that_the_rosters_week_has_twice_the_first_is_used(before: str, after: str) -> None:
    assert moved(before, 2) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2016-10-30T02:00", "Sun 2016-11-13 02:00 +0100"),
        ("2016-10-30T02:59", "Sun 2016-11-13 02:59 +0100"),
        ("2016-10-30T02:00~", "Sun 2016-11-13 03:00 +0100"),
        ("2016-10-30T02:59~", "Sun 2016-11-13 03:00 +0100"),
        ("2016-10-30T03:01", "Sun 2016-11-13 03:01 +0100"),
    ],
)
def test_an_hour_that_the_log_has_twice_lies_at_its_end_the_second_time(before: str, after: str) -> None:
    assert moved(before, 2) == after


def test_nothing_of_the_log_is_lost_where_it_lacks_an_hour_itself() -> None:
    just_before, just_after = berlin("2016-03-27T01:59"), berlin("2016-03-27T03:00")

    assert just_after - just_before == timedelta(minutes=1)
    assert [moved(text, 1) for text in ("2016-03-27T01:59", "2016-03-27T03:00")] == [
        "Sun 2016-04-03 01:59 +0200",
        "Sun 2016-04-03 03:00 +0200",
    ]


@given(st.lists(instants, min_size=2, max_size=6), st.integers(-90, 90), moves, zones)
def test_whatever_is_moved_nothing_changes_places(found: list[datetime], minutes: int, weeks: int, zone: str) -> None:
    shift = Move(weeks=weeks, zone=zone)
    near = [at + minutes * timedelta(minutes=1) for at in found]
    ordered = [shift.instant(at) for at in sorted(found + near)]

    assert all(earlier <= later for earlier, later in pairwise(ordered))


@given(st.integers(0, 11), st.integers(-180, 180), moves, st.sampled_from([BERLIN, "America/New_York"]))
def test_around_the_clock_changes_of_the_log_nothing_changes_places(
    year: int, minutes: int, weeks: int, zone: str
) -> None:
    shift = Move(weeks=weeks, zone=zone)
    for change in _changes(2015 + year, zone):
        at = change + minutes * timedelta(minutes=1)
        assert shift.instant(at) <= shift.instant(at + timedelta(seconds=1)) <= shift.instant(at + HOUR)


@cache
def _changes(year: int, zone: str) -> list[datetime]:
    """When clocks change, to the hour."""
    hours = [datetime(year, 1, 1, tzinfo=UTC) + number * HOUR for number in range(366 * 24)]
    there = load_zone(zone)
    return [later for earlier, later in pairwise(hours) if _offset(earlier, there) != _offset(later, there)]


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


@given(instants, moves, zones)
def test_far_from_a_clock_change_the_wall_clock_shows_the_same(at: datetime, weeks: int, zone: str) -> None:
    there = load_zone(zone)
    found = Move(weeks=weeks, zone=zone).instant(at)
    around = [{_offset(each + CHANGES_ARE_SHORTER_THAN * sign, there) for sign in (-1, 1)} for each in (at, found)]
    if all(len(offsets) == 1 for offsets in around):
        before, after = at.astimezone(there).replace(tzinfo=None), found.astimezone(there).replace(tzinfo=None)
        assert after - before == timedelta(weeks=weeks)


@given(instants, st.dates(date(2014, 1, 1), date(2040, 1, 1)), zones)
def test_the_first_ticket_falls_in_the_seven_days_from_the_day_asked_for(first: datetime, day: date, zone: str) -> None:
    found = move_to(day, first, zone).instant(first).astimezone(load_zone(zone)).date()
    assert day <= found < day + timedelta(days=7)


def test_days_are_counted_as_the_zone_counts_them() -> None:
    late_on_sunday = datetime(2016, 2, 28, 23, 30, tzinfo=UTC)

    assert move_to(date(2026, 1, 5), late_on_sunday, BERLIN).weeks == 514
    assert move_to(date(2026, 1, 5), late_on_sunday, "UTC").weeks == 515


def test_a_log_may_be_moved_into_the_past_and_stays_as_it_is_where_it_lies_right() -> None:
    first = berlin("2026-07-01T12:34")
    within = move_to(date(2026, 6, 29), first, BERLIN)

    assert move_to(date(2016, 2, 29), first, BERLIN).weeks == -539
    assert within.weeks == 0
    again = berlin("2026-10-25T02:30~")
    assert within.instant(again) == again, "even in the hour that comes twice"


def test_a_life_is_moved_with_its_steps_and_keeps_the_verdict_of_the_log() -> None:
    solve = Resolve(by=OWNER, outcome=Outcome.SOLVED, solution="Off")
    # From a Friday before the change of clocks to the Monday after it.
    one = life((1, Acknowledge(by=OWNER)), (80, solve), met=True, start=berlin("2016-03-25T09:00"))
    found = Move(weeks=10, zone=BERLIN).life(one)

    assert shown(found.opened_at) == "Fri 2016-06-03 09:00 +0200"
    assert [shown(step.at) for step in one.steps] == ["Fri 2016-03-25 10:00 +0100", "Mon 2016-03-28 18:00 +0200"]
    assert [shown(step.at) for step in found.steps] == ["Fri 2016-06-03 10:00 +0200", "Mon 2016-06-06 18:00 +0200"]
    assert [step.command for step in found.steps] == [step.command for step in one.steps]
    assert (found.open, found.met, found.course) == (one.open, True, one.course)
    assert Move(weeks=0, zone=BERLIN).life(one) is one
