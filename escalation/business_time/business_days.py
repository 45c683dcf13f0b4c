"""Counting in open days instead of open seconds.

A day counts when any open time begins on it. The same local time of day is kept. The rest follows the rules for open time:

- A start outside hours, also one on a closed day, counts from the next opening.
- A time of day that is closed on the day it lands on moves to the next opening; backwards, to the closing before it.
- The closing instant belongs to the day that it closes (``boundary: close``) or is the next opening (``next_open``).
- A time of day that a clock change skips is the first instant after the gap; one that occurs twice is the first of the two.
- The small hours of a night shift belong to the day on which the shift began.
"""

from collections.abc import Iterator
from datetime import datetime

from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import (
    HORIZON_DAYS,
    Stretch,
    hours_on,
    never_opens,
    settled,
    settled_back,
)
from escalation.business_time.zones import first_second, second_of_day, wall_clock


def days_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the second ``days`` open days after ``start``."""
    begin = settled(calendar, start)
    return settled(calendar, _same_time(calendar, begin, days)) if days else begin


def days_before(calendar: Calendar, end: int, days: int) -> int:
    """Return the second ``days`` open days before ``end``."""
    begin = settled_back(calendar, end)
    return settled_back(calendar, _same_time(calendar, begin, -days)) if days else begin


def closing_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the last closing of the day that lies ``days`` open days after ``start``."""
    day = _open_day(calendar, _day_of(calendar, settled(calendar, start)), days)
    return max(closes for _, closes in hours_on(calendar, day))


def _same_time(calendar: Calendar, second: int, days: int) -> int:
    day = _day_of(calendar, second)
    time_of_day = wall_clock(calendar.zone, second) - datetime.fromordinal(day)
    return first_second(calendar.zone, datetime.fromordinal(_open_day(calendar, day, days)) + time_of_day)


def _day_of(calendar: Calendar, second: int) -> int:
    """Return the day whose hours hold a settled second; its own date comes before a night shift of an earlier one."""
    held = [day for day, (opens, closes) in _hours_around(calendar, second) if opens <= second < closes]
    closed = [day for day, (_, closes) in _hours_around(calendar, second) if closes == second]
    return (held or closed)[0]


def _hours_around(calendar: Calendar, second: int) -> Iterator[tuple[int, Stretch]]:
    today = wall_clock(calendar.zone, second).toordinal()
    # Hours of two days ago can close at this morning's midnight.
    for day in (today, today - 1, today - 2):
        for stretch in hours_on(calendar, day):
            yield day, stretch


def _open_day(calendar: Calendar, day: int, days: int) -> int:
    """Walk ``days`` open days on from ``day``, or back where it is negative."""
    for _ in range(abs(days)):
        day = _next_open_day(calendar, day, -1 if days < 0 else 1)
    return day


def _next_open_day(calendar: Calendar, day: int, step: int) -> int:
    for near in range(day + step, day + step * HORIZON_DAYS, step):
        if hours_on(calendar, near):
            return near
    raise never_opens(calendar, second_of_day(calendar.zone, day, 0))
