"""Both clock changes of a year, and the odd ones."""

import pytest

from escalation.business_time import BusinessDays, OpenTime, Span, add, counted, elapsed, is_open, subtract
from tests.unit.business_time.samples import at, daily, hours, office, span

BERLIN = "Europe/Berlin"
NEW_YORK = "America/New_York"
LORD_HOWE = "Australia/Lord_Howe"
# 2026 in Berlin: 02:00 becomes 03:00 on 29 March at 01:00 UTC, 03:00 becomes 02:00 on 25 October at 01:00 UTC.


@pytest.mark.parametrize(
    ("rows", "window"),
    [
        ("02:30-03:15", span("2026-03-29 01:00", "2026-03-29 01:15")),
        ("01:30-02:30", span("2026-03-29 00:30", "2026-03-29 01:00")),
        ("02:00-03:30", span("2026-03-29 01:00", "2026-03-29 01:30")),
        ("01:00-04:00", span("2026-03-29 00:00", "2026-03-29 02:00")),
        ("03:00-04:00", span("2026-03-29 01:00", "2026-03-29 02:00")),
    ],
)
def test_what_begins_or_ends_in_a_gap_does_so_at_the_first_instant_after_it(rows: str, window: Span) -> None:
    calendar = daily(rows, zone=BERLIN)
    assert counted(calendar, at("2026-03-29 00:00"), at("2026-03-29 12:00")) == (window,)


def test_hours_that_lie_within_a_gap_do_not_happen_and_their_day_does_not_count() -> None:
    calendar = daily("02:10-02:50", zone=BERLIN)
    assert counted(calendar, at("2026-03-29 00:00"), at("2026-03-29 12:00")) == ()
    assert add(calendar, at("2026-03-28 01:20"), BusinessDays(1)) == at("2026-03-30 00:20")


@pytest.mark.parametrize(
    ("rows", "window"),
    [
        ("02:15-02:45", span("2026-10-25 00:15", "2026-10-25 00:45")),
        ("02:30-03:30", span("2026-10-25 00:30", "2026-10-25 02:30")),
        ("01:30-02:30", span("2026-10-24 23:30", "2026-10-25 00:30")),
        ("01:00-03:00", span("2026-10-24 23:00", "2026-10-25 02:00")),
    ],
)
def test_a_time_that_occurs_twice_is_the_first_of_the_two(rows: str, window: Span) -> None:
    calendar = daily(rows, zone=BERLIN)
    assert counted(calendar, at("2026-10-24 22:00"), at("2026-10-25 12:00")) == (window,)


def test_a_spring_day_has_23_hours_and_an_autumn_day_25() -> None:
    calendar = daily("00:00-24:00", zone=BERLIN)
    assert elapsed(calendar, at("2026-03-28 23:00"), at("2026-03-29 22:00")) == 23 * 3600
    assert counted(calendar, at("2026-10-24 22:00"), at("2026-10-25 23:00")) == (
        span("2026-10-24 22:00", "2026-10-25 23:00"),
    )


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    nights = daily("22:00-06:00", zone=BERLIN)
    assert elapsed(nights, at("2026-03-28 12:00"), at("2026-03-29 12:00")) == 7 * 3600
    assert elapsed(nights, at("2026-10-24 12:00"), at("2026-10-25 12:00")) == 9 * 3600
    assert add(nights, at("2026-03-28 21:00"), OpenTime(7 * 3600)) == at("2026-03-29 04:00")
    assert subtract(nights, at("2026-10-25 05:00"), OpenTime(9 * 3600)) == at("2026-10-24 20:00")


def test_office_hours_stay_where_the_wall_clock_has_them() -> None:
    calendar = office(zone=NEW_YORK)
    # 8 March 2026 is the American change, between these two days.
    assert add(calendar, at("2026-03-06 21:30"), OpenTime(3600)) == at("2026-03-09 13:30")
    # 1 November 2026 goes the other way.
    assert add(calendar, at("2026-10-30 20:30"), OpenTime(3600)) == at("2026-11-02 14:30")


def test_business_days_keep_the_wall_clocks_time_of_day_over_a_change() -> None:
    assert add(office(zone=BERLIN), at("2026-03-27 12:00"), BusinessDays(1)) == at("2026-03-30 11:00")
    assert subtract(office(zone=BERLIN), at("2026-03-30 11:00"), BusinessDays(1)) == at("2026-03-27 12:00")


