"""From what was sent with a form to the command it means; what cannot be read is named field by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, get_type_hints

from escalation.bounds import kept
from escalation.business_time.zones import first_second, to_moment
from escalation.case.commands import SupportCommand
from escalation.screen.fields import ROWS, YES, Entry, Field, fields_of

Sent = Mapping[str, Sequence[str]]  # what a browser sends: the values of each field
FIRST_YEAR, LAST_YEAR = 2000, 2100
_LONGEST_NUMBER = 12
_SKIP = object()


class Unfit(StrEnum):
    """Why a field cannot be read."""

    MISSING = "missing"
    LONG = "long"
    NUMBER = "number"
    INSTANT = "instant"
    CHOICE = "choice"


class NotFilled(Exception):
    """A form cannot be read.

    Attributes:
        problems: What is wrong, by the name of the field.
    """

    def __init__(self, problems: Mapping[str, Unfit]) -> None:
        self.problems = problems
        super().__init__(", ".join(problems))


@dataclass(slots=True)
class _Reader:
    sent: Sent
    zone: str
    problems: dict[str, Unfit]

    def value(self, field: Field, name: str) -> Any:
        """The value of a field under the name it was sent with; `_SKIP` leaves it to the command's default."""
        match field.entry:
            case Entry.TICK:
                return bool(self._text(name))
            case Entry.LINES:
                lines = [line.strip() for each in self.sent.get(name, ()) for line in each.splitlines()]
                return tuple(filter(None, lines))
            case Entry.ROWS:
                return tuple(filter(None, (self._row(field, f"{name}.{row}", row) for row in range(1, ROWS + 1))))
            case _:
                text = self._text(name)
                if text.strip():
                    return self._read(field, name, text)
                if field.required:
                    self.problems[name] = Unfit.MISSING
                return _SKIP if field.has_default or field.required else field.blank

    def _text(self, name: str) -> str:
        return kept("".join(self.sent.get(name, ())[:1]).replace("\r\n", "\n"))

    def _read(self, field: Field, name: str, text: str) -> Any:
        value = _READ[field.entry](field, text.strip(), self.zone)
        if isinstance(value, Unfit):
            self.problems[name] = value
            return _SKIP
        return value

    def _row(self, field: Field, name: str, number: int) -> Any:
        if not any(self._text(f"{name}.{part.name}").strip() for part in field.parts):
            return None
        read = {part.name: self.value(part, f"{name}.{part.name}") for part in field.parts}
        values = {part: value for part, value in read.items() if value is not _SKIP}
        if any(part.required and part.name not in values for part in field.parts):
            return None  # named as a problem already
        return field.of(**values, **({"id": str(number)} if "id" in get_type_hints(field.of) else {}))


def command_from(
    type_: type[SupportCommand], sent: Sent, *, by: str, zone: str, unchanged: Mapping[str, str] | None = None
) -> SupportCommand:
    """The command that a form means.

    Args:
        sent: What was sent.
        by: Who sends it.
        zone: IANA zone of the times in it.
        unchanged: Values that a field had before, by its name; where it still has them, it says nothing. None for none.

    Raises:
        NotFilled: Something is missing, or cannot be read.
    """
    reader, before = _Reader(sent=sent, zone=zone, problems={}), unchanged or {}
    values: dict[str, Any] = {}
    for field in fields_of(type_):
        if field.name in before and "".join(sent.get(field.name, ())).strip() == before[field.name].strip():
            continue
        value = reader.value(field, field.name)
        if value is not _SKIP:
            values[field.name] = value
    if reader.problems:
        raise NotFilled(reader.problems)
    return type_(by=by, **_nested(type_, values))


def _nested(type_: type[Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a command: fields named with a point belong to a value within it."""
    found = {name: value for name, value in values.items() if "." not in name}
    hints = get_type_hints(type_)
    for outer in dict.fromkeys(name.partition(".")[0] for name in values if "." in name):
        inner = {
            name.removeprefix(f"{outer}."): value for name, value in values.items() if name.startswith(f"{outer}.")
        }
        found[outer] = hints[outer](**inner)
    return found


def _one_line(field: Field, text: str, _zone: str) -> str | Unfit:
    return Unfit.LONG if field.most is not None and len(text) > field.most else text


def _whole_number(field: Field, text: str, _zone: str) -> int | Unfit:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _LONGEST_NUMBER:
        return Unfit.NUMBER
    number = int(text)
    too_small, too_large = (
        field.least is not None and number < field.least,
        field.most is not None and number > field.most,
    )
    return Unfit.NUMBER if too_small or too_large else number


def _instant(_field: Field, text: str, zone: str) -> datetime | Unfit:
    return instant_from(text, zone) or Unfit.INSTANT


def instant_from(text: str, zone: str) -> datetime | None:
    """A wall time in the zone of the person who wrote it, as an instant; None where it cannot be read.

    Browsers send `2026-11-30T16:00`; where one has no field for times, people write `30.11.2026, 16:00` as well. A time
    that the clocks jump over is the first instant after.
    """
    wall = _wall_time(text.strip())
    if wall is None or wall.tzinfo is not None or not FIRST_YEAR <= wall.year <= LAST_YEAR:
        return None
    return to_moment(first_second(zone, wall.replace(microsecond=0)))


def _wall_time(text: str) -> datetime | None:
    with_dots = " ".join(text.removesuffix("Uhr").replace(",", " ").split())
    for read, written in ((datetime.fromisoformat, text), (_with_dots, with_dots)):
        try:
            return read(written)
        except ValueError:
            continue
    return None


def _with_dots(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y %H:%M")  # noqa: DTZ007 (the zone is the reader's)


def _choice(field: Field, text: str, _zone: str) -> Any:
    if text not in field.values:
        return Unfit.CHOICE
    return text == YES if field.of is bool else field.of(text)


_READ: Mapping[Entry, Callable[[Field, str, str], Any]] = {
    Entry.LINE: _one_line,
    Entry.TEXT: _one_line,
    Entry.NUMBER: _whole_number,
    Entry.INSTANT: _instant,
    Entry.CHOICE: _choice,
}
