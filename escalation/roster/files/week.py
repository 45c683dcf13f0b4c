"""Reads weekly hours, hand-overs, and the instants that a roster names."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from escalation.business_time import Calendar, CalendarError, Hours, parse_hours
from escalation.business_time.zones import first_second, to_moment
from escalation.roster.files.problems import Place, Problems, suggest

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
"""Far from where dates end, so that a day more or less is always a date."""
_ALL_DAY = (parse_hours("00:00", "24:00"),)


def read_week(
    hours: Mapping[str, tuple[str, ...]] | None, zone: str, name: str, place: Place, problems: Problems
) -> Calendar:
    """The calendar of a shift's hours; without any, every day from midnight to midnight.

    Args:
        hours: Weekdays, `mon` or `mon-fri`, to stretches, `09:00-17:30`.
        zone: In which the hours are read.
        name: Of the shift.
        place: Where the hours stand.
        problems: Takes what is wrong with them.
    """
    if hours is None:
        return Calendar(name=name, zone=zone, weekly=(_ALL_DAY,) * 7)
    week: dict[str, tuple[Hours, ...]] = {}
    for key, texts in hours.items():
        read = _hours(texts, (*place, key), problems)
        for day in _weekdays(key, (*place, key), problems):
            if day in week:
                problems.add((*place, key), f"`{day}` has hours already; name each weekday once and list its hours")
            week[day] = read
    return Calendar(name=name, zone=zone, weekly=tuple(week.get(day, ()) for day in WEEKDAYS))


def _weekdays(key: str, place: Place, problems: Problems) -> tuple[str, ...]:
    first, _, last = key.partition("-")
    unknown = [day for day in (first, last or first) if day not in WEEKDAYS]
    if unknown:
        problems.add(place, f"`{unknown[0]}` is not a weekday; {suggest(unknown[0], WEEKDAYS)}")
        return ()
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    # A range may run over the weekend, such as `sat-mon`.
    return (WEEKDAYS * 2)[begin : end + 1 if end >= begin else end + 8]


def _hours(texts: tuple[str, ...], place: Place, problems: Problems) -> tuple[Hours, ...]:
    read = [_stretch(text, place, problems) for text in texts]
    hours = sorted((each for each in read if each is not None), key=lambda each: each.opens)
    if any(earlier.closes > later.opens for earlier, later in pairwise(hours)):
        problems.add(place, "these hours overlap; write them one after the other")
    return tuple(hours)


def _stretch(text: str, place: Place, problems: Problems) -> Hours | None:
    match = _INTERVAL.fullmatch(text)
    if match is None or match[1] == match[2]:
        problems.add(place, f"`{text}` are not hours; write `09:00-17:30`, or `00:00-24:00` for the whole day")
        return None
    try:
        return parse_hours(match[1], match[2])
    except CalendarError:
        problems.add(place, f"`{text}` are not times of a day; write times from `00:00` to `24:00`")
        return None


def read_hand_over(text: str) -> tuple[int, int]:
    """Weekday, 0 is Monday, and minutes after midnight of `mon 09:00`."""
    day, at = text.split()
    hours, minutes = at.split(":")
    return WEEKDAYS.index(day), int(hours) * 60 + int(minutes)


def read_date(text: str) -> date | None:
    """The date; None where there is no such day, or it is centuries away."""
    try:
        read = date.fromisoformat(text)
    except ValueError:
        return None
    return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def read_instant(text: str, zone: str, *, end: bool) -> datetime | None:
    """The aware UTC instant that a roster names; None where there is no such day or time, or it is centuries away.

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
