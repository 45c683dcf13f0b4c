"""Reads the shifts of an iCalendar file (RFC 5545): every event is a turn of the people it names.

`starter.rostering.attendees` decides who is on duty during an event. `icalendar` reads the file and
`recurring_ical_events` repeats the events. Wall times become instants here, with the zone data of the `tzdata` package
for zones that it knows: a start in a gap counts by the offset from before it, one in a fold is the first of two, as
RFC 5545 has it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, TypeAlias

import recurring_ical_events
from dateutil.rrule import rrulestr
from icalendar import Calendar, vRecur

from escalation.business_time.zones import load_zone, zone_names
from escalation.roster import Turn
from starter.rostering.attendees import PersonOf, UnusableEvent, on_duty

MOST_EVENTS = 20_000
"""How many times the events of a file may happen together, from their beginning up to the horizon."""
MOST_CHARACTERS = 5_000_000

_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
_LASTS = "X-ESCALATIONS-LASTS"
"""Our own property: how many seconds of exact time an event lasts; its repetitions carry it along."""
_BEGIN = re.compile(r"begin:vevent\s*", re.IGNORECASE)
_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
_MOMENTS = (("DTSTART", date), ("DTEND", date), ("RECURRENCE-ID", date), ("DURATION", timedelta))
"""Properties that say when, and what they are; a datetime is a date as well."""

_Event: TypeAlias = Any
"""`icalendar.Event`; its own types say of every property that it may be any of thirty things."""


class InvalidCalendarFile(Exception):
    """An iCalendar file cannot be used.

    Attributes:
        problems: One line each: `file:line: what is wrong; what to do`.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """What an iCalendar file says up to the horizon.

    Attributes:
        turns: Every turn that overlaps the time asked for.
        people: Ids of all who are on duty during an event, also outside that time.
        warnings: What is allowed and hardly meant, one text for each line it is about.
    """

    turns: tuple[Turn, ...]
    people: frozenset[str]
    warnings: tuple[tuple[int, str], ...] = ()


def read_ics(
    text: str, source: str, *, start: datetime, until: datetime, zone: str | None, person_of: PersonOf
) -> CalendarFile:
    """The turns of a file. An event that repeats for ever is cut at `until`.

    Args:
        text: The file's text.
        source: Its name, for messages.
        start: From when on, aware.
        until: Up to when.
        zone: Of all-day events and of times without a zone; None where the roster gives none.
        person_of: Finds people.

    Raises:
        InvalidCalendarFile: It is no iCalendar file, an event names nobody we know, or repeats absurdly often.
    """
    calendar = _parse(text, source)
    reader = _Events(source, start, until, zone, person_of)
    events = calendar.walk("VEVENT")
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if _BEGIN.fullmatch(line)]
    if len(lines) != len(events):
        # A BEGIN that is folded over two lines, which no program writes.
        lines = [1] * len(events)
    for event, line in zip(events, lines, strict=True):
        reader.check(event, line)
    reader.raise_if_any()
    turns = tuple(sorted(reader.turns(calendar), key=lambda turn: (turn.start, turn.person)))
    reader.raise_if_any()
    return CalendarFile(turns=turns, people=frozenset(reader.people), warnings=tuple(reader.warnings))


def _parse(text: str, source: str) -> Calendar:
    if len(text) > MOST_CHARACTERS:
        raise InvalidCalendarFile((f"{source}:1: has {len(text)} characters; the most is {MOST_CHARACTERS}",))
    try:
        return Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InvalidCalendarFile((f"{source}:1: is no iCalendar file: {what}; export it anew",)) from None


