"""What each second was used for: it counted, or one reason kept it from counting."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given

from escalation.business_time import ALWAYS_OPEN, Calendar, Span, Use, Used, account, closed, counted, elapsed
from tests.unit.business_time.brute_force import MINUTE, Minutes
from tests.unit.business_time.samples import CLOSED, at, daily, hours, office, span
from tests.unit.business_time.test_properties import Scene, bounded, scenes, to_the_second

Row = tuple[str, str, str]


def told(used: Iterable[Used]) -> list[Row]:
    """Start, end and use of each; a holiday with its date."""
    return [
        (f"{one.start:%a %H:%M}", f"{one.end:%a %H:%M}", f"{one.use} {one.holiday}" if one.holiday else str(one.use))
        for one in used
    ]


def week(calendar: Calendar, start: str, end: str, *pauses: Span) -> list[Row]:
    return told(account(calendar, at(start), at(end), pauses))


def test_a_night_between_two_days_is_closed() -> None:
    assert week(office(), "2026-03-02 16:00", "2026-03-03 10:00") == [
        ("Mon 16:00", "Mon 17:00", "counted"),
        ("Mon 17:00", "Tue 09:00", "closed"),
        ("Tue 09:00", "Tue 10:00", "counted"),
    ]


def test_a_weekend_is_one_closed_stretch() -> None:
    assert week(office(), "2026-03-06 17:00", "2026-03-09 09:00") == [("Fri 17:00", "Mon 09:00", "closed")]


def test_a_holiday_takes_the_hours_that_would_have_begun_on_it_and_leaves_the_nights_closed() -> None:
    shut = office(holidays=("2026-03-03",))
    assert week(shut, "2026-03-02 17:00", "2026-03-04 09:00") == [
        ("Mon 17:00", "Tue 09:00", "closed"),
        ("Tue 09:00", "Tue 17:00", "holiday 2026-03-03"),
        ("Tue 17:00", "Wed 09:00", "closed"),
    ]


def test_a_yearly_holiday_is_shown_with_the_date_of_that_year() -> None:
    found = list(closed(office(holidays=("--12-25",)), at("2026-12-25 00:00"), at("2026-12-26 00:00")))
    assert [(one.use, one.holiday) for one in found] == [
        (Use.CLOSED, None),
        (Use.HOLIDAY, date(2026, 12, 25)),
        (Use.CLOSED, None),
    ]


def test_a_holiday_at_the_weekend_takes_nothing() -> None:
    assert week(office(holidays=("2026-03-07",)), "2026-03-06 18:00", "2026-03-08 18:00") == [
        ("Fri 18:00", "Sun 18:00", "closed")
    ]


def test_two_holidays_in_a_row_are_distinguished_also_where_their_hours_touch() -> None:
    shut = daily("00:00-24:00", holidays=("2026-03-03", "2026-03-04"))
    assert week(shut, "2026-03-02 12:00", "2026-03-05 12:00") == [
        ("Mon 12:00", "Tue 00:00", "counted"),
        ("Tue 00:00", "Wed 00:00", "holiday 2026-03-03"),
        ("Wed 00:00", "Thu 00:00", "holiday 2026-03-04"),
        ("Thu 00:00", "Thu 12:00", "counted"),
    ]


def test_a_night_shift_that_did_not_begin_belongs_to_the_holiday_it_would_have_opened_on() -> None:
    nights = daily("22:00-06:00", holidays=("2026-03-03",))
    assert week(nights, "2026-03-02 22:00", "2026-03-04 22:00") == [
        ("Mon 22:00", "Tue 06:00", "counted"),
        ("Tue 06:00", "Tue 22:00", "closed"),
        ("Tue 22:00", "Wed 06:00", "holiday 2026-03-03"),
        ("Wed 06:00", "Wed 22:00", "closed"),
    ]


def test_in_the_middle_of_such_a_night_it_still_is_the_holiday_of_the_day_before() -> None:
    nights = daily("22:00-06:00", holidays=("2026-03-03",))
    assert week(nights, "2026-03-04 02:00", "2026-03-04 07:00") == [
        ("Wed 02:00", "Wed 06:00", "holiday 2026-03-03"),
        ("Wed 06:00", "Wed 07:00", "closed"),
    ]


def test_a_break_is_shown_as_a_break_also_over_hours_that_touch() -> None:
    lunch = daily("09:00-12:00", "12:00-17:00", breaks={"2026-03-02": hours("11:30-12:30")})
    assert week(lunch, "2026-03-02 11:00", "2026-03-02 13:00") == [
        ("Mon 11:00", "Mon 11:30", "counted"),
        ("Mon 11:30", "Mon 12:30", "break"),
        ("Mon 12:30", "Mon 13:00", "counted"),
    ]


def test_a_break_beyond_the_hours_takes_only_what_was_open() -> None:
    early = office(breaks={"2026-03-02": hours("08:00-10:00")})
    assert week(early, "2026-03-02 07:00", "2026-03-02 11:00") == [
        ("Mon 07:00", "Mon 09:00", "closed"),
        ("Mon 09:00", "Mon 10:00", "break"),
        ("Mon 10:00", "Mon 11:00", "counted"),
    ]


def test_a_break_on_a_holiday_leaves_it_a_holiday() -> None:
    both = office(holidays=("2026-03-02",), breaks={"2026-03-02": hours("12:00-13:00")})
    assert week(both, "2026-03-02 09:00", "2026-03-02 17:00") == [("Mon 09:00", "Mon 17:00", "holiday 2026-03-02")]


def test_hours_of_a_date_of_its_own_are_the_regular_hours_of_that_date() -> None:
    other = office(shifts={"2026-03-02": hours("11:00-13:00"), "2026-03-03": CLOSED}, holidays=("2026-03-03",))
    assert week(other, "2026-03-02 09:00", "2026-03-04 09:00") == [
        ("Mon 09:00", "Mon 11:00", "closed"),
        ("Mon 11:00", "Mon 13:00", "counted"),
        ("Mon 13:00", "Wed 09:00", "closed"),
    ]


def test_a_pause_over_closed_time_leaves_it_closed() -> None:
    assert week(office(), "2026-03-02 15:00", "2026-03-03 11:00", span("2026-03-02 16:00", "2026-03-03 10:00")) == [
        ("Mon 15:00", "Mon 16:00", "counted"),
        ("Mon 16:00", "Mon 17:00", "paused"),
        ("Mon 17:00", "Tue 09:00", "closed"),
        ("Tue 09:00", "Tue 10:00", "paused"),
        ("Tue 10:00", "Tue 11:00", "counted"),
    ]


def test_pauses_that_overlap_or_touch_are_one_and_empty_ones_are_none() -> None:
    pauses = (
        span("2026-03-02 12:00", "2026-03-02 13:00"),
        span("2026-03-02 10:00", "2026-03-02 11:00"),
        span("2026-03-02 10:30", "2026-03-02 12:00"),
        span("2026-03-02 14:00", "2026-03-02 14:00"),
        span("2026-03-02 15:00", "2026-03-02 14:30"),
    )
    assert week(office(), "2026-03-02 09:00", "2026-03-02 17:00", *pauses) == [
        ("Mon 09:00", "Mon 10:00", "counted"),
        ("Mon 10:00", "Mon 13:00", "paused"),
        ("Mon 13:00", "Mon 17:00", "counted"),
    ]


def test_what_never_closes_is_counted_or_paused() -> None:
    assert list(closed(ALWAYS_OPEN, at("2026-03-02 00:00"), at("2027-03-02 00:00"))) == []
    assert week(ALWAYS_OPEN, "2026-03-02 00:00", "2026-03-05 00:00", span("2026-03-03 00:00", "2026-03-04 00:00")) == [
        ("Mon 00:00", "Tue 00:00", "counted"),
        ("Tue 00:00", "Wed 00:00", "paused"),
        ("Wed 00:00", "Thu 00:00", "counted"),
    ]


def test_no_time_has_no_account() -> None:
    monday = at("2026-03-02 10:00")
    assert list(account(office(), monday, monday)) == []
    assert (
        list(account(office(), monday, monday - timedelta(days=1), [span("2026-03-01 00:00", "2026-03-03 00:00")]))
        == []
    )


def test_fractions_of_a_second_are_dropped() -> None:
    start, end = at("2026-03-02 10:00"), at("2026-03-02 10:01")
    (only,) = account(office(), start + timedelta(microseconds=999_999), end + timedelta(microseconds=1))
    assert (only.start, only.end, only.seconds) == (start, end, 60)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        list(account(office(), datetime(2026, 3, 2), at("2026-03-03 00:00")))  # noqa: DTZ001 (that is the point)


def test_a_date_that_a_zone_skipped_is_closed_and_no_holiday() -> None:
    samoa = daily("09:00-17:00", zone="Pacific/Apia", holidays=("2011-12-30", "2011-12-31"))
    found = list(closed(samoa, at("2011-12-30 03:00"), at("2011-12-31 19:00")))
    assert [one.holiday for one in found if one.use is Use.HOLIDAY] == [date(2011, 12, 31)]


def test_a_century_is_looked_at_only_as_far_as_a_person_asks() -> None:
    first = list(islice(account(office(), at("2000-01-03 09:00"), at("2100-01-01 00:00")), 3))
    assert told(first) == [
        ("Mon 09:00", "Mon 17:00", "counted"),
        ("Mon 17:00", "Tue 09:00", "closed"),
        ("Tue 09:00", "Tue 17:00", "counted"),
    ]


def test_the_night_of_a_clock_change_has_its_true_length() -> None:
    berlin = daily("09:00-17:00", zone="Europe/Berlin")
    (night,) = closed(berlin, at("2026-03-28 16:00"), at("2026-03-29 07:00"))
    assert night.seconds == 15 * 3600


@bounded
@given(to_the_second())
def test_an_account_tiles_its_time_without_gap_or_overlap(scene: Scene) -> None:
    found = list(account(scene.calendar, scene.start, scene.end, scene.pauses))
    assert all(before.end == after.start for before, after in pairwise(found))
    assert all(one.seconds > 0 for one in found)
    if scene.start < scene.end:
        assert (found[0].start, found[-1].end) == (scene.start, scene.end)
    assert sum(one.seconds for one in found) == int((scene.end - scene.start).total_seconds())


@bounded
@given(to_the_second())
def test_what_counts_in_an_account_is_what_elapsed(scene: Scene) -> None:
    found = [one for one in account(scene.calendar, scene.start, scene.end, scene.pauses) if one.use is Use.COUNTED]
    assert sum(one.seconds for one in found) == elapsed(scene.calendar, scene.start, scene.end, scene.pauses)
    assert tuple(Span(start=one.start, end=one.end) for one in found) == counted(
        scene.calendar, scene.start, scene.end, scene.pauses
    )


@pytest.mark.slow
@bounded
@given(scenes())
def test_each_minute_has_the_reason_that_a_list_of_minutes_gives(scene: Scene) -> None:
    working = Minutes(scene.calendar, scene.first).open
    unpaused = scene.minutes().open
    unbroken = Minutes(replace(scene.calendar, breaks={}), scene.first).open
    regular = Minutes(replace(scene.calendar, breaks={}, holidays=()), scene.first).open

    def reason(minute: int) -> Use:
        if not regular[minute]:
            return Use.CLOSED
        if not unbroken[minute]:
            return Use.HOLIDAY
        if not working[minute]:
            return Use.BREAK
        return Use.COUNTED if unpaused[minute] else Use.PAUSED

    for one in account(scene.calendar, scene.start, scene.end, scene.pauses):
        first, last = ((moment - scene.first) // MINUTE for moment in (one.start, one.end))
        assert {reason(minute) for minute in range(first, last)} == {one.use}, one
        assert (one.holiday is not None) is (one.use is Use.HOLIDAY)
        if one.holiday:
            listed = {one.holiday.isoformat(), f"--{one.holiday:%m-%d}"}
            assert listed & set(scene.calendar.holidays)
