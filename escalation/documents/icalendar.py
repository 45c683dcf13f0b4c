"""Reads the text of iCalendar files (RFC 5545), bounded before any library looks at it.

Files are UTF-8 or UTF-16, with or without a byte-order mark; lines end in CRLF, LF or CR and may be folded; a file may
hold several calendars. Whatever could make a reader slow is refused in words, with file and line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from escalation.documents.text_file import NotUnicode, decoded
from escalation.errors import InvalidFile

MOST_BYTES = 10_000_000
MOST_CHARACTERS = 5_000_000
MOST_EVENTS = 20_000  # how many events a file may list, and how many times they may happen together, up to the horizon
MOST_PROBLEMS = 50  # how many problems of a file are listed
_MOST_CALENDARS = 100
_DEEPEST = 6
_MOST_LINES = 500_000
UNREADABLE = (
    ValueError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    OverflowError,
    RecursionError,
    AssertionError,
    StopIteration,
    BrokenCalendarProperty,
)
"""What the libraries raise about files that are wrong."""
_METHODS = frozenset({"PUBLISH", "REQUEST"})
_PART = re.compile(r"(BEGIN|END):\s*([A-Z0-9-]{1,100})\s*", re.IGNORECASE)


class InvalidCalendarFile(InvalidFile):
    """An iCalendar file cannot be used."""


@dataclass(frozen=True, slots=True)
class CalendarFileText:
    """The calendars of a file."""

    calendars: tuple[Calendar, ...]  # in the order of the file
    event_lines: tuple[int, ...]  # the line of each event, in the order in which the calendars list them


def decode_ics(data: bytes, source: str) -> str:
    """The text of a file, whatever Unicode encoding it is in.

    Raises:
        InvalidCalendarFile: It is too large, or in another encoding.
    """
    if len(data) > MOST_BYTES:
        raise _refused(source, 1, f"has {len(data)} bytes; the most is {MOST_BYTES}")
    try:
        return decoded(data)
    except NotUnicode as error:
        raise _refused(source, error.line, str(error)) from None


def parse_ics(text: str, source: str) -> CalendarFileText:
    """The calendars of a file.

    Raises:
        InvalidCalendarFile: It is not an iCalendar file, is nested absurdly, or holds absurdly much.
    """
    text = text.removeprefix("\ufeff")
    if len(text) > MOST_CHARACTERS:
        raise _refused(source, 1, f"has {len(text)} characters; the most is {MOST_CHARACTERS}")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > _MOST_LINES:
        raise _refused(source, 1, f"has more than {_MOST_LINES} lines; export a shorter time")
    lines = _event_lines(text, source)
    try:
        calendars = tuple(Calendar.from_ical(text, multiple=True))
    except UNREADABLE as error:
        what = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise _refused(source, 1, f"is not an iCalendar file: {what}; export it again") from None
    if not calendars or any(each.name != "VCALENDAR" for each in calendars):
        raise _refused(source, 1, "is not an iCalendar file: it does not begin with BEGIN:VCALENDAR; export it again")
    return CalendarFileText(calendars=calendars, event_lines=tuple(lines))


def _event_lines(text: str, source: str) -> list[int]:
    """Line of each event; looks at how the file is nested before a library walks into it."""
    open_parts: list[str] = []
    found: list[int] = []
    calendars = 0
    for number, line in _unfolded(text):
        _check_line(line, number, source, open_parts)
        match = _PART.fullmatch(line)
        if match is None:
            continue
        part = match[2].upper()
        if match[1].upper() == "END":
            if not open_parts or open_parts.pop() != part:
                raise _refused(source, number, f"END:{part} closes nothing that is open; export the file again")
            continue
        open_parts.append(part)
        calendars += part == "VCALENDAR"
        if len(open_parts) > _DEEPEST:
            raise _refused(source, number, f"is nested more than {_DEEPEST} levels deep; export the file again")
        if calendars > _MOST_CALENDARS:
            raise _refused(source, number, f"has more than {_MOST_CALENDARS} calendars; split the file")
        if part == "VEVENT":
            found.append(number)
        if len(found) > MOST_EVENTS:
            raise _refused(source, number, f"has more than {MOST_EVENTS} events; export a shorter time")
    if open_parts:
        raise _refused(source, 1, f"BEGIN:{open_parts[-1]} is never closed, so the file is cut off; export it again")
    return found


def _check_line(line: str, number: int, source: str, open_parts: list[str]) -> None:
    name = line[:12].upper()
    if open_parts[-1:] == ["VCALENDAR"] and name.startswith("METHOD:"):
        method = line[7:].strip().upper()
        if method not in _METHODS:
            what = f"is a message of METHOD:{method[:40]} and not a calendar; export the calendar itself"
            raise _refused(source, number, what)
    if "VTIMEZONE" in open_parts and name.startswith("RRULE") and "FREQ=YEARLY" not in line.upper():
        raise _refused(source, number, "a clock change repeats YEARLY; name an IANA zone instead of this VTIMEZONE")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each logical line with the number of its first one."""
    parts: list[str] = []
    began = 1
    for number, line in enumerate(text.split("\n"), start=1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield began, "".join(parts)
        parts, began = [line], number
    yield began, "".join(parts)


def _refused(source: str, line: int, what: str) -> InvalidCalendarFile:
    return InvalidCalendarFile((f"{source}:{line}: {what}",))
