"""Computes test vectors of business time, such as other products' test suites hold: what `due --cases` answers.

A vector is a mapping with these keys; times are ISO 8601 in UTC, intervals are local wall times such as ``["09:00", "17:00:30"]``:

- ``calendar``: hours by ``mon`` to ``sun``, where a day that is absent is closed; or ``"24x7"``
- ``tz`` (UTC when absent), ``holidays``, ``shifts``, ``breaks``, ``boundary``: all may be absent
- ``op``: one of the names in ``OPERATIONS``
- ``inputs``: what that operation takes

``evaluate`` answers in the terms of the vector's ``expected``. Keys that no operation knows are passed over.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import TypeAlias

from escalation.business_time.arithmetic import add, add_end_of_day, elapsed, subtract
from escalation.business_time.calendar import Calendar
from escalation.business_time.durations import BusinessDays, OpenTime
from escalation.business_time.errors import NeverOpens
from escalation.business_time.openings import DAY, Stretch, is_open, stretches
from escalation.business_time.zones import to_moment, to_second
from starter.cli.time.vector_values import Vector, VectorError, mapping, moment, pauses, read_calendar, whole

JsonValue: TypeAlias = str | int | bool | list[list[str]]

_MOST_DAYS = 3660
_MOST_SECONDS = _MOST_DAYS * 86_400
_MOST_WINDOWS = 10_000


def evaluate(vector: Vector) -> JsonValue:
    """Compute one vector.

    Returns:
        An instant as ``2026-01-05T09:00:00Z``, a number of seconds, whether it is open, or a list of windows; ``"error"``
        where the calendar never opens.

    Raises:
        VectorError: the operation is not one of ``OPERATIONS``, or a value is missing or cannot be read.
        CalendarError: the calendar cannot be used as it is written.
        DurationError: a duration is negative.
    """
    name = mapping(vector, "case").get("op")
    operation = OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise VectorError(f"unknown operation {name!r}; known are {', '.join(sorted(OPERATIONS))}")
    calendar, inputs = read_calendar(vector), mapping(vector.get("inputs"), "inputs")
    try:
        return operation(calendar, inputs)
    except NeverOpens:
        return "error"


def _add(calendar: Calendar, inputs: Vector) -> str:
    return _text(add(calendar, moment(inputs, "start"), _seconds(inputs, "duration_s"), pauses(inputs)))


def _subtract(calendar: Calendar, inputs: Vector) -> str:
    _refuse_pauses(inputs)
    return _text(subtract(calendar, moment(inputs, "end", "start"), _seconds(inputs, "duration_s")))


def _retarget(calendar: Calendar, inputs: Vector) -> str:
    # The new target is counted from the original start, and the pauses so far still do not count.
    within = _seconds(inputs, "new_duration_s", "to_duration_s", "new_target_s", "target_s", "duration_s")
    return _text(add(calendar, moment(inputs, "start", "original_start"), within, pauses(inputs)))


def _elapsed(calendar: Calendar, inputs: Vector) -> int:
    return elapsed(calendar, moment(inputs, "start"), moment(inputs, "end"), pauses(inputs))


def _is_open(calendar: Calendar, inputs: Vector) -> bool:
    return is_open(calendar, moment(inputs, "at", "time", "start"))


def _windows(calendar: Calendar, inputs: Vector) -> list[list[str]]:
    # List windows as the products do: each interval of a day is one, also where the next begins at its end.
    begin = to_second(moment(inputs, "from", "start", "at"))
    found = (each for one in stretches(calendar, begin) for each in _days_of(calendar, *one))
    count = whole(inputs, "count", at_most=_MOST_WINDOWS, default=1)
    if count < 0:
        raise VectorError(f"`count` is {count}; write how many windows are wanted")
    return [[_text(to_moment(opens)), _text(to_moment(closes))] for opens, closes in islice(found, count)]


def _days_of(calendar: Calendar, start: int, end: int) -> Iterator[Stretch]:
    """Yield a stretch as it is, but day by day where the calendar never closes and so has no intervals."""
    while calendar.always and start // DAY < (end - 1) // DAY:
        cut = (start // DAY + 1) * DAY
        yield start, cut
        start = cut
    yield start, end


def _add_business_days(calendar: Calendar, inputs: Vector) -> str:
    start, days = moment(inputs, "start"), _days(inputs)
    if days < 0:
        _refuse_pauses(inputs)
        return _text(subtract(calendar, start, BusinessDays(-days)))
    return _text(add(calendar, start, BusinessDays(days), pauses(inputs)))


def _subtract_business_days(calendar: Calendar, inputs: Vector) -> str:
    _refuse_pauses(inputs)
    end, days = moment(inputs, "end", "start"), _days(inputs)
    if days < 0:
        return _text(add(calendar, end, BusinessDays(-days)))
    return _text(subtract(calendar, end, BusinessDays(days)))


def _add_business_days_end_of_day(calendar: Calendar, inputs: Vector) -> str:
    _refuse_pauses(inputs)
    start, days = moment(inputs, "start"), _days(inputs)
    if days < 0:
        return _text(add_end_of_day(calendar, subtract(calendar, start, BusinessDays(-days)), 0))
    return _text(add_end_of_day(calendar, start, days))


def _seconds(inputs: Vector, *names: str) -> OpenTime:
    return OpenTime(whole(inputs, *names, at_most=_MOST_SECONDS))


def _days(inputs: Vector) -> int:
    return whole(inputs, "days", at_most=_MOST_DAYS)


def _refuse_pauses(inputs: Vector) -> None:
    if pauses(inputs):
        raise VectorError("this operation does not take pauses; leave them out")


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS: Mapping[str, Callable[[Calendar, Vector], JsonValue]] = {
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
