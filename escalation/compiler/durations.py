"""Reads durations, and compares those that are comparable."""

from collections.abc import Iterable

from escalation.business_time import (
    ALWAYS_OPEN,
    BusinessDays,
    Calendar,
    Duration,
    DurationError,
    OpenTime,
    parse_duration,
)
from escalation.documents.problems import Problems
from escalation.documents.yaml import Path

_DAY = 24 * 3600
_USUAL_DAY = 8 * 3600


def read_duration(text: str, calendars: Iterable[Calendar], path: Path, problems: Problems) -> Duration | None:
    """The positive duration at a path, sound in each calendar; None, with a problem noted, if it is not one."""
    found: Duration | None = None
    try:
        for calendar in calendars:
            found = parse_duration(text, calendar)
    except DurationError as error:
        what, _, advice = str(error).partition("; ")
        problems.add(path, what, advice)
        return None
    if found in {OpenTime(0), BusinessDays(0)}:
        problems.add(path, f"`{text}` is zero", "write how long, such as `15m`")
        return None
    return found


def duration_text(duration: Duration, *, days: bool = False) -> str:
    """The duration as a policy would write it: `1h30m`, `2bd`, and `14d` if days of 24 hours are allowed."""
    if isinstance(duration, BusinessDays):
        return f"{duration.days}bd"
    if days and duration.seconds and duration.seconds % _DAY == 0:
        return f"{duration.seconds // _DAY}d"
    hours, minutes, rest = duration.seconds // 3600, duration.seconds % 3600 // 60, duration.seconds % 60
    parts = ((hours, "h"), (minutes, "m"), (rest, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def counted_text(duration: Duration, calendar: str) -> str:
    """The duration and where it is counted, as a policy would write both: `1bd on office`."""
    return f"{duration_text(duration, days=calendar == ALWAYS_OPEN.name)} on {calendar}"


def rough_seconds(duration: Duration, calendar: Calendar) -> int:
    """About how many open seconds a duration takes: exact for open time, a usual day's worth for a business day."""
    if isinstance(duration, OpenTime):
        return duration.seconds
    return duration.days * _open_day(calendar)


def _open_day(calendar: Calendar) -> int:
    if calendar.always:
        return _DAY
    days = [round(sum(hours.closes - hours.opens for hours in day) * 60) for day in calendar.weekly if day]
    return sum(days) // len(days) if days else _USUAL_DAY
