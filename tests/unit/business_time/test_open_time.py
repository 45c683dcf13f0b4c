"""Deadlines and measurements in open time."""

import dataclasses
from datetime import datetime, timedelta, timezone

import pytest

from escalation.business_time import (
    ALWAYS_OPEN,
    Boundary,
    Calendar,
    NeverOpens,
    OpenTime,
    add,
    counted,
    elapsed,
    is_open,
    subtract,
    windows,
)
from tests.unit.business_time.samples import CLOSED, at, hours, office, span

HOUR = OpenTime(3600)
NOTHING = OpenTime(0)
NEVER = Calendar(name="never", zone="UTC", weekly=(CLOSED,) * 7)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 10:00", "2026-03-02 11:00"),
        ("2026-03-02 09:00", "2026-03-02 10:00"),
        ("2026-03-02 07:00", "2026-03-02 10:00"),
        ("2026-03-02 16:30", "2026-03-03 09:30"),
        ("2026-03-02 17:00", "2026-03-03 10:00"),
        ("2026-03-06 16:30", "2026-03-09 09:30"),
        ("2026-03-07 12:00", "2026-03-09 10:00"),
    ],
)
def test_an_hour_is_counted_in_open_time_from_the_next_opening_on(start: str, due: str) -> None:
    assert add(office(), at(start), HOUR) == at(due)


def test_a_duration_used_up_at_closing_ends_at_the_closing_instant() -> None:
    assert add(office(), at("2026-03-02 16:00"), HOUR) == at("2026-03-02 17:00")


def test_a_duration_used_up_at_closing_ends_at_the_next_opening_where_the_calendar_says_so() -> None:
    calendar = office(boundary=Boundary.NEXT_OPEN)
    assert add(calendar, at("2026-03-06 16:00"), HOUR) == at("2026-03-09 09:00")
    assert add(calendar, at("2026-03-02 15:00"), HOUR) == at("2026-03-02 16:00")


def test_midnight_is_not_a_boundary_between_hours_that_touch_there() -> None:
    calendar = office("00:00-24:00", boundary=Boundary.NEXT_OPEN)
    assert add(calendar, at("2026-03-02 23:00"), HOUR) == at("2026-03-03 00:00")


@pytest.mark.parametrize(
    ("start", "boundary", "due"),
    [
        ("2026-03-02 10:00", Boundary.CLOSE, "2026-03-02 10:00"),
        ("2026-03-02 08:00", Boundary.CLOSE, "2026-03-02 09:00"),
        ("2026-03-02 17:00", Boundary.CLOSE, "2026-03-02 17:00"),
        ("2026-03-02 17:00", Boundary.NEXT_OPEN, "2026-03-03 09:00"),
        ("2026-03-02 17:01", Boundary.CLOSE, "2026-03-03 09:00"),
    ],
)
def test_a_duration_of_zero_ends_at_once_or_at_the_next_opening(start: str, boundary: Boundary, due: str) -> None:
    assert add(office(boundary=boundary), at(start), NOTHING) == at(due)


@pytest.mark.parametrize(
    ("end", "duration", "start"),
    [
        ("2026-03-02 11:00", HOUR, "2026-03-02 10:00"),
        ("2026-03-02 10:00", HOUR, "2026-03-02 09:00"),
        ("2026-03-02 20:00", HOUR, "2026-03-02 16:00"),
        ("2026-03-02 09:30", HOUR, "2026-02-27 16:30"),
        ("2026-03-02 09:00", HOUR, "2026-02-27 16:00"),
        ("2026-03-01 12:00", HOUR, "2026-02-27 16:00"),
        ("2026-03-02 12:00", OpenTime(3600 * 8 * 10), "2026-02-16 12:00"),
        ("2026-03-02 09:00", NOTHING, "2026-03-02 09:00"),
        ("2026-03-02 17:00", NOTHING, "2026-03-02 17:00"),
        ("2026-03-02 08:00", NOTHING, "2026-02-27 17:00"),
    ],
)
def test_subtracting_counts_back_from_the_closing_before(end: str, duration: OpenTime, start: str) -> None:
    assert subtract(office(), at(end), duration) == at(start)


def test_open_seconds_between_two_instants_leave_out_what_is_closed() -> None:
    assert elapsed(office(), at("2026-03-06 16:00"), at("2026-03-09 10:00")) == 7200
    assert elapsed(office(), at("2026-03-07 00:00"), at("2026-03-08 23:00")) == 0
    assert elapsed(office(), at("2026-03-02 00:00"), at("2026-03-09 00:00")) == 5 * 8 * 3600