def test_a_business_day_that_ends_in_a_gap_ends_at_the_first_instant_after_it() -> None:
    calendar = daily("00:00-24:00", zone=BERLIN)
    assert add(calendar, at("2026-03-28 01:30"), BusinessDays(1)) == at("2026-03-29 01:00")


def test_a_business_day_that_ends_in_a_fold_ends_at_the_first_of_the_two() -> None:
    calendar = daily("00:00-24:00", zone=BERLIN)
    assert add(calendar, at("2026-10-24 00:30"), BusinessDays(1)) == at("2026-10-25 00:30")


def test_a_start_in_the_second_of_two_equal_hours_stays_there_for_zero_days() -> None:
    calendar = daily("00:00-24:00", zone=BERLIN)
    assert add(calendar, at("2026-10-25 01:30"), BusinessDays(0)) == at("2026-10-25 01:30")
    assert subtract(calendar, at("2026-10-25 01:30"), BusinessDays(0)) == at("2026-10-25 01:30")


def test_lord_howe_changes_by_half_an_hour() -> None:
    # 02:00 becomes 02:30 on 4 October 2026; 02:00 becomes 01:30 on 5 April 2026, both at 15:30 or 15:00 UTC the day before.
    calendar = daily("01:00-03:00", zone=LORD_HOWE)
    assert counted(calendar, at("2026-10-03 12:00"), at("2026-10-04 12:00")) == (
        span("2026-10-03 14:30", "2026-10-03 16:00"),
    )
    assert counted(calendar, at("2026-04-04 12:00"), at("2026-04-05 12:00")) == (
        span("2026-04-04 14:00", "2026-04-04 16:30"),
    )
    in_the_gap = daily("02:15-03:00", zone=LORD_HOWE)
    assert counted(in_the_gap, at("2026-10-03 12:00"), at("2026-10-04 12:00")) == (
        span("2026-10-03 15:30", "2026-10-03 16:00"),
    )


def test_a_day_may_begin_after_a_gap_at_midnight() -> None:
    # Sao Paulo, 4 November 2018: 00:00 became 01:00 at 03:00 UTC.
    calendar = daily("00:00-02:00", zone="America/Sao_Paulo")
    assert counted(calendar, at("2018-11-04 00:00"), at("2018-11-04 12:00")) == (
        span("2018-11-04 03:00", "2018-11-04 04:00"),
    )


def test_a_day_may_end_after_its_last_hour_came_twice() -> None:
    # Sao Paulo, 18 February 2018: 00:00 became 23:00 of the day before at 02:00 UTC.
    calendar = daily("22:00-24:00", zone="America/Sao_Paulo")
    assert counted(calendar, at("2018-02-17 12:00"), at("2018-02-18 12:00")) == (
        span("2018-02-18 00:00", "2018-02-18 03:00"),
    )
    assert is_open(calendar, at("2018-02-18 02:30"))


def test_a_date_that_a_zone_skipped_is_not_a_business_day() -> None:
    # Samoa had no 30 December 2011.
    calendar = daily("09:00-17:00", zone="Pacific/Apia")
    assert add(calendar, at("2011-12-29 20:00"), BusinessDays(1)) == at("2011-12-30 20:00")
    assert elapsed(calendar, at("2011-12-29 10:00"), at("2011-12-31 10:00")) == 2 * 8 * 3600


def test_no_night_shift_begins_on_a_date_that_a_zone_skipped() -> None:
    nights = daily("22:00-06:00", zone="Pacific/Apia")
    # Thursday's shift is cut short by the jump at midnight; the next one begins on Saturday evening.
    assert counted(nights, at("2011-12-29 20:00"), at("2011-12-31 20:00")) == (
        span("2011-12-30 08:00", "2011-12-30 10:00"),
        span("2011-12-31 08:00", "2011-12-31 16:00"),
    )


def test_a_break_follows_the_wall_clock_too() -> None:
    calendar = daily("00:00-06:00", zone=BERLIN, breaks={"2026-03-29": hours("02:30-04:00")})
    assert counted(calendar, at("2026-03-28 23:00"), at("2026-03-29 12:00")) == (
        span("2026-03-28 23:00", "2026-03-29 01:00"),
        span("2026-03-29 02:00", "2026-03-29 04:00"),
    )
