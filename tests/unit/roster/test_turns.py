from datetime import date, timedelta
from itertools import pairwise

import pytest

from escalation.roster import Listed, Pattern, turns
from tests.unit.roster.plans import at, every_day, rotation, told, turn, week


def test_people_of_a_pattern_are_all_there_during_its_hours() -> None:
    days = Pattern(people=("ana", "ben"), week=week(mon="09:00-12:00 13:00-17:00"))
    assert told(turns(days, at("2026-01-05 00:00"), at("2026-01-12 00:00"))) == [
        ("ana", "01-05 08:00", "01-05 11:00"),
        ("ben", "01-05 08:00", "01-05 11:00"),
        ("ana", "01-05 12:00", "01-05 16:00"),
        ("ben", "01-05 12:00", "01-05 16:00"),
    ]


def test_days_that_touch_at_midnight_are_shifts_of_their_own() -> None:
    days = Pattern(people=("ana",), week=every_day("00:00-24:00", zone="UTC"))
    assert told(turns(days, at("2026-01-05 06:00"), at("2026-01-06 06:00"))) == [
        ("ana", "01-05 00:00", "01-06 00:00"),
        ("ana", "01-06 00:00", "01-07 00:00"),
    ]


def test_people_of_a_rotation_take_a_week_each_in_turn() -> None:
    three = rotation("ana", "ben", "chloe")
    assert told(turns(three, at("2026-01-05 00:00"), at("2026-02-02 09:00"))) == [
        ("ana", "01-05 08:00", "01-12 08:00"),
        ("ben", "01-12 08:00", "01-19 08:00"),
        ("chloe", "01-19 08:00", "01-26 08:00"),
        ("ana", "01-26 08:00", "02-02 08:00"),
        ("ben", "02-02 08:00", "02-09 08:00"),
    ]


def test_no_one_is_on_shift_before_the_rotation_starts() -> None:
    assert told(turns(rotation("ana"), at("2025-01-01 00:00"), at("2026-01-05 08:00"))) == []


@pytest.mark.parametrize(
    ("starts", "first"),
    [
        (date(2026, 1, 5), "01-05 08:00"),
        (date(2026, 1, 6), "01-12 08:00"),
        (date(2026, 1, 4), "01-05 08:00"),
        (date(2026, 1, 11), "01-12 08:00"),
    ],
)
def test_the_first_turn_begins_with_the_first_hand_over_on_or_after_the_start(starts: date, first: str) -> None:
    began = next(turns(rotation("ana", starts=starts), at("2025-12-01 00:00"), at("2026-02-01 00:00")))
    assert f"{began.start:%m-%d %H:%M}" == first


def test_the_one_who_looks_years_later_finds_the_same_turns_as_the_one_who_counts_from_the_start() -> None:
    five = rotation("a", "b", "c", "d", "e", starts=date(1999, 12, 27))
    whole = list(turns(five, at("1999-01-01 00:00"), at("2026-07-01 00:00")))
    for back in (1, 2, 7, 40):
        start = at("2026-07-01 00:00") - timedelta(days=back)
        late = list(turns(five, start, at("2026-07-01 00:00")))
        assert late == [each for each in whole if each.end > start]


def test_hours_cut_a_turn_and_hand_overs_cut_the_hours() -> None:
    nights = rotation("ana", "ben", hand_over="02:00", weekday=2, hours=every_day("22:00-06:00"))
    assert told(turns(nights, at("2026-01-13 12:00"), at("2026-01-15 12:00"))) == [
        ("ana", "01-13 21:00", "01-14 01:00"),
        ("ben", "01-14 01:00", "01-14 05:00"),
        ("ben", "01-14 21:00", "01-15 05:00"),
    ]


def test_a_turn_that_runs_at_the_first_instant_keeps_its_own_start_and_one_that_ends_then_is_over() -> None:
    nights = Pattern(people=("ana",), week=every_day("22:00-06:00", zone="UTC"))
    assert told(turns(nights, at("2026-01-06 05:59"), at("2026-01-06 06:00"))) == [
        ("ana", "01-05 22:00", "01-06 06:00")
    ]
    assert told(turns(nights, at("2026-01-06 06:00"), at("2026-01-06 22:00"))) == []


