"""Business-time facts from other products' test suites, computed by this engine.

A case is a mapping with these keys; times are ISO 8601 in UTC, intervals are local wall times such as ``["09:00", "17:00"]``:

- ``tz``, ``calendar`` (``mon`` to ``sun``; a day that is absent is closed), ``holidays``, ``shifts``, ``breaks``, ``boundary``
- ``op``: one of the names in ``OPERATIONS``
- ``inputs``: what that operation takes

``evaluate`` answers in the terms of the case's ``expected``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeAlias

from escalation.business_time.arithmetic import add, add_end_of_day, elapsed, subtract
from escalation.business_time.calendar import Boundary, Calendar, Hours, Span, parse_hours
from escalation.business_time.durations import BusinessDays, OpenTime
from escalation.business_time.errors import NeverOpens
from escalation.business_time.openings import is_open, windows
from escalation.business_time.zones import second_of_day, to_moment, to_second, wall_clock

JsonValue: TypeAlias = str | int | bool | list[list[str]]
# Case files are JSON written elsewhere; their values are checked by the parsers below.
Case: TypeAlias = Mapping[str, Any]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def evaluate(case: Case) -> JsonValue:
    """Compute one case.

    Returns:
        An instant as ``2026-01-05T09:00:00Z``, a number of seconds, whether it is open, or a list of windows; ``"error"``
        where the calendar never opens.

    Raises:
        ValueError: the operation is not one of ``OPERATIONS``, or a value cannot be read.
        KeyError: an input is missing.
    """
    operation = OPERATIONS.get(case["op"])
    if operation is None:
        raise ValueError(f"unknown operation {case['op']!r}; known are {', '.join(sorted(OPERATIONS))}")
    try:
        return operation(read_calendar(case), case["inputs"])
    except NeverOpens:
        return "error"


def read_calendar(case: Case) -> Calendar:
    """Build the calendar that a case describes.

    Raises:
        CalendarError: it cannot be used as it is written.
    """
    weekly = case["calendar"]
    return Calendar(
        name=str(case.get("id", "case")),
        zone=case["tz"],
        weekly=tuple(_hours(weekly.get(day, ())) for day in _WEEKDAYS),
        shifts={day: _hours(rows) for day, rows in case.get("shifts", {}).items()},
        breaks={day: _hours(rows) for day, rows in case.get("breaks", {}).items()},
        holidays=tuple(sorted(case.get("holidays", ()))),
        boundary=Boundary(case.get("boundary", Boundary.CLOSE)),
    )


def _hours(rows: Sequence[Sequence[str]]) -> tuple[Hours, ...]:
    return tuple(parse_hours(opens, closes) for opens, closes in rows)


def _add(calendar: Calendar, inputs: Case) -> str:
    start, pauses = _moment(inputs["start"]), _pauses(inputs)
    return _text(add(calendar, start, OpenTime(inputs["duration_s"]), pauses))


def _subtract(calendar: Calendar, inputs: Case) -> str:
    return _text(subtract(calendar, _moment(inputs["end"]), OpenTime(inputs["duration_s"])))


def _elapsed(calendar: Calendar, inputs: Case) -> int:
    return elapsed(calendar, _moment(inputs["start"]), _moment(inputs["end"]), _pauses(inputs))


def _is_open(calendar: Calendar, inputs: Case) -> bool:
    return is_open(calendar, _moment(inputs["at"]))


def _windows(calendar: Calendar, inputs: Case) -> list[list[str]]:
    """List windows as the products do: one ends at local midnight even where the next begins there."""
    daily = (
        [_text(piece.start), _text(piece.end)]
        for window in windows(calendar, _moment(inputs["from"]))
        for piece in _days_of(window, calendar.zone)
    )
    return list(islice(daily, inputs["count"]))


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
    return _text(add(calendar, _moment(inputs["start"]), BusinessDays(inputs["days"]), _pauses(inputs)))


def _subtract_business_days(calendar: Calendar, inputs: Case) -> str:
    return _text(subtract(calendar, _moment(inputs["end"]), BusinessDays(inputs["days"])))


def _add_business_days_end_of_day(calendar: Calendar, inputs: Case) -> str:
    return _text(add_end_of_day(calendar, _moment(inputs["start"]), inputs["days"]))


def _pauses(inputs: Case) -> tuple[Span, ...]:
    return tuple(Span(start=_moment(start), end=_moment(end)) for start, end in inputs.get("pauses", ()))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


OPERATIONS: Mapping[str, Callable[[Calendar, Case], JsonValue]] = {
    "add": _add,
    "add_with_pauses": _add,
    "subtract": _subtract,
    "elapsed": _elapsed,
    "elapsed_with_pauses": _elapsed,
    "is_open": _is_open,
    "windows": _windows,
    "add_business_days": _add_business_days,
    "subtract_business_days": _subtract_business_days,
    "add_business_days_end_of_day": _add_business_days_end_of_day,
}