def test_no_time_passes_backwards() -> None:
    assert elapsed(office(), at("2026-03-03 10:00"), at("2026-03-02 10:00")) == 0
    assert counted(office(), at("2026-03-03 10:00"), at("2026-03-02 10:00")) == ()
    assert elapsed(ALWAYS_OPEN, at("2026-03-03 10:00"), at("2026-03-02 10:00")) == 0


def test_what_counted_can_be_shown() -> None:
    calendar = office("09:00-12:00", "13:00-17:00", holidays=("2026-03-03",))
    assert counted(calendar, at("2026-03-02 11:00"), at("2026-03-04 10:00")) == (
        span("2026-03-02 11:00", "2026-03-02 12:00"),
        span("2026-03-02 13:00", "2026-03-02 17:00"),
        span("2026-03-04 09:00", "2026-03-04 10:00"),
    )


def test_what_counted_across_midnight_is_one_interval() -> None:
    calendar = office("00:00-24:00")
    assert counted(calendar, at("2026-03-02 11:00"), at("2026-03-04 10:00")) == (
        span("2026-03-02 11:00", "2026-03-04 10:00"),
    )


def test_fractions_of_a_second_are_dropped_everywhere() -> None:
    start = at("2026-03-02 10:00:00.999999")
    due = add(office(), start, OpenTime(10))
    assert due == at("2026-03-02 10:00:10")
    assert elapsed(office(), start, due) == 10
    assert is_open(office(), at("2026-03-02 16:59:59.999"))
    assert not is_open(office(), at("2026-03-02 17:00:00.001"))


def test_answers_are_in_utc_wherever_the_question_came_from() -> None:
    start = datetime(2026, 3, 2, 18, 0, tzinfo=timezone(timedelta(hours=8)))
    due = add(office(), start, HOUR)
    assert due == at("2026-03-02 11:00")
    assert due.utcoffset() == timedelta(0)
    assert due.tzname() == "UTC"


def test_a_naive_instant_is_refused_by_everything() -> None:
    naive, aware = at("2026-03-02 10:00").replace(tzinfo=None), at("2026-03-02 10:00")
    refusal = r"2026-03-02T10:00:00 has no time zone; pass an aware datetime"
    with pytest.raises(ValueError, match=refusal):
        add(office(), naive, HOUR)
    with pytest.raises(ValueError, match=refusal):
        subtract(office(), naive, HOUR)
    with pytest.raises(ValueError, match=refusal):
        elapsed(office(), aware, naive)
    with pytest.raises(ValueError, match=refusal):
        elapsed(office(), naive, aware)
    with pytest.raises(ValueError, match=refusal):
        is_open(office(), naive)
    with pytest.raises(ValueError, match=refusal):
        windows(office(), naive)


def test_a_holiday_closes_its_date() -> None:
    calendar = office(holidays=("2026-03-03", "--03-04"))
    assert add(calendar, at("2026-03-02 16:30"), HOUR) == at("2026-03-05 09:30")
    assert not is_open(calendar, at("2027-03-04 10:00"))
    assert is_open(calendar, at("2027-03-03 10:00"))


def test_a_holiday_wins_over_a_shift() -> None:
    calendar = office(holidays=("2026-03-03",), shifts={"2026-03-03": hours("10:00-11:00")})
    assert not is_open(calendar, at("2026-03-03 10:30"))


def test_shifts_replace_the_weekly_hours_of_their_date_only() -> None:
    calendar = office(shifts={"2026-03-03": hours("10:00-11:00"), "2026-03-07": hours("10:00-12:00"), "2026-03-04": ()})
    assert add(calendar, at("2026-03-02 16:30"), HOUR) == at("2026-03-03 10:30")
    assert elapsed(calendar, at("2026-03-03 00:00"), at("2026-03-05 00:00")) == 3600
    assert is_open(calendar, at("2026-03-07 11:00"))
    assert not is_open(calendar, at("2026-03-14 11:00"))


def test_breaks_take_away_from_weekly_hours_and_from_shifts() -> None:
    calendar = office(
        shifts={"2026-03-03": hours("09:00-13:00")},
        breaks={"2026-03-02": hours("08:00-10:00", "16:00-18:00"), "2026-03-03": hours("10:00-11:00", "10:30-11:30")},
    )
    assert counted(calendar, at("2026-03-02 00:00"), at("2026-03-04 00:00")) == (
        span("2026-03-02 10:00", "2026-03-02 16:00"),
        span("2026-03-03 09:00", "2026-03-03 10:00"),
        span("2026-03-03 11:30", "2026-03-03 13:00"),
    )


def test_a_break_may_close_a_whole_day() -> None:
    calendar = office(breaks={"2026-03-02": hours("00:00-24:00")})
    assert add(calendar, at("2026-03-02 10:00"), HOUR) == at("2026-03-03 10:00")


