"""Reads a roster file with everything it names, ready to be checked, shown, or put in force."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from escalation.addresses import InvalidAddress, parse_address
from escalation.business_time import zone_data_version
from escalation.documents.problems import Problems
from escalation.documents.text_file import read_text_file
from escalation.roster import Listed, Override, Plan, expand
from escalation.roster.files.model import RosterEntries, RosterPerson, ShiftEntry
from escalation.roster.files.reading import MOST_BYTES, InvalidRoster, read_entries
from escalation.roster.files.shifts import read_plan
from escalation.roster.members import Member, NewRoster
from escalation.vocabulary import Channel

HORIZON_DAYS = 400  # how far ahead shifts are computed when a roster is loaded, by default


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A roster that can be used."""

    people: tuple[RosterPerson, ...]  # in the order of the file
    plan: Plan  # who is on shift when; iCalendar files up to the horizon
    # ids of the people who are asked only while a shift has them; the others are asked around the clock
    scheduled: frozenset[str]
    source: Mapping[str, str]  # file name to text, of all files it was read from
    override_lines: tuple[tuple[Override, int], ...]  # each override with its line
    person_lines: Mapping[str, int] = field(default_factory=dict)  # person to the line of their entry
    # what the iCalendar files say that is hardly meant: file, line and text of each
    doubts: tuple[tuple[str, int, str], ...] = ()

    @property
    def unsaid(self) -> frozenset[str]:
        """Ids of the people of a tier who are asked around the clock although the file does not say so by name."""
        return frozenset(person.id for person in self.around_the_clock if not person.always)

    @property
    def around_the_clock(self) -> tuple[RosterPerson, ...]:
        """The people of a tier who can be asked at any time, by id."""
        return tuple(
            sorted(
                (each for each in self.people if each.active and each.tiers and each.id not in self.scheduled),
                key=lambda person: person.id,
            )
        )

    @property
    def checksum(self) -> str:
        """SHA-256 over its files and the zone data, hex."""
        parts = {"zone_data": zone_data_version(), "source": dict(self.source)}
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read_roster(file: Path, start: datetime, until: datetime) -> Roster:
    """Read a roster and the iCalendar files it names.

    Args:
        start: From when on iCalendar files are looked at.
        until: Up to when.

    Raises:
        InvalidRoster: It cannot be used; names every problem with file and line.
    """
    source = {file.name: read_text_file(file, InvalidRoster, MOST_BYTES)}
    entries, problems = read_entries(source[file.name], str(file))
    calendars = _Calendars(file, entries, problems, source, (start, until))
    placed = read_plan(entries, problems, calendars.read)
    problems.raise_if_any()
    return Roster(
        people=entries.people,
        plan=placed.plan,
        scheduled=entries.scheduled,
        source=source,
        override_lines=placed.override_lines,
        person_lines={person.id: problems.line(("people", index)) for index, person in enumerate(entries.people)},
        doubts=tuple(calendars.doubts),
    )


def members_of(roster: Roster) -> tuple[Member, ...]:
    """Its people as the directory knows them."""
    away = [
        (absence.person, (absence.start, absence.end))
        for absence in roster.plan.absences
        if absence.person not in roster.scheduled
    ]
    return tuple(
        Member(
            **person.model_dump(exclude={"always"}),
            scheduled=person.id in roster.scheduled,
            absences=tuple(sorted({span for who, span in away if who == person.id})),
        )
        for person in roster.people
    )


def new_roster(roster: Roster, now: datetime, until: datetime) -> NewRoster:
    """The roster for the directory: its people, and its shifts computed from now to the horizon."""
    return NewRoster(
        members=members_of(roster),
        duties=expand(roster.plan, now, until),
        covers_until=until,
        source=roster.source,
        checksum=roster.checksum,
        unsaid=roster.unsaid,
    )


def _ics_text(file: Path) -> str:
    from escalation.documents.icalendar import MOST_BYTES, decode_ics  # noqa: PLC0415 (slow to import)

    if not file.is_file():
        # Nor may a device or a pipe be read, which may never end.
        raise InvalidRoster((f"{file}: cannot be read: No such file",))
    try:
        with file.open("rb") as opened:
            return decode_ics(opened.read(MOST_BYTES + 1), str(file))
    except OSError as error:
        raise InvalidRoster((f"{file}: cannot be read: {error.strerror}",)) from error


def _mail_of(person: RosterPerson) -> tuple[str, ...]:
    listed = (one.partition(":") for one in (*person.addresses, *person.urgent))
    return tuple(at for channel, _, at in listed if channel == Channel.EMAIL)


def _spelled(name: str) -> str:
    # Calendars write a domain beyond ASCII in either form.
    try:
        return str(parse_address(name)).lower()
    except InvalidAddress:
        return name.lower()


class _Calendars:
    """Reads the iCalendar files of one roster."""

    def __init__(
        self,
        roster: Path,
        entries: RosterEntries,
        problems: Problems,
        source: dict[str, str],
        span: tuple[datetime, datetime],
    ) -> None:
        self.doubts: list[tuple[str, int, str]] = []
        self._folder = roster.parent
        self._problems = problems
        self._source = source
        self._span = span
        self._people = {person.id: person for person in entries.people}
        self._ids = {
            _spelled(name): person.id
            for person in entries.people
            for name in (*_mail_of(person), person.address, person.id)
            if name
        }

    def read(self, name: str, entry: ShiftEntry) -> Listed:
        """The turns of a shift's file; what is wrong with it is noted."""
        # A fifth of a second, which rosters without such files need not spend.
        from escalation.documents.icalendar import InvalidCalendarFile  # noqa: PLC0415
        from escalation.roster.files.ics import read_ics  # noqa: PLC0415

        file = self._folder / str(entry.ics)
        try:
            text = _ics_text(file)
            found = read_ics(
                text,
                str(file),
                start=self._span[0],
                until=self._span[1],
                zone=entry.zone,
                person_of=lambda named: self._ids.get(_spelled(named)),
            )
        except InvalidRoster as error:
            self._problems.add(("shifts", name, "ics"), str(error))
            return Listed(turns=())
        except InvalidCalendarFile as error:
            self._problems.add_elsewhere(error.problems)
            return Listed(turns=())
        self._source[str(entry.ics)] = text
        self.doubts += [(str(file), line, what) for line, what in found.warnings]
        for person in sorted(found.people):
            self._check(name, entry, self._people[person])
        return Listed(turns=found.turns)

    def _check(self, name: str, entry: ShiftEntry, person: RosterPerson) -> None:
        named = f"`{person.id}`, whom {entry.ics} names,"
        if not set(entry.tiers) & set(person.tiers):
            self._problems.add(("shifts", name), f"{named} serves no tier of this shift")
        if person.always:
            self._problems.add(
                ("shifts", name), f"{named} is on every shift already by `always: true`; remove one of the two"
            )