class _Events:
    """Reads the events of one file; what is wrong with one is noted."""

    def __init__(self, source: str, start: datetime, until: datetime, zone: str | None, person_of: PersonOf) -> None:
        self.people: set[str] = set()
        self.warnings: list[tuple[int, str]] = []
        self._source = source
        self._start = start
        self._until = until
        self._zone = zone
        self._person_of = person_of
        self._problems: list[tuple[int, str]] = []
        self._happens = 0

    def raise_if_any(self) -> None:
        """End here if anything is wrong.

        Raises:
            InvalidCalendarFile: With all of it, from top to bottom.
        """
        if self._problems:
            raise InvalidCalendarFile(
                tuple(f"{self._source}:{line}: {what}" for line, what in sorted(set(self._problems)))
            )

    def check(self, event: _Event, line: int) -> None:
        """Look at an event by itself, before any is repeated, and note its line in it."""
        try:
            self._check_times(event)
            self._check_rules(event)
            if not _called_off(event):
                self._note_people(event, line)
        except UnusableEvent as error:
            self._problems.append((line, f"this event {error}"))

    def _note_people(self, event: _Event, line: int) -> None:
        found = on_duty(event, self._person_of)
        self.people.update(found.people)
        if not found.people:
            self.warnings.append((line, "everyone whom this event names declined; no one is on this shift then"))
        elif found.unsure:
            who = " and ".join(f"`{person}`" for person in found.unsure)
            self.warnings.append((line, f"{who} accepted this event only tentatively, and is on the shift"))

    def _check_times(self, event: _Event) -> None:
        if event.errors:
            field, what = event.errors[0]
            raise UnusableEvent(f"has a {field} that cannot be read: {what}; correct it")
        for field, kind in _MOMENTS:
            value = event.get(field)
            if value is not None and not isinstance(getattr(value, "dt", None), kind):
                raise UnusableEvent(f"has no single readable {field}; write one date, time or duration")
        begin, end = event.get("DTSTART"), event.get("DTEND")
        if begin is None:
            raise UnusableEvent("has no DTSTART; say when it begins")
        for moment in (begin, end, event.get("RECURRENCE-ID")):
            if moment is not None:
                self._instant(moment.dt, moment.params.get("TZID"))
        lasts = event.get("DURATION")
        if lasts is not None and lasts.dt % _DAY:
            # Hours are exact time; days, and the time from start to end, are wall time.
            event.add(_LASTS, str(lasts.dt // timedelta(seconds=1)))
        if end is None and lasts is None and isinstance(begin.dt, datetime):
            raise UnusableEvent("has no DTEND and no DURATION; say when it ends")
        if end is not None and self._instant(end.dt, None) < self._instant(begin.dt, None):
            raise UnusableEvent("ends before it begins; swap DTSTART and DTEND")

    def turns(self, calendar: Calendar) -> Iterator[Turn]:
        """Every turn, with repetitions; those that end before they begin, or are called off, are none."""
        try:
            found = recurring_ical_events.of(calendar).between(self._start, self._until)
        except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError) as error:
            self._problems.append((1, f"its events cannot be repeated: {error}; export the file anew"))
            return
        for event in found:
            try:
                begin, end = self._span(event)
                if not _called_off(event) and begin < end and end > self._start and begin < self._until:
                    for person in on_duty(event, self._person_of).people:
                        yield Turn(person=person, start=begin, end=end)
            except UnusableEvent as error:
                self._problems.append((1, f"the event of {event['DTSTART'].dt} {error}"))

    def _span(self, event: _Event) -> tuple[datetime, datetime]:
        begin = self._instant(event["DTSTART"].dt, None)
        lasts = event.get(_LASTS)
        if lasts is not None:
            return begin, begin + timedelta(seconds=int(lasts))
        return begin, self._instant(event["DTEND"].dt, None)

    def _instant(self, at: date, zone: str | None) -> datetime:
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise UnusableEvent(f"is in the year {at.year}; write one from {_FIRST_YEAR} to {_LAST_YEAR}")
        if not isinstance(at, datetime):
            at = datetime.combine(at, time())
        elif at.tzinfo is None and zone is not None:
            raise UnusableEvent(f"is in the zone `{zone}`, which is unknown; add its VTIMEZONE, or use an IANA name")
        if at.tzinfo is None:
            if self._zone is None:
                raise UnusableEvent("does not say in which zone it is; add `zone:` to the shift in the roster")
            at = at.replace(tzinfo=load_zone(self._zone))
        return _as_instant(at)

    def _check_rules(self, event: _Event) -> None:
        self._happens += 1
        rules = event.get("RRULE")
        for rule in rules if isinstance(rules, list) else [rules] if rules is not None else []:
            self._check_rule(rule, event["DTSTART"].dt)

    def _check_rule(self, rule: vRecur, first: date) -> None:
        """Refuse what would repeat for ever, absurdly often, or never; before anything repeats it."""
        if self._happens > MOST_EVENTS:
            # Told already; the rest need not be counted.
            return
        if int(_first(rule, "INTERVAL") or 0) < 1 and "INTERVAL" in rule:
            raise UnusableEvent("repeats at an interval of less than 1; correct its RRULE")
        frequency = str(_first(rule, "FREQ")).upper()
        bounded_by = [key for key in rule if str(key).upper().startswith("BY")]
        if frequency in _TOO_OFTEN or (frequency == "HOURLY" and bounded_by):
            raise UnusableEvent(
                f"repeats {frequency}; a shift repeats DAILY or more rarely, or HOURLY without BY… parts"
            )
        begin = datetime.combine(first, time()) if not isinstance(first, datetime) else first.replace(tzinfo=None)
        # Without its end, so that the end cannot disagree with the zone; the horizon bounds it.
        endless = vRecur({key: value for key, value in rule.items() if str(key).upper() not in {"COUNT", "UNTIL"}})
        last = self._until.replace(tzinfo=None) + 2 * _DAY
        try:
            repeated = rrulestr(f"{_written(endless)};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=begin)
            left = max(0, MOST_EVENTS - self._happens) + 1
            happens = sum(1 for _ in islice(repeated, min(left, int(_first(rule, "COUNT") or left))))
        except (ValueError, TypeError, KeyError) as error:
            raise UnusableEvent(f"has a rule that cannot be read: {error}; correct its RRULE") from None
        self._happens += happens
        if self._happens > MOST_EVENTS:
            raise UnusableEvent(
                f"brings the file to more than {MOST_EVENTS} events up to {self._until:%Y-%m-%d}; let it begin later, "
                "repeat more rarely, or end with UNTIL"
            )
        if not happens and begin < last:
            raise UnusableEvent("has a rule that never happens; correct its RRULE")


def _written(rule: vRecur) -> str:
    text: bytes = rule.to_ical()  # type: ignore[no-untyped-call]  # icalendar does not say what it gives
    return text.decode()


def _called_off(event: _Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"


def _first(rule: vRecur, key: str) -> Any:
    value = rule.get(key)
    return value[0] if isinstance(value, list) else value


def _as_instant(at: datetime) -> datetime:
    """The UTC instant of an aware wall time."""
    zone = _own_zone(at.tzinfo)
    wall = at.replace(tzinfo=None, fold=0)
    there = wall.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == wall:
        return there
    # In a gap, by the offset from before it. Zones made from a VTIMEZONE do not do so by themselves.
    before = (wall - _DAY).replace(tzinfo=zone).utcoffset() or timedelta()
    return (wall - before).replace(tzinfo=UTC)


def _own_zone(zone: tzinfo | None) -> tzinfo:
    key = getattr(zone, "key", None)
    if key in zone_names():
        return load_zone(str(key))
    return UTC if zone is None else zone