def test_hours_may_be_listed_in_any_order_and_overlap() -> None:
    calendar = office("13:00-17:00", "09:00-12:00", "11:00-14:00")
    assert elapsed(calendar, at("2026-03-02 00:00"), at("2026-03-03 00:00")) == 8 * 3600
    assert add(calendar, at("2026-03-02 11:30"), HOUR) == at("2026-03-02 12:30")


def test_a_night_shift_belongs_to_the_day_it_begins_on() -> None:
    nights = office("22:00-06:00", holidays=("2026-03-04",))
    assert is_open(nights, at("2026-03-03 03:00"))
    assert is_open(nights, at("2026-03-04 03:00"))  # begun on the eve of the holiday
    assert not is_open(nights, at("2026-03-05 03:00"))  # none begins on the holiday
    assert is_open(nights, at("2026-03-07 05:59"))  # Friday's, on Saturday morning
    assert add(nights, at("2026-03-02 23:00"), OpenTime(8 * 3600)) == at("2026-03-03 23:00")
    assert subtract(nights, at("2026-03-03 23:00"), OpenTime(8 * 3600)) == at("2026-03-02 23:00")


def test_a_break_after_midnight_interrupts_the_shift_of_the_night_before() -> None:
    nights = office("22:00-06:00", breaks={"2026-03-03": hours("01:00-02:00")})
    assert elapsed(nights, at("2026-03-02 12:00"), at("2026-03-03 12:00")) == 7 * 3600


def test_a_break_that_runs_past_midnight_interrupts_the_next_morning() -> None:
    calendar = office("00:00-08:00", breaks={"2026-03-02": hours("23:00-01:00")})
    assert elapsed(calendar, at("2026-03-03 00:00"), at("2026-03-04 00:00")) == 7 * 3600


def test_a_night_shift_that_meets_the_morning_counts_once() -> None:
    calendar = office("05:00-09:00", "22:00-06:00")
    assert elapsed(calendar, at("2026-03-03 00:00"), at("2026-03-03 12:00")) == 9 * 3600
    assert add(calendar, at("2026-03-03 04:00"), OpenTime(2 * 3600)) == at("2026-03-03 06:00")


def test_time_on_the_calendar_that_never_closes_is_the_time_on_the_wall() -> None:
    start = at("2026-03-07 23:59:59")
    century = OpenTime(100 * 365 * 86_400)
    assert add(ALWAYS_OPEN, start, OpenTime(86_400)) == at("2026-03-08 23:59:59")
    assert subtract(ALWAYS_OPEN, start, OpenTime(86_400)) == at("2026-03-06 23:59:59")
    assert add(ALWAYS_OPEN, start, century) - start == timedelta(days=36_500)
    assert elapsed(ALWAYS_OPEN, start, add(ALWAYS_OPEN, start, century)) == century.seconds
    assert is_open(ALWAYS_OPEN, start)


def test_a_calendar_that_never_opens_is_a_configuration_error() -> None:
    refusal = "calendar 'never' has no open time within five years of 2026-03-02: give it weekly hours or shifts"
    with pytest.raises(NeverOpens, match=refusal):
        add(NEVER, at("2026-03-02 10:00"), HOUR)
    with pytest.raises(NeverOpens, match=refusal):
        subtract(NEVER, at("2026-03-02 10:00"), HOUR)
    with pytest.raises(NeverOpens, match=refusal):
        add(NEVER, at("2026-03-02 10:00"), NOTHING)


def test_no_time_has_passed_on_a_calendar_that_never_opens() -> None:
    assert elapsed(NEVER, at("2026-03-02 10:00"), at("2027-03-02 10:00")) == 0
    assert not is_open(NEVER, at("2026-03-02 10:00"))


def test_a_calendar_that_opens_once_in_four_years_still_opens() -> None:
    rarely = dataclasses.replace(NEVER, shifts={"2030-01-01": hours("09:00-10:00")})
    assert add(rarely, at("2026-03-02 10:00"), HOUR) == at("2030-01-01 10:00")
    assert subtract(rarely, at("2034-03-02 10:00"), HOUR) == at("2030-01-01 09:00")
    with pytest.raises(NeverOpens, match="'never' has no open time"):
        add(rarely, at("2026-03-02 10:00"), OpenTime(3601))


def test_a_duration_that_outlasts_the_calendar_is_refused() -> None:
    with pytest.raises(NeverOpens, match="'office' has no open time within five years of 9999-12"):
        add(office(), at("9999-11-20 10:00"), OpenTime(3600 * 200))
