"""Days found in a list are those that walking from date to date finds, and their times of day are those of the zone."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation.business_time import ALWAYS_OPEN, Boundary, BusinessDays, Calendar, Hours, NeverOpens, add, subtract
from escalation.business_time.cache.days import OpenDay, open_days
from escalation.business_time.cache.seconds import BLOCK, settled
from escalation.business_time.openings import DAY, HORIZON_DAYS, hours_on
from escalation.business_time.zones import (
    day_at,
    first_second,
    second_of_day,
    steady_midnight,
    to_moment,
    to_second,
    wall_clock,
    zone_names,
)
from tests.unit.business_time.samples import CLOSED, at, daily, hours, office
from tests.unit.business_time.test_properties import CHANGES, Scene, bounded, to_the_second

BERLIN = "Europe/Berlin"
EDGE = (to_second(at("2026-03-02 10:00")) // BLOCK + 1) * BLOCK
"""A second at which a block ends."""
NIGHTS = daily("22:00-06:00", zone=BERLIN)
ONE_DAY_A_WEEK = Calendar(name="mondays", zone=BERLIN, weekly=(hours("09:00-17:00"), *(CLOSED,) * 6))

# Dates around the changes that are known to be odd, in their zones, and any date anywhere.
dates = st.sampled_from(CHANGES).flatmap(
    lambda change: st.tuples(st.just(change[0]), st.integers(-4, 4).map(lambda days: change[1].toordinal() + days))
) | st.tuples(
    st.sampled_from(sorted(zone_names())),
    st.integers(date(1970, 1, 3).toordinal(), date(2100, 1, 1).toordinal()),
)


def walked(calendar: Calendar, second: int, days: int) -> tuple[int, int]:
    """Find the day that runs at a second and the one N days later by looking at one date after the other."""
    day = day_at(calendar.zone, second)
    while not hours_on(calendar, day) or hours_on(calendar, day)[0][0] > second:
        day -= 1
    today, step = day, 1 if days > 0 else -1
    for _ in range(abs(days)):
        day += step
        while not hours_on(calendar, day):
            day += step
    return today, day


@given(dates, st.integers(0, 2 * DAY))
def test_after_a_steady_midnight_the_time_of_day_is_what_has_passed_since(place: tuple[str, int], passed: int) -> None:
    zone, day = place
    midnight = steady_midnight(zone, day)
    if midnight is not None:
        shown = datetime.fromordinal(day) + timedelta(seconds=passed)
        assert first_second(zone, shown) == midnight + passed
        assert wall_clock(zone, midnight + passed) == shown


@given(dates)
def test_a_midnight_is_steady_unless_one_of_the_next_two_days_is_longer_or_shorter_or_begins_late(
    place: tuple[str, int],
) -> None:
    zone, day = place
    midnights = [second_of_day(zone, near, 0) for near in (day, day + 1, day + 2)]
    begins_late = any(
        wall_clock(zone, midnight) != datetime.fromordinal(day + n) for n, midnight in enumerate(midnights)
    )
    even = [after - before for before, after in pairwise(midnights)] == [DAY, DAY]
    assert steady_midnight(zone, day) == (midnights[0] if even and not begins_late else None)


@pytest.mark.parametrize(
    ("zone", "change", "unsteady"),
    [
        (BERLIN, "2026-03-29", {-1, 0}),  # 02:00 becomes 03:00
        (BERLIN, "2026-10-25", {-1, 0}),  # 03:00 becomes 02:00
        ("Australia/Lord_Howe", "2026-10-04", {-1, 0}),  # half an hour
        ("America/Sao_Paulo", "2018-11-04", {-2, -1, 0}),  # 00:00 becomes 01:00, so the eve's 24:00 does as well
        ("America/Sao_Paulo", "2018-02-17", {-1, 0}),  # 24:00 becomes 23:00
        ("Pacific/Apia", "2011-12-30", {-2, -1, 0}),  # there is no such date
        ("Asia/Kathmandu", "2026-06-01", set()),
    ],
)
def test_near_a_clock_change_the_zone_must_be_asked(zone: str, change: str, unsteady: set[int]) -> None:
    day = date.fromisoformat(change).toordinal()
    assert {near for near in range(-4, 5) if steady_midnight(zone, day + near) is None} == unsteady


@bounded
@given(to_the_second(), st.integers(-90, 90).filter(bool))
def test_the_day_n_days_on_is_the_one_that_walking_finds(scene: Scene, days: int) -> None:
    second = settled(scene.calendar, to_second(scene.start))
    today, day = open_days(scene.calendar, second, days)
    assert (today.number, day.number) == walked(scene.calendar, second, days)
    assert [each.opens for each in (today, day)] == [hours_on(scene.calendar, n.number)[0][0] for n in (today, day)]


@given(
    st.sampled_from([office(zone=BERLIN), NIGHTS, ONE_DAY_A_WEEK, ALWAYS_OPEN, office(boundary=Boundary.NEXT_OPEN)]),
    st.integers(EDGE - 3 * DAY, EDGE + 3 * DAY),
    st.integers(-300, 300),
)
def test_days_go_on_over_the_edge_of_a_block(calendar: Calendar, second: int, days: int) -> None:
    begin = settled(calendar, second)
    today, day = open_days(calendar, begin, days)
    assert (today.number, day.number) == walked(calendar, begin, days)


@bounded
@given(to_the_second(), st.integers(0, 2 * DAY))
def test_a_time_of_day_is_read_and_found_as_the_zone_has_it(scene: Scene, time_of_day: int) -> None:
    zone, second = scene.calendar.zone, settled(scene.calendar, to_second(scene.start))
    today, day = open_days(scene.calendar, second, 1)
    shown = wall_clock(zone, second) - datetime.fromordinal(today.number)
    assert today.time_of_day(zone, second) == shown // timedelta(seconds=1)
    wall = datetime.fromordinal(day.number) + timedelta(seconds=time_of_day)
    assert day.second_at(zone, time_of_day) == first_second(zone, wall)


def test_of_two_days_that_open_at_once_the_later_one_runs_and_both_count() -> None:
    calendar = daily(
        "22:00-06:00", "01:00-05:00", breaks={"2026-03-03": hours("00:00-24:00"), "2026-03-04": hours("00:00-02:00")}
    )
    # What is left of Tuesday the 3rd begins on Wednesday at 02:00, as Wednesday itself does.
    second = to_second(at("2026-03-04 03:00"))
    today, day_before = open_days(calendar, second, -1)
    assert date.fromordinal(today.number) == date(2026, 3, 4)
    assert date.fromordinal(day_before.number) == date(2026, 3, 3)
    assert today.opens == day_before.opens == to_second(at("2026-03-04 02:00"))


def test_what_a_break_leaves_of_a_night_shift_may_open_in_the_next_block() -> None:
    edge = to_moment(EDGE)
    assert edge.hour == 0
    eve = edge.date() - timedelta(days=1)
    breaks = {eve.isoformat(): hours("21:00-24:00"), edge.date().isoformat(): hours("00:00-02:00")}
    today, day = open_days(daily("22:00-06:00", breaks=breaks), EDGE + 3 * 3600, 1)
    assert (date.fromordinal(today.number), today.opens) == (eve, EDGE + 2 * 3600)
    assert date.fromordinal(day.number) == edge.date()


def test_the_small_hours_after_the_edge_of_a_block_belong_to_the_night_before() -> None:
    night = to_moment(EDGE).date() - timedelta(days=1)
    today, day = open_days(daily("22:00-06:00"), EDGE + 3600, 1)
    assert (date.fromordinal(today.number), today.opens) == (night, EDGE - 2 * 3600)
    assert date.fromordinal(day.number) == night + timedelta(days=1)


def test_beyond_the_midnight_after_next_the_zone_is_asked() -> None:
    friday = date(2026, 3, 27).toordinal()
    midnight = steady_midnight(BERLIN, friday)
    assert midnight == to_second(at("2026-03-26 23:00"))
    # On Sunday at 02:00 the clocks go to 03:00.
    assert OpenDay(friday, midnight, midnight).second_at(BERLIN, 2 * DAY + 4 * 3600) == to_second(
        at("2026-03-29 02:00")
    )


def test_a_shift_of_two_days_up_to_a_date_that_the_zone_skipped_keeps_its_day() -> None:
    wednesdays = Calendar(
        name="long",
        zone="Pacific/Apia",
        weekly=(CLOSED, CLOSED, (Hours(opens=0, closes=2880),), *(CLOSED,) * 4),
    )
    closing = at("2011-12-30 10:00")  # the midnight at which 30 December was skipped
    today, day = open_days(wednesdays, to_second(closing), 1)
    assert [date.fromordinal(each.number) for each in (today, day)] == [date(2011, 12, 28), date(2012, 1, 4)]
    assert subtract(wednesdays, closing, BusinessDays(1)) < closing < add(wednesdays, closing, BusinessDays(1))


@pytest.mark.parametrize("days", [HORIZON_DAYS - 1, HORIZON_DAYS])
def test_the_next_open_day_may_be_five_years_away_but_no_further(days: int) -> None:
    first = date(2026, 3, 2)
    shifts = {(first + timedelta(days=n)).isoformat(): hours("09:00-17:00") for n in (0, days)}
    rare = Calendar(name="rare", zone="UTC", weekly=(CLOSED,) * 7, shifts=shifts)
    early = at("2026-03-02 12:00")
    late = early + timedelta(days=days)
    if days < HORIZON_DAYS:
        assert add(rare, early, BusinessDays(1)) == late
        assert subtract(rare, late, BusinessDays(1)) == early
    else:
        with pytest.raises(NeverOpens, match="'rare' has no open time within five years of 2026-03-02"):
            add(rare, early, BusinessDays(1))
        with pytest.raises(NeverOpens, match=f"'rare' has no open time within five years of {late:%Y-%m-%d}"):
            subtract(rare, late, BusinessDays(1))
