"""Reads the values of business-time vectors. Other programs write them, so each is checked, and named when it is wrong."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from escalation.business_time.calendar import ALWAYS_OPEN, Boundary, Calendar, Hours, Span, parse_hours
from escalation.business_time.openings import FOREVER
from escalation.business_time.zones import to_moment

Vector: TypeAlias = Mapping[str, Any]


class VectorError(ValueError):
    """A vector lacks something, or one of its values cannot be read; the message names it."""


_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([0-9]{1,2})(:[0-9]{2}(?::[0-9]{2})?)")
# Within these, no zone and no duration leads out of what a date can hold.
_FIRST_YEAR, _LAST_YEAR = 1000, 9000
_WHOLE = re.compile(r"[-+]?[0-9]{1,15}")


def read_calendar(vector: Vector) -> Calendar:
    """Build the calendar that a vector describes; ``"24x7"`` in its place is the one that never closes.

    Raises:
        CalendarError: it cannot be used as it is written.
        VectorError: it has not the shape of a calendar.
    """
    weekly = vector.get("calendar")
    if weekly == ALWAYS_OPEN.name:
        return ALWAYS_OPEN
    days = {_weekday(name): _hours(rows, f"calendar.{name}") for name, rows in mapping(weekly, "calendar").items()}
    return Calendar(
        name=str(vector.get("id", "case")),
        zone=_text(vector.get("tz") or "UTC", "tz"),
        weekly=tuple(days.get(day, ()) for day in _WEEKDAYS),
        shifts=_dated(vector, "shifts"),
        breaks=_dated(vector, "breaks"),
        holidays=tuple(sorted({_text(day, "holidays") for day in _listed(vector.get("holidays"), "holidays")})),
        boundary=_boundary(vector.get("boundary")),
    )


def mapping(value: object, name: str) -> Vector:
    """Return the value if it is a JSON object.

    Raises:
        VectorError: it is something else, or missing.
    """
    if not isinstance(value, dict):
        raise VectorError(f"`{name}` is {_shown(value)}; write an object")
    return value


def moment(inputs: Vector, *names: str) -> datetime:
    """Return the instant under the first of these names; UTC without an offset.

    Raises:
        VectorError: there is none, or it is not an instant.
    """
    return _instant(_first(inputs, names), names[0])


def whole(inputs: Vector, *names: str, at_most: int, default: int | None = None) -> int:
    """Return the whole number under the first of these names.

    Args:
        inputs: where to look.
        default: what counts where it is missing; None where it must be there.

    Raises:
        VectorError: it is missing, no whole number, or too large.
    """
    value = _first(inputs, names)
    number = _number(default if value is None else value, names[0])
    if abs(number) > at_most:
        raise VectorError(f"`{names[0]}` is {_shown(number)}; at most {at_most} makes sense, so is the unit right?")
    return number


def pauses(inputs: Vector) -> tuple[Span, ...]:
    """Return the pauses among the inputs; one whose end is null never ends.

    Raises:
        VectorError: one of them is not a pair of instants.
    """
    return tuple(_pause(each) for each in _listed(inputs.get("pauses"), "pauses"))


def _pause(value: object) -> Span:
    if not isinstance(value, list) or len(value) != 2:
        raise VectorError(f"`pauses` holds {_shown(value)}; write pairs such as [start, end]")
    start, end = value
    return Span(start=_instant(start, "pauses"), end=to_moment(FOREVER) if end is None else _instant(end, "pauses"))


def _instant(value: object, name: str) -> datetime:
    try:
        read = datetime.fromisoformat(_text(value, name))
    except ValueError:
        raise VectorError(f"`{name}` is {_shown(value)}; write an instant such as 2026-01-05T09:00:00Z") from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise VectorError(f"`{name}` is {_shown(value)}; write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _number(value: object, name: str) -> int:
    match value:
        case int() if not isinstance(value, bool):
            return value
        case float() if value.is_integer():
            return int(value)
        case str() if _WHOLE.fullmatch(value.strip()):
            return int(value)
        case _:
            raise VectorError(f"`{name}` is {_shown(value)}; write a whole number")


def _first(inputs: Vector, names: tuple[str, ...]) -> object:
    return next((inputs[name] for name in names if inputs.get(name) is not None), None)


def _weekday(name: str) -> str:
    day = name.strip().lower()[:3]
    if day not in _WEEKDAYS:
        raise VectorError(f"`calendar` has hours for {name!r}; its days are {', '.join(_WEEKDAYS)}")
    return day


def _dated(vector: Vector, name: str) -> dict[str, tuple[Hours, ...]]:
    return {day: _hours(rows, f"{name}.{day}") for day, rows in mapping(vector.get(name) or {}, name).items()}


def _hours(rows: object, name: str) -> tuple[Hours, ...]:
    return tuple(parse_hours(*_interval(row, name)) for row in _listed(rows, name))


def _interval(row: object, name: str) -> tuple[str, str]:
    if not isinstance(row, list) or len(row) != 2:
        raise VectorError(f'`{name}` holds {_shown(row)}; write pairs such as ["09:00", "17:00"]')
    opens, closes = (_two_digits(_text(time, name)) for time in row)
    return opens, closes


def _two_digits(time: str) -> str:
    match = _TIME.fullmatch(time.strip())
    return f"{int(match[1]):02}{match[2]}" if match else time


def _boundary(value: object) -> Boundary:
    try:
        return Boundary.CLOSE if value is None else Boundary(_text(value, "boundary"))
    except ValueError:
        raise VectorError(f"`boundary` is {_shown(value)}; it is close or next_open") from None


def _listed(value: object, name: str) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise VectorError(f"`{name}` is {_shown(value)}; write a list")
    return value


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise VectorError(f"`{name}` is {_shown(value)}; write it as text")
    return value


def _shown(value: object) -> str:
    return "missing" if value is None else repr(value)[:60]
