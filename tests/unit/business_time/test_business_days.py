"""Deadlines in open days, at the same time of day."""

from bisect import bisect_right
from datetime import timedelta

import pytest

from escalation.business_time import (
    ALWAYS_OPEN,
    Boundary,
    BusinessDays,
    Calendar,
    DurationError,
    Hours,
    NeverOpens,
    add,
    add_end_of_day,
    subtract,
)
from tests.unit.business_time.samples import CLOSED, at, daily, hours, office

NEVER = Calendar(name="never", zone="UTC", weekly=(CLOSED,) * 7)
UNEVEN = Calendar(
    name="uneven",
    zone="UTC",
    weekly=(
        hours("09:00-17:00"),
        hours("10:00-16:00"),
        hours("09:00-17:00"),
        hours("09:00-12:00", "13:00-17:00"),
        *(CLOSED,) * 3,
    ),
)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02 12:00", 1, "2026-03-03 12:00"),
        ("2026-03-06 12:00", 2, "2026-03-10 12:00"),
        ("2026-03-02 12:34:56", 5, "2026-03-09 12:34:56"),
        ("2026-03-02 12:00", 0, "2026-03-02 12:00"),
        ("2026-03-02 09:00", 1, "2026-03-03 09:00"),
        ("2026-03-02 12:00", 60, "2026-05-25 12:00"),
    ],
)
def test_business_days_keep_the_time_of_day_and_skip_closed_days(start: str, days: int, due: str) -> None:
    assert add(office(), at(start), BusinessDays(days)) == at(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-07 12:00", "2026-03-10 09:00"),
        ("2026-03-02 07:00", "2026-03-03 09:00"),
        ("2026-03-02 20:00", "2026-03-04 09:00"),
    ],
)
def test_a_start_outside_hours_counts_from_the_next_opening(start: str, due: str) -> None:
    assert add(office(), at(start), BusinessDays(1)) == at(due)


def test_the_closing_instant_belongs_to_the_day_that_it_closes() -> None:
    assert add(office(), at("2026-03-02 17:00"), BusinessDays(1)) == at("2026-03-03 17:00")
    assert add(office("09:00-24:00"), at("2026-03-03 00:00"), BusinessDays(4)) == at("2026-03-07 00:00")
    assert subtract(office(), at("2026-03-03 17:00"), BusinessDays(1)) == at("2026-03-02 17:00")


def test_the_closing_instant_is_the_next_opening_where_the_calendar_says_so() -> None:
    calendar = office(boundary=Boundary.NEXT_OPEN)
    assert add(calendar, at("2026-03-02 17:00"), BusinessDays(1)) == at("2026-03-04 09:00")


def test_a_holiday_is_not_a_business_day() -> None:
    calendar = office(holidays=("2026-03-03",))
    assert add(calendar, at("2026-03-02 12:00"), BusinessDays(1)) == at("2026-03-04 12:00")
    assert subtract(calendar, at("2026-03-04 12:00"), BusinessDays(1)) == at("2026-03-02 12:00")


def test_a_day_with_any_open_time_counts() -> None:
    calendar = office(shifts={"2026-03-07": hours("11:00-11:01")})
    assert add(calendar, at("2026-03-06 11:00"), BusinessDays(1)) == at("2026-03-07 11:00")


def test_a_day_that_a_break_closes_does_not_count() -> None:
    calendar = office(breaks={"2026-03-03": hours("08:00-18:00")})
    assert add(calendar, at("2026-03-02 12:00"), BusinessDays(1)) == at("2026-03-04 12:00")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02 16:30", 1, "2026-03-04 09:00"),  # Tuesday has closed by then
        ("2026-03-02 16:00", 1, "2026-03-03 16:00"),  # Tuesday is just closing
        ("2026-03-02 09:30", 1, "2026-03-03 10:00"),  # Tuesday has not opened yet
        ("2026-03-02 12:30", 3, "2026-03-05 13:00"),  # Thursday is at lunch
    ],
)
def test_a_time_of_day_that_is_closed_where_it_lands_moves_to_the_next_opening(start: str, days: int, due: str) -> None:
    assert add(UNEVEN, at(start), BusinessDays(days)) == at(due)


