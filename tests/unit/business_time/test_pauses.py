"""What a pause does to a clock."""

from datetime import UTC, datetime
from functools import lru_cache

import pytest

from escalation.business_time import (
    ALWAYS_OPEN,
    Boundary,
    BusinessDays,
    Calendar,
    NeverOpens,
    OpenTime,
    Span,
    add,
    counted,
    elapsed,
)
from escalation.business_time import openings as engine
from escalation.business_time.cache import seconds as totals
from tests.unit.business_time.samples import at, office, span

NOTHING = OpenTime(0)
HOUR = OpenTime(3600)
DAY = BusinessDays(1)
MONDAY_TEN = at("2026-03-02 10:00")


@pytest.fixture
def days_looked_at(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Collect each day whose hours the engine works out; it remembers nothing from before."""
    seen: list[int] = []
    real = engine.hours_on

    def watched(calendar: Calendar, day: int) -> list[engine.Stretch]:
        seen.append(day)
        return real(calendar, day)

    monkeypatch.setattr(engine, "hours_on", watched)
    monkeypatch.setattr(totals, "_block", lru_cache(totals._block.__wrapped__))
    return seen


def test_a_pause_moves_the_deadline_by_its_open_time() -> None:
    assert add(office(), MONDAY_TEN, HOUR, [span("2026-03-02 10:30", "2026-03-02 10:50")]) == at("2026-03-02 11:20")


def test_a_pause_is_exact_to_the_second() -> None:
    pauses = [span("2026-03-02 10:30:01", "2026-03-02 10:30:08")]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 11:00:07")
    assert elapsed(office(), MONDAY_TEN, at("2026-03-02 11:00:07"), pauses) == 3600


def test_a_pause_outside_hours_changes_nothing() -> None:
    pauses = [span("2026-03-02 17:00", "2026-03-03 09:00")]
    assert add(office(), at("2026-03-02 16:30"), HOUR, pauses) == at("2026-03-03 09:30")


def test_pauses_that_overlap_touch_or_repeat_count_once() -> None:
    pauses = [
        span("2026-03-02 11:00", "2026-03-02 12:00"),
        span("2026-03-02 10:30", "2026-03-02 11:30"),
        span("2026-03-02 12:00", "2026-03-02 12:30"),
        span("2026-03-02 10:45", "2026-03-02 11:00"),
        span("2026-03-02 10:30", "2026-03-02 11:30"),
    ]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 13:00")
    assert counted(office(), MONDAY_TEN, at("2026-03-02 13:00"), pauses) == (
        span("2026-03-02 10:00", "2026-03-02 10:30"),
        span("2026-03-02 12:30", "2026-03-02 13:00"),
    )


def test_a_clock_may_start_inside_a_pause() -> None:
    pauses = [span("2026-03-02 09:00", "2026-03-02 12:00")]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 13:00")
    assert add(office(), MONDAY_TEN, OpenTime(0), pauses) == at("2026-03-02 12:00")
    assert elapsed(office(), MONDAY_TEN, at("2026-03-02 12:30"), pauses) == 1800


def test_a_pause_that_begins_when_the_time_is_used_up_does_not_matter() -> None:
    pauses = [span("2026-03-02 11:00", "2026-03-04 12:00")]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 11:00")
    assert add(office(boundary=Boundary.NEXT_OPEN), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 11:00")


def test_an_empty_or_inverted_pause_is_none() -> None:
    pauses = [span("2026-03-02 10:30", "2026-03-02 10:30"), span("2026-03-02 10:50", "2026-03-02 10:20")]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2026-03-02 11:00")
    assert elapsed(office(), MONDAY_TEN, at("2026-03-02 11:00"), pauses) == 3600


def test_pauses_after_the_end_are_not_counted() -> None:
    pauses = [span("2026-03-02 10:30", "2026-03-02 15:00"), span("2026-03-02 16:00", "2026-03-02 17:00")]
    assert elapsed(office(), MONDAY_TEN, at("2026-03-02 11:00"), pauses) == 1800


def test_a_pause_on_the_calendar_that_never_closes_takes_its_full_length() -> None:
    pauses = [span("2026-03-02 10:30", "2026-06-02 10:30")]
    assert add(ALWAYS_OPEN, MONDAY_TEN, HOUR, pauses) == at("2026-06-02 11:00")


def test_a_pause_of_months_costs_nothing(days_looked_at: list[int]) -> None:
    pauses = [span("2026-03-02 10:30", "2027-05-31 10:30")]
    assert add(office(), MONDAY_TEN, HOUR, pauses) == at("2027-05-31 11:00")
    # What is listed lies around its beginning and its end; of the days between nothing is.
    assert len(set(days_looked_at)) < 3 * (totals.BLOCK // engine.DAY)
    assert at("2026-11-02 10:00").toordinal() not in days_looked_at


def test_a_month_is_walked_by_the_day_and_only_once(days_looked_at: list[int]) -> None:
    assert add(office(), MONDAY_TEN, OpenTime(20 * 8 * 3600)) == at("2026-03-30 10:00")
    looked_at = len(days_looked_at)
    assert 20 <= looked_at < 3 * (totals.BLOCK // engine.DAY)
    assert add(office(), MONDAY_TEN, OpenTime(19 * 8 * 3600)) == at("2026-03-27 10:00")
    assert elapsed(office(), MONDAY_TEN, at("2026-03-27 10:00")) == 19 * 8 * 3600
    # Where it ends exactly at an opening or a closing, its day is looked at again.
    assert len(days_looked_at) - looked_at <= 6


def test_a_pause_without_end_has_no_deadline() -> None:
    forever = Span(start=MONDAY_TEN, end=datetime.max.replace(tzinfo=UTC))
    with pytest.raises(NeverOpens, match="'office': the pauses after 2026-03-02 09:00 never end"):
        add(office(), at("2026-03-02 09:00"), OpenTime(7200), [forever])
    assert add(office(), at("2026-03-02 09:00"), HOUR, [forever]) == MONDAY_TEN
    with pytest.raises(NeverOpens, match="never end"):
        add(office(), MONDAY_TEN, NOTHING, [forever])


def test_what_takes_no_time_is_due_at_the_next_second_that_counts() -> None:
    assert add(office(), MONDAY_TEN, NOTHING, [span("2026-03-02 09:00", "2026-03-02 12:00")]) == at("2026-03-02 12:00")
    evening = at("2026-03-02 20:00")
    assert add(office(), evening, NOTHING, [span("2026-03-02 21:00", "2026-03-02 22:00")]) == at("2026-03-03 09:00")


def test_a_naive_pause_is_refused() -> None:
    naive = Span(start=MONDAY_TEN, end=at("2026-03-02 11:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="2026-03-02T11:00:00 has no time zone"):
        elapsed(office(), MONDAY_TEN, at("2026-03-02 12:00"), [naive])


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        (span("2026-03-02 11:00", "2026-03-02 13:00"), "2026-03-03 12:00"),
        (span("2026-03-02 09:00", "2026-03-02 12:00"), "2026-03-03 12:00"),
        (span("2026-03-02 12:00", "2026-03-04 12:00"), "2026-03-05 10:00"),
        (span("2026-03-02 17:00", "2026-03-03 09:00"), "2026-03-03 10:00"),
        (span("2026-03-03 10:00", "2026-03-06 10:00"), "2026-03-03 10:00"),
        (span("2026-03-02 16:00", "2026-03-02 17:00"), "2026-03-03 11:00"),
    ],
)
def test_a_pause_moves_a_deadline_in_business_days_by_the_open_time_it_covered(pause: Span, due: str) -> None:
    assert add(office(), MONDAY_TEN, DAY, [pause]) == at(due)
