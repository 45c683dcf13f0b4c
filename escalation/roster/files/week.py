"""Reads the hand-overs and instants that a roster names."""

from datetime import UTC, date, datetime, time, timedelta

from escalation.business_time.zones import first_second, to_moment
from escalation.documents.week import WEEKDAYS

_FIRST_YEAR, _LAST_YEAR = 1900, 9000  # far from where dates end, so that a day more or less is always a date


def read_hand_over(text: str) -> tuple[int, int]:
    """Weekday, 0 is Monday, and minutes after midnight of `mon 09:00`."""
    day, at = text.split()
    hours, minutes = at.split(":")
    return WEEKDAYS.index(day), int(hours) * 60 + int(minutes)


def read_date(text: str) -> date | None:
    """The date; None if there is no such day, or it is centuries away."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def read_instant(text: str, zone: str, *, end: bool) -> datetime | None:
    """The aware UTC instant that a roster names; None if there is no such day or time, or it is centuries away.

    Args:
        text: A date, a local time, or a time with its offset.
        zone: Of dates and local times. A local time in a gap is the first instant after it, in a fold the first of two.
        end: Whether something ends there: a date then counts to its last second.
    """
    day = read_date(text[: len("2026-01-05")])
    if day is None:
        return None
    if len(text) == len("2026-01-05"):
        return to_moment(first_second(zone, datetime.combine(day + timedelta(days=1 if end else 0), time())))
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return to_moment(first_second(zone, read)) if read.tzinfo is None else read.astimezone(UTC)
