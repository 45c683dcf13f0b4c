"""Counting in open days instead of open seconds.

A day counts when any open time begins on it. It runs from its first opening to the first opening of the next day that
counts, so every instant belongs to one day: the small hours of a night shift to the day on which the shift began, unless
the next has opened by then. The same local time of day is kept, and never leaves the day it lands on. Apart from that,
the rules for open time hold:

- A start outside hours, also one on a closed day, counts from the next opening.
- A time of day that is closed on the day it lands on moves to the next opening; backwards, to the closing before it.
- The closing instant belongs to the day that it closes (``boundary: close``) or is the next opening (``next_open``).
- A time of day that a clock change skips is the first instant after the gap; one that occurs twice is the first of the two.

Forwards, a later start is never due sooner; backwards, the answer is the latest start that is due by the end. The one
exception is an hour that the clocks go through twice: its times of day come again, and they are what is kept.
"""

from datetime import datetime, timedelta

from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import (
    FOREVER,
    HORIZON_DAYS,
    hours_on,
    never_opens,
    settled_back,
    stretches_back,
)
from escalation.business_time.totals import settled
from escalation.business_time.zones import day_at, first_second, second_of_day, wall_clock

_A_DAY = timedelta(days=1)


def days_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the second ``days`` open days after ``start``."""
    begin = settled(calendar, start)
    if not days:
        return begin
    day, time_of_day = _place(calendar, begin, days)
    same = first_second(calendar.zone, datetime.fromordinal(day) + time_of_day)
    opens = _opening(calendar, day)
    return min(settled(calendar, same), _end(calendar, day, time_of_day)) if same > opens else opens


def days_before(calendar: Calendar, end: int, days: int) -> int:
    """Return the second ``days`` open days before ``end``."""
    begin = settled_back(calendar, end)
    if not days:
        return begin
    day, time_of_day = _place(calendar, begin, -days)
    same = first_second(calendar.zone, datetime.fromordinal(day) + time_of_day)
    opens, over = _opening(calendar, day), _end(calendar, day, time_of_day)
    if opens <= same < over:
        return settled_back(calendar, same)
    return _closing_before(calendar, opens if same < opens else over)


def closing_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the last closing of the day that lies ``days`` open days after ``start``."""
    day = _open_day(calendar, _day_of(calendar, settled(calendar, start)), days)
    return max(closes for _, closes in hours_on(calendar, day))


def _place(calendar: Calendar, second: int, days: int) -> tuple[int, timedelta]:
    """Return the day so many open days from a settled second, and the time since midnight to keep on it."""
    day = _day_of(calendar, second)
    return _open_day(calendar, day, days), wall_clock(calendar.zone, second) - datetime.fromordinal(day)


def _day_of(calendar: Calendar, second: int) -> int:
    """Return the day that runs at a settled second: the latest that has opened."""
    today = day_at(calendar.zone, second)
    # Hours of two days ago can close at this morning's midnight.
    return next(
        day for day in (today, today - 1, today - 2) if hours_on(calendar, day) and _opening(calendar, day) <= second
    )


def _opening(calendar: Calendar, day: int) -> int:
    return hours_on(calendar, day)[0][0]


def _end(calendar: Calendar, day: int, time_of_day: timedelta) -> int:
    """Return when the next day opens, where a time of day on this one can reach it at all."""
    if time_of_day >= _A_DAY:
        # Hours end by the midnight after next, so no time of day lies further on.
        for near in (day + 1, day + 2):
            if hours_on(calendar, near):
                return _opening(calendar, near)
    return FOREVER


def _closing_before(calendar: Calendar, second: int) -> int:
    """Return where the latest open time before a second ends."""
    return next(stretches_back(calendar, second))[1]


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
