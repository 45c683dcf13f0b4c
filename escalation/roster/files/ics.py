"""Reads the shifts of an iCalendar file (RFC 5545): every event is a turn of the people it names.

`escalation.roster.files.attendees` decides who is on duty during an event. `icalendar` reads the file and
`recurring_ical_events` repeats the events. Wall times become instants here, with the zone data of the `tzdata` package
for zones that it knows: a start in a gap counts by the offset from before it, one in a fold is the first of two, as
RFC 5545 has it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

import recurring_ical_events
from icalendar import Calendar

from escalation.business_time.zones import load_zone
from escalation.documents.icalendar import MOST_PROBLEMS, UNREADABLE, InvalidCalendarFile, parse_ics
from escalation.roster import Turn
from escalation.roster.files.attendees import PersonOf, UnusableEvent, on_duty
from escalation.roster.files.repeats import Repeats, as_instant, check_length

MOST_TURNS = 100_000  # how many turns a file may make: events up to the horizon, times the people who are on them

# Our own property: how many seconds of exact time an event lasts; its repetitions carry it along.
_LASTS = "X-ESCALATIONS-LASTS"
_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 9000
# Properties that say when, and what they are; a datetime is a date as well.
_MOMENTS = (("DTSTART", date), ("DTEND", date), ("RECURRENCE-ID", date), ("DURATION", timedelta))

# `icalendar.Event`; its own types say of every property that it may be any of thirty things.
_Event: TypeAlias = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """The events of an iCalendar file up to the horizon."""

    turns: tuple[Turn, ...]  # every turn that overlaps the time asked for
    people: frozenset[str]  # ids of all who are on duty during an event, also outside that time
    warnings: tuple[tuple[int, str], ...] = ()  # what is allowed and hardly meant, one text for each line it is about


def read_ics(
    text: str, source: str, *, start: datetime, until: datetime, zone: str | None, person_of: PersonOf
) -> CalendarFile:
    """The turns of a file. An event that repeats forever is cut at `until`.

    Args:
        until: Up to when.
        zone: Of all-day events and of times without a zone; None where the roster gives none.
        person_of: Finds people.

    Raises:
        InvalidCalendarFile: It is not an iCalendar file, an event names an unknown person, or repeats too often.
    """
    file = parse_ics(text, source)
    reader = _Events(source, start, until, zone, person_of)
    lines = iter(file.event_lines)
    for calendar in file.calendars:
        reader.check_all(calendar.walk("VEVENT"), lines)
    reader.raise_if_any()
    turns = sorted(
        (turn for each in file.calendars for turn in reader.turns(each)), key=lambda turn: (turn.start, turn.person)
    )
    reader.raise_if_any()
    return CalendarFile(turns=tuple(turns), people=frozenset(reader.people), warnings=tuple(reader.warnings))


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
        self._repeats = Repeats(until, self._instant)
        self._made = 0

    def raise_if_any(self) -> None:
        """End here if anything is wrong.

        Raises:
            InvalidCalendarFile: With all of it, from top to bottom.
        """
        if self._problems:
            found = sorted(set(self._problems))
            told = [f"{self._source}:{line}: {what}" for line, what in found[:MOST_PROBLEMS]]
            if len(found) > MOST_PROBLEMS:
                told.append(f"{self._source}:{found[MOST_PROBLEMS][0]}: and {len(found) - MOST_PROBLEMS} more problems")
            raise InvalidCalendarFile(tuple(told))

    def check_all(self, events: Iterable[_Event], lines: Iterator[int]) -> None:
        """Look at the events of one calendar, each alone, and check that their ids differ."""
        seen: dict[tuple[str, str], int] = {}
        for event, line in zip(events, lines, strict=False):
            is_sound = self.check(event, line)
            uid, moved = event.get("UID"), event.get("RECURRENCE-ID")
            if uid is None or not is_sound:
                continue
            key = str(uid), "" if moved is None else str(moved.dt)
            first = seen.setdefault(key, line)
            if first != line:
                self._problems.append(
                    (line, f"this event has the UID of the one in line {first}; give it one of its own")
                )

    def check(self, event: _Event, line: int) -> bool:
        """Look at an event by itself, before any is repeated; whether it can be used."""
        try:
            self._check_times(event)
            self._repeats.check(event)
            if not _called_off(event):
                self._note_people(event, line)
        except UnusableEvent as error:
            self._problems.append((line, f"this event {error}"))
            return False
        return True

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
        rules = event.get("RRULE") or ()
        if any("COUNT" in rule and "UNTIL" in rule for rule in (rules if isinstance(rules, list) else (rules,))):
            raise UnusableEvent("has a rule with COUNT and UNTIL, which contradict each other; keep one of them")
        begin, end = event.get("DTSTART"), event.get("DTEND")
        if begin is None:
            raise UnusableEvent("has no DTSTART; say when it begins")
        for moment in (begin, end, event.get("RECURRENCE-ID")):
            if moment is not None:
                self._instant(moment.dt, moment.params.get("TZID"))
        lasts = event.get("DURATION")
        if lasts is not None:
            check_length(lasts.dt)
        if lasts is not None and lasts.dt % _DAY:
            # Hours are exact time; days, and the time from start to end, are wall time.
            event.add(_LASTS, str(lasts.dt // timedelta(seconds=1)))
        self._check_end(begin, end, lasts)

    def _check_end(self, begin: Any, end: Any, lasts: Any) -> None:
        if end is None and lasts is None and isinstance(begin.dt, datetime):
            raise UnusableEvent("has no DTEND and no DURATION; say when it ends")
        if end is not None and self._instant(end.dt, None) < self._instant(begin.dt, None):
            raise UnusableEvent("ends before it begins; swap DTSTART and DTEND")
        if end is not None and self._instant(end.dt, None) > self._instant(begin.dt, None):
            check_length(self._instant(end.dt, None) - self._instant(begin.dt, None))

    def turns(self, calendar: Calendar) -> Iterator[Turn]:
        """Every turn, with repetitions; those that end before they begin, or are called off, are none."""
        try:
            for event in recurring_ical_events.of(calendar).between(self._start, self._until):
                begin, end = self._span(event)
                if not _called_off(event) and begin < end and end > self._start and begin < self._until:
                    for person in on_duty(event, self._person_of).people:
                        self._made += 1
                        if self._made > MOST_TURNS:
                            self._problems.append((1, f"makes more than {MOST_TURNS} turns; export a shorter time"))
                            return
                        yield Turn(person=person, start=begin, end=end)
        except (*UNREADABLE, UnusableEvent) as error:
            self._problems.append((1, f"its events cannot be expanded: {error}; export the file again"))

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
        return as_instant(at)


def _called_off(event: _Event) -> bool:
    return str(event.get("STATUS", "")).upper() == "CANCELLED"
