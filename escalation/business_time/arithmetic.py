"""Adding, subtracting and measuring business time.

Pauses are spans that do not count, at second precision. They may overlap, touch, be empty, lie anywhere and come in any
order. A duration that starts inside a pause starts when the pause ends.

With business days, each pause moves the deadline on by the open time that it covered before the deadline.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from escalation.business_time.business_days import closing_after, days_after, days_before
from escalation.business_time.cache.seconds import seconds_between, used_up
from escalation.business_time.calendar import Calendar, Span
from escalation.business_time.durations import BusinessDays, Duration, OpenTime
from escalation.business_time.errors import NeverOpens
from escalation.business_time.openings import (
    FOREVER,
    Stretch,
    ends_at_closing,
    settled_back,
    stretches,
    stretches_back,
    whole_windows,
)
from escalation.business_time.zones import to_moment, to_second


def add(calendar: Calendar, start: datetime, duration: Duration, pauses: Sequence[Span] = ()) -> datetime:
    """Return the UTC instant at which ``duration`` is used up, counted from ``start``.

    A start outside hours counts from the next opening; so does a duration of zero, except that under ``boundary: close``
    it ends at once when it starts at a closing instant. ``elapsed`` measures the same duration again.

    Args:
        calendar: whose open time counts.
        start: aware instant; fractions of a second are dropped.
        pauses: spans that do not count.

    Raises:
        ValueError: an instant is naive.
        NeverOpens: the calendar has no open time to count.
    """
    begin, idle = to_second(start), _sorted(pauses) if pauses else ()
    if isinstance(duration, OpenTime):
        return to_moment(_add_seconds(calendar, begin, duration.seconds, idle))
    due = days_after(calendar, begin, duration.days)
    lost = _open_seconds(calendar, begin, due) - _open_seconds(calendar, begin, due, idle) if idle else 0
    return to_moment(_add_seconds(calendar, due, lost, idle) if lost else due)


def subtract(calendar: Calendar, end: datetime, duration: Duration) -> datetime:
    """Return the latest UTC instant from which ``duration`` lasts until ``end``.

    An end outside hours counts back from the closing before it. A duration used up exactly at opening starts there.

    Args:
        calendar: whose open time counts.
        end: aware instant; fractions of a second are dropped.

    Raises:
        ValueError: ``end`` is naive.
        NeverOpens: the calendar has no open time to count.
    """
    finish = to_second(end)
    if isinstance(duration, BusinessDays):
        return to_moment(days_before(calendar, finish, duration.days))
    return to_moment(_subtract_seconds(calendar, finish, duration.seconds))


def elapsed(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> int:
    """Return how many open seconds lie between two instants; 0 where ``end`` is not after ``start``.

    Args:
        calendar: whose open time counts.
        start: aware instant; fractions of a second are dropped.
        end: aware instant; fractions of a second are dropped.
        pauses: spans that do not count.

    Raises:
        ValueError: an instant is naive.
    """
    return _open_seconds(calendar, to_second(start), to_second(end), _sorted(pauses) if pauses else ())


def share(calendar: Calendar, start: datetime, end: datetime, percent: int, pauses: Sequence[Span] = ()) -> datetime:
    """Return the UTC instant at which so much is used up of the open time between two instants, to the whole second.

    Args:
        calendar: whose open time counts.
        start: aware instant; fractions of a second are dropped.
        end: aware instant; fractions of a second are dropped.
        percent: how much of it; more than 100 continues beyond the end.
        pauses: spans that do not count.

    Raises:
        ValueError: an instant is naive.
        NeverOpens: the calendar has no open time to count.
    """
    begin, idle = to_second(start), _sorted(pauses) if pauses else ()
    seconds = _open_seconds(calendar, begin, to_second(end), idle) * percent // 100
    return to_moment(_add_seconds(calendar, begin, seconds, idle))


def counted(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Return the very intervals that ``elapsed`` counts, in order, in UTC; their lengths add up to it.

    Raises:
        ValueError: an instant is naive.
    """
    return tuple(
        Span(start=to_moment(opens), end=to_moment(closes))
        for begin, finish in _unpaused(to_second(start), to_second(end), _sorted(pauses))
        for opens, closes in whole_windows(calendar, begin, finish)
    )


def add_end_of_day(calendar: Calendar, start: datetime, days: int) -> datetime:
    """Return the last closing of the day that lies ``days`` business days after ``start``, in UTC.

    Raises:
        ValueError: ``start`` is naive.
        DurationError: ``days`` is negative.
        NeverOpens: the calendar has no open day to count.
    """
    return to_moment(closing_after(calendar, to_second(start), BusinessDays(days).days))


def _add_seconds(calendar: Calendar, start: int, seconds: int, idle: Sequence[Stretch]) -> int:
    if calendar.always and not idle:
        return start + seconds
    if not seconds:
        return _next_counted(calendar, start, idle)
    if not idle:
        return used_up(calendar, start, seconds)
    left = seconds
    for begin, finish in _unpaused(start, FOREVER, idle):
        counts = seconds_between(calendar, begin, finish) if finish < FOREVER else left
        if left <= counts:
            return used_up(calendar, begin, left)
        left -= counts
    raise _paused_for_ever(calendar, start)


def _next_counted(calendar: Calendar, start: int, idle: Sequence[Stretch]) -> int:
    if ends_at_closing(calendar, start):
        return start
    for begin, finish in _unpaused(start, FOREVER, idle):
        opens, _ = next(stretches(calendar, begin, finish), (finish, finish))
        if opens < finish:
            return opens
    raise _paused_for_ever(calendar, start)


def _paused_for_ever(calendar: Calendar, start: int) -> NeverOpens:
    return NeverOpens(f"calendar {calendar.name!r}: the pauses after {to_moment(start):%Y-%m-%d %H:%M} never end")


def _subtract_seconds(calendar: Calendar, end: int, seconds: int) -> int:
    if not seconds:
        return settled_back(calendar, end)
    left, earlier = seconds, stretches_back(calendar, end)
    opens, closes = next(earlier)
    while left > closes - opens:
        left -= closes - opens
        opens, closes = next(earlier)
    return closes - left


def _open_seconds(calendar: Calendar, start: int, end: int, idle: Sequence[Stretch] = ()) -> int:
    if not idle:
        return max(0, end - start) if calendar.always else seconds_between(calendar, start, end)
    return sum(seconds_between(calendar, begin, finish) for begin, finish in _unpaused(start, end, idle))


def _sorted(pauses: Sequence[Span]) -> list[Stretch]:
    return sorted((to_second(pause.start), to_second(pause.end)) for pause in pauses)


def _unpaused(start: int, end: int, idle: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield what the sorted pauses leave of a stretch, so that days inside a pause are never looked at."""
    cursor = start
    for begin, finish in idle:
        if begin >= finish:
            continue
        if cursor < min(begin, end):
            yield cursor, min(begin, end)
        cursor = max(cursor, finish)
    if cursor < end:
        yield cursor, end
