"""Calendars and instants that the business-time tests share."""

from datetime import UTC, datetime
from typing import Any

from escalation.business_time import Calendar, Hours, Span, parse_hours

CLOSED: tuple[Hours, ...] = ()


def hours(*rows: str) -> tuple[Hours, ...]:
    """Read rows such as ``09:00-17:00``."""
    return tuple(parse_hours(*row.split("-")) for row in rows)


def office(*rows: str, zone: str = "UTC", **settings: Any) -> Calendar:
    """Build a calendar that is open at the same hours from Monday to Friday, 09:00 to 17:00 if none are given."""
    day = hours(*(rows or ("09:00-17:00",)))
    return Calendar(name="office", zone=zone, weekly=(*(day,) * 5, CLOSED, CLOSED), **settings)


def daily(*rows: str, zone: str = "UTC", **settings: Any) -> Calendar:
    """Build a calendar that is open at the same hours every day."""
    return Calendar(name="daily", zone=zone, weekly=(hours(*rows),) * 7, **settings)


def at(text: str) -> datetime:
    """Read a UTC instant such as ``2026-03-02 09:00``. 2026-03-02 is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: str, end: str) -> Span:
    """Read a stretch between two UTC instants."""
    return Span(start=at(start), end=at(end))
