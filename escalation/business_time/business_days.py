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

from escalation.business_time.cache.days import OpenDay, open_days
from escalation.business_time.cache.seconds import settled
from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import DAY, FOREVER, hours_on, settled_back, stretches_back


def days_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the second ``days`` open days after ``start``."""
    begin = settled(calendar, start)
    if not days:
        return begin
    today, day = open_days(calendar, begin, days)
    time_of_day = today.time_of_day(calendar.zone, begin)
    same = day.second_at(calendar.zone, time_of_day)
    return min(settled(calendar, same), _end(calendar, day, time_of_day)) if same > day.opens else day.opens


def days_before(calendar: Calendar, end: int, days: int) -> int:
    """Return the second ``days`` open days before ``end``."""
    begin = settled_back(calendar, end)
    if not days:
        return begin
    today, day = open_days(calendar, begin, -days)
    time_of_day = today.time_of_day(calendar.zone, begin)
    same, over = day.second_at(calendar.zone, time_of_day), _end(calendar, day, time_of_day)
    if day.opens <= same < over:
        return settled_back(calendar, same)
    return _closing_before(calendar, day.opens if same < day.opens else over)


def closing_after(calendar: Calendar, start: int, days: int) -> int:
    """Return the last closing of the day that lies ``days`` open days after ``start``."""
    _, day = open_days(calendar, settled(calendar, start), days)
    return max(closes for _, closes in hours_on(calendar, day.number))


def _end(calendar: Calendar, day: OpenDay, time_of_day: int) -> int:
    """Return when the next day opens, where a time of day on this one can reach it at all."""
    if time_of_day >= DAY:
        # Hours end by the midnight after next, so no time of day lies further on.
        for near in (day.number + 1, day.number + 2):
            if hours := hours_on(calendar, near):
                return hours[0][0]
    return FOREVER


def _closing_before(calendar: Calendar, second: int) -> int:
    """Return where the latest open time before a second ends."""
    return next(stretches_back(calendar, second))[1]
