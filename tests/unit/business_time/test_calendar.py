"""What a calendar may say, and how it is refused."""

import dataclasses
from typing import Any

import pytest
from pydantic import TypeAdapter

from escalation.business_time import ALWAYS_OPEN, Boundary, Calendar, CalendarError, Hours, parse_hours
from tests.unit.business_time.samples import CLOSED, hours, office


@pytest.mark.parametrize(
    ("opens", "closes", "minutes"),
    [
        ("09:00", "17:00", (540, 1020)),
        ("00:00", "24:00", (0, 1440)),
        ("22:00", "06:00", (1320, 1800)),
        ("09:00", "00:00", (540, 1440)),
        ("08:00", "08:00", (480, 1920)),
    ],
)
def test_hours_read_as_wall_times_and_run_past_midnight_when_they_close_before_they_open(
    opens: str, closes: str, minutes: tuple[int, int]
) -> None:
    read = parse_hours(opens, closes)
    assert (read.opens, read.closes) == minutes


@pytest.mark.parametrize("text", ["9:00", "24:01", "25:00", "09:60", "0900", "09:00:60", ""])
def test_a_text_that_is_not_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="is not a time of day; write it as 00:00 to 24:00"):
        parse_hours(text, "17:00")


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 1500), (540, 540), (600, 540), (540, 2881)])
def test_hours_that_are_not_an_interval_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(CalendarError, match=f"hours from minute {opens} to minute {closes} are not an interval"):
        Hours(opens=opens, closes=closes)


def test_a_day_cannot_open_at_its_own_end() -> None:
    with pytest.raises(CalendarError, match="must open within the day"):
        parse_hours("24:00", "06:00")


def test_a_week_has_seven_days() -> None:
    with pytest.raises(CalendarError, match="'short' lists 5 days of the week instead of 7"):
        Calendar(name="short", zone="UTC", weekly=(hours("09:00-17:00"),) * 5)


@pytest.mark.parametrize(
    "settings",
    [
        {"holidays": ("25.12.2026",)},
        {"holidays": ("2026-02-29",)},
        {"holidays": ("--13-01",)},
        {"holidays": ("20261225",)},
        {"shifts": {"tomorrow": CLOSED}},
        {"breaks": {"--12-32": CLOSED}},
    ],
)
def test_a_date_that_is_none_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(CalendarError, match=r"calendar 'office': .* is not a date; write it as 2026-12-25"):
        office(**settings)


def test_a_yearly_holiday_may_fall_on_a_leap_day() -> None:
    assert office(holidays=("--02-29",)).holidays == ("--02-29",)


@pytest.mark.parametrize(
    "settings", [{"holidays": ("--12-25",)}, {"shifts": {"2026-12-24": CLOSED}}, {"breaks": {"2026-12-24": CLOSED}}]
)
def test_a_calendar_that_never_closes_has_no_exceptions(settings: dict[str, Any]) -> None:
    with pytest.raises(CalendarError, match="'24x7' never closes, so it cannot have shifts, breaks or holidays"):
        dataclasses.replace(ALWAYS_OPEN, **settings)


def test_a_calendar_survives_json() -> None:
    calendar = office(
        "09:00-12:00",
        "13:00-17:00",
        zone="Europe/Berlin",
        shifts={"2026-12-24": hours("09:00-12:00")},
        breaks={"2026-12-23": hours("15:00-17:00")},
        holidays=("--12-25", "2026-04-03"),
        boundary=Boundary.NEXT_OPEN,
        version="abc",
    )
    adapter = TypeAdapter(Calendar)
    assert adapter.validate_json(adapter.dump_json(calendar)) == calendar
    assert adapter.validate_json(adapter.dump_json(ALWAYS_OPEN)) == ALWAYS_OPEN


def test_editions_of_a_calendar_are_distinguished_before_all_of_them_is_compared() -> None:
    one, same, other = (office(version=version) for version in ("1c98c6ee", "1c98c6ee", "b51f0d3a"))
    assert one == same
    assert hash(one) == hash(same)
    assert hash(one) != hash(other)
