"""Business-time facts from other products' test suites, computed by this engine.

A case is a mapping with these keys; times are ISO 8601 in UTC, intervals are local wall times such as ``["09:00", "17:00"]``:

- ``calendar``: hours by ``mon`` to ``sun``, where a day that is absent is closed; or ``"24x7"``
- ``tz`` (UTC when absent), ``holidays``, ``shifts``, ``breaks``, ``boundary``: all may be absent
- ``op``: one of the names in ``OPERATIONS``
- ``inputs``: what that operation takes

``evaluate`` answers in the terms of the case's ``expected``. Keys that no operation knows are passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from escalation.business_time.arithmetic import add, add_end_of_day, elapsed, subtract
from escalation.business_time.calendar import Calendar, Span
from escalation.business_time.case_values import Case, mapping, moment, pauses, read_calendar, whole
from escalation.business_time.durations import BusinessDays, OpenTime
from escalation.business_time.errors import CaseError, NeverOpens
from escalation.business_time.openings import is_open, windows
from escalation.business_time.zones import second_of_day, to_moment, to_second, wall_clock

JsonValue: TypeAlias = str | int | bool | list[list[str]]

_MOST_DAYS = 3660
_MOST_SECONDS = _MOST_DAYS * 86_400
_MOST_WINDOWS = 10_000


def evaluate(case: Case) -> JsonValue:
    """Compute one case.

    Returns:
        An instant as ``2026-01-05T09:00:00Z``, a number of seconds, whether it is open, or a list of windows; ``"error"``
        where the calendar never opens.

    Raises:
        CaseError: the operation is not one of ``OPERATIONS``, or a value is missing or cannot be read.
        CalendarError: the calendar cannot be used as it is written.
        DurationError: a duration is negative.
    """
    name = mapping(case, "case").get("op")
    operation = OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise CaseError(f"unknown operation {name!r}; known are {', '.join(sorted(OPERATIONS))}")
    calendar, inputs = read_calendar(case), mapping(case.get("inputs"), "inputs")
    try:
        return operation(calendar, inputs)
    except NeverOpens:
        return "error"


def _add(calendar: Calendar, inputs: Case) -> str:
    return _text(add(calendar, moment(inputs, "start"), _seconds(inputs, "duration_s"), pauses(inputs)))


def _subtract(calendar: Calendar, inputs: Case) -> str:
    _refuse_pauses(inputs)
    return _text(subtract(calendar, moment(inputs, "end"), _seconds(inputs, "duration_s")))


def _retarget(calendar: Calendar, inputs: Case) -> str:
    """The new target is counted from the original start, and the pauses so far still do not count."""
    within = _seconds(inputs, "new_duration_s", "to_duration_s", "duration_s")
    return _text(add(calendar, moment(inputs, "start", "original_start"), within, pauses(inputs)))


def _elapsed(calendar: Calendar, inputs: Case) -> int:
    return elapsed(calendar, moment(inputs, "start"), moment(inputs, "end"), pauses(inputs))


def _is_open(calendar: Calendar, inputs: Case) -> bool:
    return is_open(calendar, moment(inputs, "at"))


def _windows(calendar: Calendar, inputs: Case) -> list[list[str]]:
    """List windows as the products do: one ends at local midnight even where the next begins there."""
    daily = (
        [_text(piece.start), _text(piece.end)]
        for window in windows(calendar, moment(inputs, "from", "start"))
        for piece in _days_of(window, calendar.zone)
    )
    count = whole(inputs, "count", at_most=_MOST_WINDOWS, default=1)
    if count < 0:
        raise CaseError(f"`count` is {count}; write how many windows are wanted")
    return list(islice(daily, count))


def _days_of(window: Span, zone: str) -> Iterator[Span]:
    start, end = to_second(window.start), to_second(window.end)
    day = wall_clock(zone, start).toordinal()
    while start < end:
        day += 1
        cut = min(second_of_day(zone, day, 0), end)
        # A date that a zone skipped altogether has no length.
        if start < cut:
            yield Span(start=to_moment(start), end=to_moment(cut))
            start = cut


def _add_business_days(calendar: Calendar, inputs: Case) -> str:
    start, days = moment(inputs, "start"), _days(inputs)
    if days < 0:
        _refuse_pauses(inputs)
        return _text(subtract(calendar, start, BusinessDays(-days)))
    return _text(add(calendar, start, BusinessDays(days), pauses(inputs)))


def _subtract_business_days(calendar: Calendar, inputs: Case) -> str:
    _refuse_pauses(inputs)
    return _text(subtract(calendar, moment(inputs, "end"), BusinessDays(_days(inputs))))


def _add_business_days_end_of_day(calendar: Calendar, inputs: Case) -> str:
    _refuse_pauses(inputs)
    start, days = moment(inputs, "start"), _days(inputs)
    if days < 0:
        return _text(add_end_of_day(calendar, subtract(calendar, start, BusinessDays(-days)), 0))
    return _text(add_end_of_day(calendar, start, days))


def _seconds(inputs: Case, *names: str) -> OpenTime:
    return OpenTime(whole(inputs, *names, at_most=_MOST_SECONDS))


def _days(inputs: Case) -> int:
    return whole(inputs, "days", at_most=_MOST_DAYS)


def _refuse_pauses(inputs: Case) -> None:
    if pauses(inputs):
        raise CaseError("this operation does not take pauses; leave them out")


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS: Mapping[str, Callable[[Calendar, Case], JsonValue]] = {
    "add": _add,
    "add_with_pauses": _add,
    "subtract": _subtract,
    "elapsed": _elapsed,
    "elapsed_with_pauses": _elapsed,
    "retarget": _retarget,
    "is_open": _is_open,
    "windows": _windows,
    "add_business_days": _add_business_days,
    "subtract_business_days": _subtract_business_days,
    "add_business_days_end_of_day": _add_business_days_end_of_day,
}