@pytest.mark.parametrize(
    ("zone", "weekday", "hand_over", "starts", "instant"),
    [
        # 02:30 does not happen: clocks go from 02:00 to 03:00 at 01:00 UTC.
        ("Europe/Berlin", 6, "02:30", date(2026, 3, 29), "2026-03-29 01:00"),
        # 02:30 happens twice: at 00:30 and at 01:30 UTC.
        ("Europe/Berlin", 6, "02:30", date(2026, 10, 25), "2026-10-25 00:30"),
        # A clock change of half an hour: 02:00 becomes 02:30 at 15:30 UTC of the day before.
        ("Australia/Lord_Howe", 6, "02:15", date(2026, 10, 4), "2026-10-03 15:30"),
        # 01:45 happens twice, half an hour apart.
        ("Australia/Lord_Howe", 6, "01:45", date(2026, 4, 5), "2026-04-04 14:45"),
        # Zones off by half an hour and by a quarter.
        ("Asia/Kolkata", 0, "09:00", date(2026, 1, 5), "2026-01-05 03:30"),
        ("Asia/Kathmandu", 0, "09:00", date(2026, 1, 5), "2026-01-05 03:15"),
        # Clocks go forward at midnight: the day begins at 01:00.
        ("America/Asuncion", 6, "00:00", date(2023, 10, 1), "2023-10-01 04:00"),
    ],
)
def test_a_hand_over_in_a_gap_is_the_first_instant_after_it_and_in_a_fold_the_first_of_two(
    zone: str, weekday: int, hand_over: str, starts: date, instant: str
) -> None:
    two = rotation("ana", "ben", zone=zone, weekday=weekday, hand_over=hand_over, starts=starts)
    began = next(turns(two, at(instant) - timedelta(days=3), at(instant) + timedelta(days=3)))
    assert (began.person, began.start) == ("ana", at(instant))


@pytest.mark.parametrize(("zone", "hand_over"), [("Europe/Berlin", "02:30"), ("Australia/Lord_Howe", "01:45")])
def test_over_a_year_of_clock_changes_turns_neither_overlap_nor_leave_a_gap(zone: str, hand_over: str) -> None:
    two = rotation("ana", "ben", zone=zone, weekday=6, hand_over=hand_over)
    found = list(turns(two, at("2026-02-01 00:00"), at("2027-02-01 00:00")))
    assert all(earlier.end == later.start for earlier, later in pairwise(found))
    assert all({earlier.person, later.person} == {"ana", "ben"} for earlier, later in pairwise(found))
    week_long = {each.end - each.start for each in found} - {timedelta(days=7)}
    assert len(week_long) == 2


def test_hours_within_a_clock_change_have_no_length_and_are_not_a_shift() -> None:
    early = Pattern(people=("ana",), week=every_day("02:00-03:00"))
    assert told(turns(early, at("2026-03-28 00:00"), at("2026-03-31 00:00"))) == [
        ("ana", "03-28 01:00", "03-28 02:00"),
        ("ana", "03-30 00:00", "03-30 01:00"),
    ]


def test_listed_turns_are_those_that_overlap_the_time_asked_for() -> None:
    listed = Listed(
        turns=(turn("ana", "2026-01-05 00:00", "2026-01-06 00:00"), turn("ben", "2026-01-07", "2026-01-08"))
    )
    assert told(turns(listed, at("2026-01-05 23:59"), at("2026-01-07 00:00"))) == [
        ("ana", "01-05 00:00", "01-06 00:00")
    ]


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        list(turns(rotation("ana"), at("2026-01-05 00:00").replace(tzinfo=None), at("2026-01-06 00:00")))


def test_a_rotation_without_hours_in_the_time_asked_for_has_no_turns() -> None:
    mondays = rotation("ana", hours=week(mon="09:00-17:00"))
    assert told(turns(mondays, at("2026-01-07 00:00"), at("2026-01-09 00:00"))) == []


def test_hours_before_the_first_hand_over_are_on_no_ones_turn() -> None:
    late = rotation("ana", starts=date(2026, 1, 7), weekday=2, hours=every_day("09:00-17:00", zone="UTC"), zone="UTC")
    assert told(turns(late, at("2026-01-05 00:00"), at("2026-01-08 00:00"))) == [("ana", "01-07 09:00", "01-07 17:00")]