@pytest.mark.parametrize(
    ("end", "days", "start"),
    [
        ("2026-03-04 12:00", 2, "2026-03-02 12:00"),
        ("2026-03-09 12:00", 1, "2026-03-05 12:00"),
        ("2026-03-04 16:30", 1, "2026-03-03 16:00"),
        ("2026-03-04 09:30", 1, "2026-03-02 17:00"),
        ("2026-03-08 10:00", 1, "2026-03-04 17:00"),
        ("2026-03-08 10:00", 0, "2026-03-05 17:00"),
    ],
)
def test_business_days_back_mirror_those_forward(end: str, days: int, start: str) -> None:
    assert subtract(UNEVEN, at(end), BusinessDays(days)) == at(start)


def test_the_small_hours_of_a_night_shift_belong_to_the_day_it_began() -> None:
    nights = office("22:00-06:00")
    assert add(nights, at("2026-03-03 03:00"), BusinessDays(1)) == at("2026-03-04 03:00")
    assert add(nights, at("2026-03-07 03:00"), BusinessDays(1)) == at("2026-03-10 03:00")


def test_an_hour_of_both_a_night_shift_and_the_morning_belongs_to_its_own_date() -> None:
    calendar = office("02:00-09:00", "22:00-06:00")
    assert add(calendar, at("2026-03-06 03:00"), BusinessDays(1)) == at("2026-03-09 03:00")


SHIFTS_THAT_OVERLAP = {
    "the morning opens within the night": office("05:00-14:00", "22:00-06:00"),
    "an early hour within the night": office("02:00-03:00", "22:00-06:00"),
    "from midnight on": office("00:00-01:00", "22:00-06:00"),
    "round the clock": office("06:00-14:00", "14:00-22:00", "22:00-06:00"),
    "a day that opens later than the night before it ends": Calendar(
        name="later", zone="UTC", weekly=(hours("06:00-17:00", "22:00-09:45"), hours("10:00-17:00"), *(CLOSED,) * 5)
    ),
    "a shift of two days": Calendar(
        name="long", zone="UTC", weekly=((Hours(opens=600, closes=2880),), hours("09:00-17:00")) * 3 + (CLOSED,)
    ),
    "a night cut in two": office("04:00-08:00", "22:00-06:00", breaks={"2026-03-05": hours("21:00-05:00")}),
}


@pytest.mark.slow
@pytest.mark.parametrize("calendar", SHIFTS_THAT_OVERLAP.values(), ids=SHIFTS_THAT_OVERLAP)
@pytest.mark.parametrize("days", [1, 2, 5])
def test_over_shifts_that_overlap_later_stays_later_and_back_is_the_reverse(calendar: Calendar, days: int) -> None:
    moments = [at("2026-03-01 00:00") + n * timedelta(minutes=15) for n in range(14 * 96)]
    due = [add(calendar, moment, BusinessDays(days)) for moment in moments]
    begun = [subtract(calendar, moment, BusinessDays(days)) for moment in moments]

    assert (due, begun) == (sorted(due), sorted(begun))
    # The answer is the latest start that is due by the end; where days touch, the instant at which that one is over.
    for end, answer in zip(moments, begun, strict=True):
        latest = bisect_right(due, end) - 1
        if latest >= 0:
            assert moments[latest] in {answer, answer - timedelta(minutes=15)}


def test_the_small_hours_after_the_next_day_has_opened_belong_to_it() -> None:
    calendar = office("05:00-14:00", "22:00-06:00")
    assert add(calendar, at("2026-03-06 04:59"), BusinessDays(1)) == at("2026-03-07 04:59"), "Thursday's, so Friday's"
    assert add(calendar, at("2026-03-06 05:01"), BusinessDays(1)) == at("2026-03-09 05:01"), "Friday's, so Monday's"


