"""Accounts for every second between two instants: it counted, or one thing kept it from counting.

Each reason takes only what the ones before it left: what the regular hours (weekly, or a date's own shifts) leave out is
closed. Of the rest, holidays take the hours that would have begun on them, then breaks take theirs, then pauses. So a
pause over a night stays a night, and a holiday on a Sunday takes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import chain, groupby
from operator import attrgetter

from escalation.business_time.calendar import Calendar, Span
from escalation.business_time.openings import Stretch, hours_on, stretches, whole_windows
from escalation.business_time.zones import day_at, to_moment, to_second


class Use(StrEnum):
    """The use of an interval of time."""

    COUNTED = "counted"  # it was open, and nothing was waited for
    CLOSED = "closed"  # it lay outside the regular hours
    HOLIDAY = "holiday"  # it would have been open but for a holiday
    BREAK = "break"  # it would have been open but for a break
    PAUSED = "paused"  # it was open, and a pause covered it


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A stretch of time and what it was used for."""

    start: datetime  # first instant, aware UTC, on a whole second
    end: datetime  # the instant after the last, aware UTC, on a whole second
    use: Use
    # the closed date, with `Use.HOLIDAY`; hours that run past midnight belong to the date they open on
    holiday: date | None = None

    @property
    def seconds(self) -> int:
        """Its length."""
        return to_second(self.end) - to_second(self.start)


def account(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span] = ()) -> Iterator[Used]:
    """Tell the time between two instants apart, without gap or overlap, in order, found as it is asked for.

    What counted adds up to ``elapsed``. Nothing is yielded where ``end`` is not after ``start``.

    Args:
        calendar: whose open time counts.
        start: aware instant; fractions of a second are dropped.
        end: aware instant; fractions of a second are dropped.
        pauses: spans that do not count.

    Raises:
        ValueError: an instant is naive.
    """
    begin, finish = to_second(start), to_second(end)
    idle = _merged((to_second(pause.start), to_second(pause.end)) for pause in pauses)
    layers = _lifted(calendar)
    for opens, closes, is_open in _cut(begin, finish, whole_windows(calendar, begin, finish)):
        if is_open:
            for first, last, is_idle in _cut(opens, closes, idle):
                yield _used(first, last, Use.PAUSED if is_idle else Use.COUNTED)
        else:
            yield from _joined(_why_closed(opens, closes, layers))


def closed(calendar: Calendar, start: datetime, end: datetime) -> Iterator[Used]:
    """Return the closed stretches between two instants with their reason, in order, found as they are asked for.

    Raises:
        ValueError: an instant is naive.
    """
    return (used for used in account(calendar, start, end) if used.use is not Use.COUNTED)


Layer = tuple[Use, Calendar]
"""A reason, and the calendar as it would be without that reason and those that come after it."""


def _lifted(calendar: Calendar) -> list[Layer]:
    layers = []
    if calendar.breaks:
        calendar = replace(calendar, breaks={})
        layers.append((Use.BREAK, calendar))
    if calendar.holidays:
        layers.append((Use.HOLIDAY, replace(calendar, holidays=())))
    return layers


def _why_closed(begin: int, end: int, layers: Sequence[Layer]) -> Iterator[Used]:
    """Yield the reasons for a stretch in which nothing is open; pieces with the same reason may touch."""
    if not layers:
        yield _used(begin, end, Use.CLOSED)
        return
    (use, lifted), *others = layers
    for first, last, would_be_open in _cut(begin, end, stretches(lifted, begin, end)):
        if not would_be_open:
            yield from _why_closed(first, last, others)
        elif use is Use.HOLIDAY:
            yield _used(first, last, use, _date_of(lifted, first))
        else:
            yield _used(first, last, use)


def _date_of(calendar: Calendar, second: int) -> date:
    """Return the date whose hours hold an open second; those that began earlier come first."""
    today = day_at(calendar.zone, second)
    yesterday = any(opens <= second < closes for opens, closes in hours_on(calendar, today - 1))
    return date.fromordinal(today - 1 if yesterday else today)


def _cut(begin: int, end: int, inner: Iterable[Stretch]) -> Iterator[tuple[int, int, bool]]:
    """Yield a stretch in pieces that lie within the sorted inner ones, or between them."""
    cursor = begin
    for opens, closes in chain(inner, [(end, end)]):
        first, last = max(opens, begin), min(closes, end)
        if cursor < min(first, end):
            yield cursor, min(first, end), False
        if first < last:
            yield first, last, True
        cursor = max(cursor, last)


def _merged(pauses: Iterable[Stretch]) -> list[Stretch]:
    """Return the pauses in order, joined where they overlap or touch."""
    merged: list[Stretch] = []
    for begin, finish in sorted(pauses):
        if begin >= finish:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], finish)
        else:
            merged.append((begin, finish))
    return merged


def _joined(pieces: Iterable[Used]) -> Iterator[Used]:
    """Yield pieces that touch and have the same reason as one."""
    for _, alike in groupby(pieces, key=attrgetter("use", "holiday")):
        first, *others = alike
        yield replace(first, end=others[-1].end) if others else first


def _used(begin: int, end: int, use: Use, holiday: date | None = None) -> Used:
    return Used(start=to_moment(begin), end=to_moment(end), use=use, holiday=holiday)
