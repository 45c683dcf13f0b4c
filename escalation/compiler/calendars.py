"""Compiles calendars: weekdays to hours, holidays to dates. The result needs no further look-ups."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from escalation.business_time import (
    ALWAYS_OPEN,
    Calendar,
    Hours,
    NeverOpens,
    OpenTime,
    UnknownZone,
    add,
    is_open,
    parse_hours,
)
from escalation.business_time.calendar import yearly
from escalation.compiler.holidays import ReadBeside, country_holidays
from escalation.compiler.model import CalendarSection
from escalation.compiler.sections import Sections
from escalation.compiler.snapshot import canonical_json
from escalation.documents.problems import Problems, advise
from escalation.documents.week import read_hours, read_week
from escalation.documents.yaml import Path
from escalation.vocabulary import Severity

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_TWO_DAYS = timedelta(days=2)
_YEARLY = re.compile(r"[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars of one file."""

    by_name: Mapping[str, Calendar]  # those that are sound, `24x7` among them
    broken: frozenset[str]
    by_severity: Mapping[Severity, str]  # the calendar each severity counts in, where nothing else is said

    def find(self, name: str, path: Path, problems: Problems) -> Calendar | None:
        """The calendar that is named at a path; None, with a problem noted, if there is none."""
        if name not in self.by_name and name not in self.broken:
            problems.add(path, f"there is no calendar `{name}`", advise(name, {*self.by_name, *self.broken}))
        return self.by_name.get(name)


def compile_calendars(
    sections: Sections, problems: Problems, years: range, read: ReadBeside | None = None
) -> Calendars:
    """Compile every calendar of a file.

    Args:
        years: The years whose holidays are written into the calendars.
        read: Reads files beside the policy; without it none may be named.
    """
    found: dict[str, Calendar] = {ALWAYS_OPEN.name: ALWAYS_OPEN}
    names = sections.keys(("calendars",))
    for name in sorted(names):
        path: Path = ("calendars", name)
        section = sections.section(path, CalendarSection)
        if name == ALWAYS_OPEN.name:
            problems.add(path, f"`{name}` is always there and never closes", "choose another name")
        elif section is not None:
            calendar = _Writer(name, path, section, problems, read).compile(years)
            if calendar is not None:
                found[name] = calendar
    calendars = Calendars(by_name=found, broken=frozenset(names) - set(found), by_severity={})
    return replace(calendars, by_severity=_by_severity(sections, calendars, problems))


def _by_severity(sections: Sections, calendars: Calendars, problems: Problems) -> dict[Severity, str]:
    named = sections.section(("calendar_by_severity",), dict[str, str]) or {}
    for severity, name in named.items():
        calendars.find(name, ("calendar_by_severity", severity), problems)
    return {severity: named.get(severity, ALWAYS_OPEN.name) for severity in Severity}