def test_a_time_of_day_does_not_leave_the_day_it_lands_on() -> None:
    calendar = office("05:00-14:00", "22:00-06:00")
    saturday = at("2026-03-07 05:30")
    assert add(calendar, saturday, BusinessDays(1)) == at("2026-03-10 05:00"), "Tuesday has opened by then"
    assert subtract(calendar, saturday, BusinessDays(1)) == at("2026-03-06 05:00"), "Friday has opened by then"
    monday, tuesday = at("2026-03-02 09:30"), at("2026-03-03 10:00")
    later = SHIFTS_THAT_OVERLAP["a day that opens later than the night before it ends"]
    assert add(later, monday, BusinessDays(1)) == tuesday, "until ten it is still Monday"


def test_hours_that_come_twice_keep_their_time_of_day_both_times() -> None:
    berlin = daily("00:00-24:00", zone="Europe/Berlin")
    first, second = at("2026-10-25 00:50"), at("2026-10-25 01:10")  # 02:50 in summer time, 02:10 in winter time
    assert add(berlin, first, BusinessDays(1)) == at("2026-10-26 01:50")
    assert add(berlin, second, BusinessDays(1)) == at("2026-10-26 01:10")


def test_an_instant_that_closes_one_day_and_opens_the_next_belongs_to_the_next() -> None:
    calendar = office("00:00-24:00", holidays=("2026-03-04",))
    assert add(calendar, at("2026-03-03 00:00"), BusinessDays(1)) == at("2026-03-05 00:00")


def test_a_day_and_night_shift_that_ends_at_the_midnight_after_next_still_has_its_day() -> None:
    long = Calendar(
        name="long",
        zone="UTC",
        weekly=((*hours("00:00-24:00"), Hours(opens=0, closes=2880)), *(CLOSED,) * 6),
    )
    assert add(long, at("2026-03-04 00:00"), BusinessDays(1)) == at("2026-03-11 00:00")


def test_every_day_is_a_business_day_on_the_calendar_that_never_closes() -> None:
    assert add(ALWAYS_OPEN, at("2026-03-06 23:30"), BusinessDays(2)) == at("2026-03-08 23:30")
    assert subtract(ALWAYS_OPEN, at("2026-03-08 23:30"), BusinessDays(2)) == at("2026-03-06 23:30")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02 12:00", 0, "2026-03-02 17:00"),
        ("2026-03-02 12:00", 1, "2026-03-03 16:00"),
        ("2026-03-02 12:00", 3, "2026-03-05 17:00"),
        ("2026-03-07 12:00", 1, "2026-03-10 16:00"),
        ("2026-03-02 20:00", 1, "2026-03-04 17:00"),
    ],
)
def test_the_end_of_a_business_day_is_its_last_closing(start: str, days: int, due: str) -> None:
    assert add_end_of_day(UNEVEN, at(start), days) == at(due)


def test_no_end_of_day_lies_before_the_start() -> None:
    with pytest.raises(DurationError, match="-1 business days"):
        add_end_of_day(office(), at("2026-03-02 12:00"), -1)


def test_business_days_that_never_come_are_a_configuration_error() -> None:
    once = Calendar(name="once", zone="UTC", weekly=(CLOSED,) * 7, shifts={"2026-03-02": hours("09:00-17:00")})
    with pytest.raises(NeverOpens, match="'once' has no open time within five years of 2026-03-02"):
        add(once, at("2026-03-02 12:00"), BusinessDays(1))
    with pytest.raises(NeverOpens, match="'once' has no open time within five years of 2026-03-02"):
        subtract(once, at("2026-03-02 12:00"), BusinessDays(1))
    with pytest.raises(NeverOpens, match="'never' has no open time"):
        add(NEVER, at("2026-03-02 12:00"), BusinessDays(0))


def test_business_days_end_with_the_last_year_that_a_date_can_have() -> None:
    with pytest.raises(NeverOpens, match="no open time within five years of 9999"):
        add(office(), at("9999-11-28"), BusinessDays(30))
