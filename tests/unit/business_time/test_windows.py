"""The open windows of a calendar, one after the other."""

from itertools import islice

import pytest

from escalation.business_time import ALWAYS_OPEN, Calendar, NeverOpens, Span, is_open, windows
from tests.unit.business_time.samples import CLOSED, at, daily, hours, office, span


def first(count: int, calendar: Calendar, start: str) -> list[Span]:
    return list(islice(windows(calendar, at(start)), count))


def test_windows_follow_each_other_over_the_weekend() -> None:
    assert first(3, office("09:00-12:00", "13:00-17:00"), "2026-03-06 12:30") == [
        span("2026-03-06 13:00", "2026-03-06 17:00"),
        span("2026-03-09 09:00", "2026-03-09 12:00"),
        span("2026-03-09 13:00", "2026-03-09 17:00"),
    ]


def test_a_window_that_is_open_begins_now_and_one_at_its_closing_is_over() -> None:
    assert first(1, office(), "2026-03-02 10:30") == [span("2026-03-02 10:30", "2026-03-02 17:00")]
    assert first(1, office(), "2026-03-02 17:00") == [span("2026-03-03 09:00", "2026-03-03 17:00")]


def test_windows_stop_where_they_are_asked_to() -> None:
    found = list(windows(office(), at("2026-03-02 00:00"), at("2026-03-03 12:00")))
    assert found == [span("2026-03-02 09:00", "2026-03-02 17:00"), span("2026-03-03 09:00", "2026-03-03 12:00")]
    assert list(windows(office(), at("2026-03-07 00:00"), at("2026-03-08 00:00"))) == []
    for calendar in (office(), ALWAYS_OPEN):
        assert list(windows(calendar, at("2026-03-03 00:00"), at("2026-03-02 00:00"))) == []


def test_windows_that_touch_are_one_window() -> None:
    calendar = Calendar(
        name="weekend",
        zone="UTC",
        weekly=(*(CLOSED,) * 5, hours("12:00-18:00", "18:00-24:00"), hours("00:00-12:00")),
    )
    assert first(2, calendar, "2026-03-02 00:00") == [
        span("2026-03-07 12:00", "2026-03-08 12:00"),
        span("2026-03-14 12:00", "2026-03-15 12:00"),
    ]


def test_a_night_shift_is_one_window() -> None:
    assert first(2, office("22:00-06:00"), "2026-03-03 01:00") == [
        span("2026-03-03 01:00", "2026-03-03 06:00"),
        span("2026-03-03 22:00", "2026-03-04 06:00"),
    ]


@pytest.mark.parametrize("calendar", [ALWAYS_OPEN, daily("00:00-24:00")])
def test_a_window_that_never_closes_comes_in_pieces_of_years(calendar: Calendar) -> None:
    one, two = first(2, calendar, "2026-03-02 10:00")
    assert one.start == at("2026-03-02 10:00")
    assert one.end == two.start
    assert (one.end - one.start).days >= 5 * 365


def test_windows_of_a_calendar_without_a_future_come_before_its_refusal() -> None:
    once = Calendar(name="once", zone="UTC", weekly=(CLOSED,) * 7, shifts={"2026-03-03": hours("09:00-17:00")})
    found = windows(once, at("2026-03-02 10:00"))
    assert next(found) == span("2026-03-03 09:00", "2026-03-03 17:00")
    with pytest.raises(NeverOpens, match="'once' has no open time"):
        next(found)


@pytest.mark.parametrize(
    ("moment", "answer"),
    [
        ("2026-03-02 08:59:59", False),
        ("2026-03-02 09:00:00", True),
        ("2026-03-02 16:59:59", True),
        ("2026-03-02 17:00:00", False),
        ("2026-03-07 12:00:00", False),
    ],
)
def test_the_opening_instant_is_open_and_the_closing_instant_is_not(moment: str, answer: bool) -> None:
    assert is_open(office(), at(moment)) is answer