class _Writer:
    """Writes one calendar."""

    def __init__(
        self, name: str, path: Path, section: CalendarSection, problems: Problems, read: ReadBeside | None
    ) -> None:
        self._read = read
        self._name = name
        self._path = path
        self._section = section
        self._problems = problems

    def compile(self, years: range) -> Calendar | None:
        """The calendar; None, with problems noted, where it cannot be made."""
        section = self._section
        weekly = read_week(section.hours, (*self._path, "hours"), self._problems)
        shifts = self._by_date("shifts", section.shifts)
        breaks = self._by_date("breaks", section.breaks)
        holidays = tuple(sorted({*self._dates(), *self._public(years), *self._own(years)}))
        self._check_zone()
        if self._problems.is_broken(self._path):
            return None
        calendar = Calendar(
            name=self._name,
            zone=section.zone,
            weekly=weekly,
            shifts=shifts,
            breaks=breaks,
            holidays=holidays,
            boundary=section.boundary,
        )
        if not self._opens(calendar, years):
            return None
        return replace(calendar, version=hashlib.sha256(canonical_json(calendar).encode()).hexdigest()[:16])

    def _opens(self, calendar: Calendar, years: range) -> bool:
        # Whether it opens, also after the last date that is named; otherwise a deadline could not be computed.
        first = date(max(1970, years.start), 1, 1)
        dated = (*calendar.shifts, *calendar.breaks, *calendar.holidays)
        named = [each for each in dated if not each.startswith("--")]
        for since in sorted({first, max(map(date.fromisoformat, named), default=first)}):
            try:
                add(calendar, datetime(since.year, since.month, since.day, tzinfo=UTC) + _TWO_DAYS, OpenTime(1))
            except NeverOpens:
                after = f" after {since}" if since > first else ""
                advice = "give it hours, such as `mon-fri: 09:00-17:00`"
                self._note((), f"calendar `{self._name}` never opens{after}", advice)
                return False
        return True

    def _check_zone(self) -> None:
        all_day = parse_hours("00:00", "24:00")
        try:
            is_open(Calendar(name=self._name, zone=self._section.zone, weekly=((all_day,),) * 7), _ANY_TIME)
        except UnknownZone as error:
            what, _, advice = str(error).partition(": ")
            self._note(("zone",), what, advice)

    def _note(self, below: Path, what: str, advice: str) -> None:
        self._problems.add((*self._path, *below), what, advice)

    def _by_date(self, key: str, entries: Mapping[str, list[str]]) -> dict[str, tuple[Hours, ...]]:
        closed = set(self._dates())
        found = {}
        for text in sorted(entries):
            day = _day(text)
            if day is None:
                self._note((key, text), f"`{text}` is not a date", "write `2026-12-24`, or `12-24` for every year")
                continue
            if closed & {day, _every_year(day)} and key == "shifts":
                self._note((key, text), f"`{text}` is among the holidays too", "name it in one of the two")
            elif closed & {day, _every_year(day)}:
                self._note(
                    (key, text), f"`{text}` is among the holidays, so there is nothing to interrupt", "leave it out"
                )
            found[day] = read_hours(entries[text], (*self._path, key, text), self._problems)
        return found

    def _dates(self) -> Iterator[str]:
        for number, text in enumerate(self._section.holidays.dates):
            day = _day(text)
            if day is not None:
                yield day
            else:
                advice = "write `2026-12-24`, or `12-24` for every year"
                self._note(("holidays", "dates", number), f"`{text}` is not a date", advice)

    def _public(self, years: range) -> Iterator[str]:
        holidays = self._section.holidays
        if holidays.country is None and holidays.subdivision is not None:
            self._note(("holidays", "subdivision"), "a subdivision needs its country", "add `country:`, such as `DE`")
        if holidays.kinds and holidays.country is None and not holidays.countries:
            self._note(("holidays", "kinds"), "kinds of holidays need a country", "add `country:`, such as `DE`")
        asked: list[tuple[Path, str, str | None]] = []
        if holidays.country is not None:
            asked.append((("holidays",), holidays.country, holidays.subdivision))
        for number, code in enumerate(holidays.countries):
            country, _, subdivision = code.partition("-")
            asked.append((("holidays", "countries", number), country, subdivision or None))
        for below, land, part in asked:
            found = country_holidays(land, part, years, tuple(holidays.kinds))
            if found.unknown:
                place: Path = ("holidays", "kinds") if found.unknown == "kinds" else below
                self._note((*place, found.unknown) if place == ("holidays",) else place, found.what, found.advice)
            # Hours written for that very date say more than the country's law.
            yield from (each for each in found.dates if not {each, each[5:]} & set(self._section.shifts))

    def _own(self, years: range) -> Iterator[str]:
        """Closed dates of the iCalendar files beside the policy."""
        names = self._section.holidays.ics
        if not names:
            return
        # A fifth of a second, which policies without such files need not spend.
        from escalation.compiler.own_holidays import own_holidays  # noqa: PLC0415
        from escalation.documents.icalendar import InvalidCalendarFile  # noqa: PLC0415

        for number, name in enumerate(names):
            try:
                found = own_holidays(name, self._read, years)
            except InvalidCalendarFile as error:
                for problem in error.problems:
                    self._note(("holidays", "ics", number), problem, "")
            else:
                yield from (each for each in found if not {each, each[5:]} & set(self._section.shifts))


def _day(text: str) -> str | None:
    """A date as calendars know it, `--12-24` for every year; None if there is no such day."""
    if _YEARLY.fullmatch(text):
        return f"--{text}" if _is_date(f"2000-{text}") else None
    return text if _is_date(text) else None


def _every_year(day: str) -> str:
    return day if day.startswith("--") else yearly(day)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
