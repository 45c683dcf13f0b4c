"""How durations are written, and which ones are refused."""

import pytest
from pydantic import TypeAdapter

from escalation.business_time import ALWAYS_OPEN, BusinessDays, Duration, DurationError, OpenTime, parse_duration
from tests.unit.business_time.samples import office


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("4h", 14_400),
        ("1h30m", 5_400),
        ("1h 30m 5s", 5_405),
        (" 48h ", 172_800),
        ("0m", 0),
    ],
)
def test_hours_minutes_and_seconds_are_open_time(text: str, seconds: int) -> None:
    assert parse_duration(text, office()) == OpenTime(seconds)


@pytest.mark.parametrize(("text", "days"), [("2bd", 2), ("1 bd", 1), ("0bd", 0)])
def test_bd_counts_business_days_on_any_calendar(text: str, days: int) -> None:
    assert parse_duration(text, office()) == BusinessDays(days)
    assert parse_duration(text, ALWAYS_OPEN) == BusinessDays(days)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("1d", "write '1bd' for 1 business day, or '24h' for 24 hours of open time"),
        ("3d", "write '3bd' for 3 business days, or '72h' for 72 hours of open time"),
        ("1d12h", "write '1bd' for 1 business day, or '24h'"),
    ],
)
def test_a_bare_day_is_refused_with_the_two_ways_to_say_it(text: str, ways: str) -> None:
    with pytest.raises(DurationError, match=f"'{text}' can be read in two ways on calendar 'office'.*{ways}"):
        parse_duration(text, office())


def test_a_day_of_a_calendar_that_never_closes_has_24_hours() -> None:
    assert parse_duration("1d", ALWAYS_OPEN) == OpenTime(86_400)
    assert parse_duration("1d12h", ALWAYS_OPEN) == OpenTime(129_600)


@pytest.mark.parametrize("text", ["", "  ", "90", "4 hours", "-4h", "1.5h", "30m1h", "4H", "2bd4h", "h", "٣h", "1w"])
def test_what_is_not_a_duration_is_refused_with_examples(text: str) -> None:
    with pytest.raises(DurationError, match="is not a duration; write open time as 90s, 15m, 4h or 1h30m"):
        parse_duration(text, office())


@pytest.mark.parametrize("text", ["87865h", "3661bd", "999999999999s"])
def test_more_than_ten_years_is_taken_for_a_slip_of_the_unit(text: str) -> None:
    with pytest.raises(DurationError, match=f"'{text}' is longer than ten years; is the unit right"):
        parse_duration(text, office())


def test_ten_years_are_allowed() -> None:
    assert parse_duration("3660bd", office()) == BusinessDays(3660)
    assert parse_duration("87840h", office()) == OpenTime(87_840 * 3600)


def test_no_duration_is_negative() -> None:
    with pytest.raises(DurationError, match="-1 seconds: a duration cannot be negative; use subtract"):
        OpenTime(-1)
    with pytest.raises(DurationError, match="-1 business days: a duration cannot be negative; use subtract"):
        BusinessDays(-1)


@pytest.mark.parametrize("duration", [OpenTime(90), BusinessDays(2)])
def test_a_duration_comes_back_from_json_as_the_kind_it_was(duration: Duration) -> None:
    adapter: TypeAdapter[Duration] = TypeAdapter(Duration)
    assert adapter.validate_json(adapter.dump_json(duration)) == duration


def test_a_text_too_long_for_a_duration_is_refused_without_being_repeated() -> None:
    with pytest.raises(DurationError, match="a duration of 501 characters; write open time as 90s"):
        parse_duration("9" * 500 + "h", office())
