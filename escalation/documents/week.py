"""Reads weekly hours as people write them in policies and rosters: `mon-fri: 09:00-17:30`."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from escalation.business_time import CalendarError, Hours, parse_hours
from escalation.documents.problems import Problems, advise
from escalation.documents.yaml import Path

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"([0-9]{2}:[0-9]{2})-([0-9]{2}:[0-9]{2})")


def read_week(hours: Mapping[str, Iterable[str]], path: Path, problems: Problems) -> tuple[tuple[Hours, ...], ...]:
    """The hours of the seven days, Monday first.

    Args:
        hours: Weekdays, `mon` or `mon-fri`, to stretches, `09:00-17:30`.
        path: Where they are in the file.
    """
    week: dict[str, tuple[Hours, ...]] = {}
    for key, texts in hours.items():
        read = read_hours(texts, (*path, key), problems)
        for day in _weekdays(key, (*path, key), problems):
            if day in week:
                problems.add((*path, key), f"`{day}` has hours already", "name each weekday once and list its hours")
            week[day] = read
    return tuple(week.get(day, ()) for day in WEEKDAYS)


def read_hours(texts: Iterable[str], path: Path, problems: Problems) -> tuple[Hours, ...]:
    """The hours of one day, in order."""
    read = [_stretch(text, (*path, number), problems) for number, text in enumerate(texts)]
    hours = sorted((each for each in read if each is not None), key=lambda each: each.opens)
    if any(earlier.closes > later.opens for earlier, later in pairwise(hours)):
        problems.add(path, f"the hours of `{path[-1]}` overlap", "write them one after the other")
    return tuple(hours)


def _weekdays(key: str, path: Path, problems: Problems) -> tuple[str, ...]:
    first, _, last = key.partition("-")
    unknown = [day for day in (first, last or first) if day not in WEEKDAYS]
    if unknown:
        problems.add(path, f"`{unknown[0]}` is not a weekday", advise(unknown[0], WEEKDAYS))
        return ()
    begin, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    # A range may run over the weekend, such as `sat-mon`.
    return (WEEKDAYS * 2)[begin : end + 1 if end >= begin else end + 8]


def _stretch(text: str, path: Path, problems: Problems) -> Hours | None:
    match = _INTERVAL.fullmatch(text)
    if match is None:
        problems.add(path, f"`{text}` are not hours", "write `09:00-17:30`")
        return None
    if match[1] == match[2]:
        problems.add(path, f"`{text}` opens and closes at once", "write `00:00-24:00` for the whole day")
        return None
    try:
        return parse_hours(match[1], match[2])
    except CalendarError:
        problems.add(path, f"`{text}` are not times of a day", "write times from `00:00` to `24:00`")
        return None
