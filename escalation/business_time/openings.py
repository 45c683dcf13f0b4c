"""When a calendar is open: turns its hours into intervals of seconds, day by day and on demand.

Nothing here goes minute by minute: the cost is one small step a day, and none for days that are not requested.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache

from escalation.business_time.calendar import MINUTES_A_DAY, Boundary, Calendar, Hours, Span, yearly
from escalation.business_time.errors import NeverOpens
from escalation.business_time.zones import day_at, second_of_day, to_moment, to_second

Stretch = tuple[int, int]  # a half-open stretch of seconds: from the first up to but not including the second

DAY = 86_400
HORIZON_DAYS = 5 * 366  # how many closed days in a row mean that the calendar never opens
FOREVER = to_second(datetime(9999, 12, 1, tzinfo=UTC))
"""The end of time, safely before the last date that a ``datetime`` can hold."""

_ALL_DAY = (Hours(opens=0, closes=MINUTES_A_DAY),)


def is_open(calendar: Calendar, at: datetime) -> bool:
    """Tell whether the calendar is open at ``at``. The opening instant is open, the closing instant is not.

    Raises:
        ValueError: ``at`` is naive.
    """
    return open_at(calendar, to_second(at))


def windows(calendar: Calendar, start: datetime, until: datetime | None = None) -> Iterator[Span]:
    """Return the open windows from ``start`` on, one after the other, found as they are asked for.

    Windows that touch are one window, also across midnight. One that is open at ``start`` begins there, one that is still
    open at ``until`` ends there. A window that stays open for more than five years is cut into pieces that touch.

    Args:
        start: the instant to look from.
        until: the instant to stop at; without it the windows never end.

    Raises:
        ValueError: an instant is naive.
        NeverOpens: while iterating without ``until``: no window opens within five years of the last one.
    """
    begin, end = to_second(start), FOREVER if until is None else to_second(until)
    return (
        Span(start=to_moment(opens), end=to_moment(closes)) for opens, closes in whole_windows(calendar, begin, end)
    )


def whole_windows(calendar: Calendar, start: int, until: int) -> Iterator[Stretch]:
    """Yield the open stretches between two seconds, joined where they touch."""
    begin = None
    for opens, closes in stretches(calendar, start, until):
        begin = opens if begin is None else begin
        goes_on = closes < until and closes - begin < HORIZON_DAYS * DAY and open_at(calendar, closes)
        if not goes_on:
            yield begin, closes
            begin = None


def stretches(calendar: Calendar, start: int, until: int = FOREVER) -> Iterator[Stretch]:
    """Yield the open stretches between two seconds in order; they may touch but never overlap.

    Raises:
        NeverOpens: there is no end, and nothing opens for five years.
    """
    if until < FOREVER:
        yield from _between(calendar, start, until)
        return
    while True:
        horizon = min(start + HORIZON_DAYS * DAY, FOREVER)
        closed = True
        for stretch in _between(calendar, start, horizon):
            closed = False
            yield stretch
        if closed:
            raise never_opens(calendar, start)
        start = horizon


def stretches_back(calendar: Calendar, end: int) -> Iterator[Stretch]:
    """Yield the open stretches before a second, the latest first.

    Raises:
        NeverOpens: nothing was open for five years.
    """
    last_open = end
    while last_open - end < HORIZON_DAYS * DAY:
        week_before = end - 7 * DAY
        for stretch in reversed(list(_between(calendar, week_before, end))):
            last_open = stretch[0]
            yield stretch
        end = week_before
    raise never_opens(calendar, last_open)


def _between(calendar: Calendar, start: int, until: int) -> Iterator[Stretch]:
    if calendar.always:
        if start < until:
            yield start, until
        return
    reached = start
    # A night shift of the day before may still run.
    day = day_at(calendar.zone, start) - 1
    while second_of_day(calendar.zone, day, 0) < until:
        for opens, closes in hours_on(calendar, day):
            begin, end = max(opens, reached), min(closes, until)
            if begin < end:
                yield begin, end
                reached = end
        day += 1


@lru_cache(maxsize=8192)
def hours_on(calendar: Calendar, day: int) -> list[Stretch]:
    """Return the open stretches that begin on a local date, given by its ordinal, in order of opening.

    The list is remembered: look at it, leave it as it is.
    """
    on = date.fromordinal(day)
    closed = _closed_dates(calendar.holidays)
    if on.isoformat() in closed or yearly(on.isoformat()) in closed or _was_skipped(calendar.zone, day):
        return []
    opened = sorted(_on_wall(calendar.zone, day, _ALL_DAY if calendar.always else calendar.hours_of(on)))
    if calendar.breaks:
        opened = _without(opened, _breaks_around(calendar, day))
    # Hours that lie within a clock change have no length.
    return [(opens, closes) for opens, closes in opened if opens < closes]


@lru_cache(maxsize=64)
def _closed_dates(holidays: tuple[str, ...]) -> frozenset[str]:
    return frozenset(holidays)


def _was_skipped(zone: str, day: int) -> bool:
    """Tell whether the zone jumped over a whole date, as Samoa did over 30 December 2011: no shift began on it."""
    return second_of_day(zone, day, 0) == second_of_day(zone, day + 1, 0)


def _on_wall(zone: str, day: int, hours: Iterable[Hours]) -> Iterator[Stretch]:
    for each in hours:
        yield second_of_day(zone, day, each.opens), second_of_day(zone, day, each.closes)


def _breaks_around(calendar: Calendar, day: int) -> Iterator[Stretch]:
    for near in (day - 1, day, day + 1):
        yield from _on_wall(calendar.zone, near, calendar.breaks_on(date.fromordinal(near)))


def _without(stretches: list[Stretch], cuts: Iterable[Stretch]) -> list[Stretch]:
    for begin, end in cuts:
        kept = ((opens, min(closes, begin)) for opens, closes in stretches)
        rest = ((max(opens, end), closes) for opens, closes in stretches)
        stretches = sorted((opens, closes) for opens, closes in (*kept, *rest) if opens < closes)
    return stretches


def open_at(calendar: Calendar, second: int) -> bool:
    """Tell whether the calendar is open during a second."""
    if calendar.always:
        return True
    today = day_at(calendar.zone, second)
    # A night shift of the day before may still run.
    return any(opens <= second < closes for day in (today - 1, today) for opens, closes in hours_on(calendar, day))


def ends_at_closing(calendar: Calendar, second: int) -> bool:
    """Tell whether a duration may end here because the calendar closes at this instant."""
    return calendar.boundary is Boundary.CLOSE and not open_at(calendar, second) and open_at(calendar, second - 1)


def settled_back(calendar: Calendar, second: int) -> int:
    """Return the instant itself while open, at opening and at closing, else the closing before it."""
    if open_at(calendar, second):
        return second
    return next(stretches_back(calendar, second))[1]


def never_opens(calendar: Calendar, second: int) -> NeverOpens:
    """Return the error for a calendar without open time around a second."""
    return NeverOpens(
        f"calendar {calendar.name!r} has no open time within five years of {to_moment(second):%Y-%m-%d}: "
        "give it weekly hours or shifts, or use the calendar 24x7"
    )
