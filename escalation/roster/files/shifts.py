"""Makes the plan of a roster: its shifts, overrides and absences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from escalation.business_time import Calendar, parse_hours
from escalation.documents.problems import Problems, advise
from escalation.documents.week import read_week
from escalation.documents.yaml import Path
from escalation.roster import Absence, Listed, Override, Pattern, Plan, Rotation, Shift
from escalation.roster.files.model import AbsenceEntry, OverrideEntry, RosterEntries, RotationEntry, ShiftEntry
from escalation.roster.files.week import read_date, read_hand_over, read_instant

ReadCalendar = Callable[[str, ShiftEntry], Listed]  # reads the iCalendar file that a shift of this name uses

_Placed = tuple[Path, Override]
_ALL_DAY = (parse_hours("00:00", "24:00"),)


@dataclass(frozen=True, slots=True)
class PlacedPlan:
    """A plan, and the lines of its overrides."""

    plan: Plan  # all that was sound
    override_lines: tuple[tuple[Override, int], ...]  # the line of each override


def read_plan(entries: RosterEntries, problems: Problems, read_calendar: ReadCalendar | None = None) -> PlacedPlan:
    """The plan of a roster; shifts from an iCalendar file are empty without a reader of such files."""
    reader = _Reader(entries, problems)
    shifts = [shift for name, entry in entries.shifts.items() if (shift := reader.shift(name, entry, read_calendar))]
    overrides: list[_Placed] = [
        (place, override)
        for index, entry in enumerate(entries.overrides)
        if (override := reader.override(place := ("overrides", index), entry))
    ]
    absences = [
        absence
        for index, entry in enumerate(entries.absences)
        if (absence := reader.absence(("absences", index), entry))
    ]
    _refuse_contradictions(overrides, absences, problems)
    return PlacedPlan(
        plan=Plan(
            shifts=tuple(shifts),
            overrides=tuple(override for _, override in overrides),
            absences=tuple(absences),
            serves={person.id: person.tiers for person in entries.people},
        ),
        override_lines=tuple((override, problems.line(place)) for place, override in overrides),
    )


class _Reader:
    """Reads entries; what is wrong with one is noted, and it gives nothing."""

    def __init__(self, entries: RosterEntries, problems: Problems) -> None:
        self._people = {person.id: person for person in entries.people}
        self._shifts = entries.shifts
        self._problems = problems

    def shift(self, name: str, entry: ShiftEntry, read_calendar: ReadCalendar | None) -> Shift | None:
        place: Path = ("shifts", name)
        given = [field for field in ("people", "rotation", "ics") if getattr(entry, field) is not None]
        if len(given) != 1:
            which = f"has {' and '.join(f'`{field}`' for field in given)}" if given else "says nothing of who is on it"
            self._problems.add(place, f"{which}; write exactly one of `people`, `rotation` and `ics`")
            return None
        source: Pattern | Rotation | Listed | None
        if entry.rotation is not None:
            source = self._rotation(name, entry, entry.rotation, (*place, "rotation"))
        elif entry.people is not None:
            source = self._pattern(name, entry, entry.people)
        else:
            source = self._listed(name, entry, read_calendar)
        return None if source is None else Shift(name=name, tiers=tuple(dict.fromkeys(entry.tiers)), source=source)

    def _pattern(self, name: str, entry: ShiftEntry, people: tuple[str, ...]) -> Pattern | None:
        place: Path = ("shifts", name)
        for index, person in enumerate(people):
            self._belongs(person, entry.tiers, (*place, "people", index))
            if person in people[:index]:
                self._problems.add((*place, "people", index), f"`{person}` is listed twice; keep one")
        if entry.zone is None:
            self._problems.add(place, "has no zone; add the zone of its hours, such as `zone: Europe/Berlin`")
            return None
        return Pattern(people=people, week=self._week(name, entry, entry.zone))

    def _rotation(self, name: str, entry: ShiftEntry, rotation: RotationEntry, place: Path) -> Rotation | None:
        for index, person in enumerate(rotation.people):
            self._belongs(person, entry.tiers, (*place, "people", index))
        if entry.zone is not None:
            self._problems.add(("shifts", name, "zone"), "the rotation has a zone; leave this one out")
        starts = read_date(rotation.starts)
        if starts is None:
            self._problems.add((*place, "starts"), f"there is no day `{rotation.starts}`; correct it")
            return None
        weekday, minute = read_hand_over(rotation.hand_over)
        week = self._week(name, entry, rotation.zone) if entry.hours is not None else None
        return Rotation(
            people=rotation.people, weekday=weekday, minute=minute, zone=rotation.zone, starts=starts, week=week
        )

    def _week(self, name: str, entry: ShiftEntry, zone: str) -> Calendar:
        """The calendar of a shift's hours; without any, every day from midnight to midnight."""
        if entry.hours is None:
            return Calendar(name=name, zone=zone, weekly=(_ALL_DAY,) * 7)
        weekly = read_week(entry.hours, ("shifts", name, "hours"), self._problems)
        return Calendar(name=name, zone=zone, weekly=weekly)

    def _listed(self, name: str, entry: ShiftEntry, read_calendar: ReadCalendar | None) -> Listed:
        if entry.hours is not None:
            self._problems.add(("shifts", name, "hours"), "the iCalendar file says when; leave the hours out")
        return Listed(turns=()) if read_calendar is None else read_calendar(name, entry)

    def override(self, place: Path, entry: OverrideEntry) -> Override | None:
        known = [self._known(entry.person, (*place, "person"))]
        if entry.instead_of:
            known.append(self._known(entry.instead_of, (*place, "instead_of")))
        if entry.shift and entry.shift not in self._shifts:
            self._problems.add(
                (*place, "shift"), f"there is no shift `{entry.shift}`; {advise(entry.shift, self._shifts)}"
            )
            known.append(False)
        if not entry.shift and not entry.instead_of:
            self._problems.add(place, "replaces no one; write `shift`, `instead_of` or both")
            known.append(False)
        if entry.person == entry.instead_of:
            self._problems.add((*place, "instead_of"), f"`{entry.person}` cannot stand in for themselves; name another")
        if not all(known):
            return None
        if entry.shift:
            self._serves(entry.person, self._shifts[entry.shift].tiers, (*place, "person"))
        span = self._span(place, entry, entry.zone or self._zone_of(entry))
        if span is None:
            return None
        return Override(person=entry.person, shift=entry.shift, instead_of=entry.instead_of, start=span[0], end=span[1])

    def absence(self, place: Path, entry: AbsenceEntry) -> Absence | None:
        if not self._known(entry.person, (*place, "person")):
            return None
        span = self._span(place, entry, entry.zone or self._people[entry.person].zone)
        return None if span is None else Absence(person=entry.person, start=span[0], end=span[1])

    def _zone_of(self, entry: OverrideEntry) -> str:
        if entry.shift:
            shift = self._shifts[entry.shift]
            zone = shift.rotation.zone if shift.rotation else shift.zone
            if zone:
                return zone
        return self._people[entry.instead_of or entry.person].zone

    def _span(self, place: Path, entry: OverrideEntry | AbsenceEntry, zone: str) -> tuple[datetime, datetime] | None:
        start, end = read_instant(entry.start, zone, end=False), read_instant(entry.end, zone, end=True)
        for field, text, at in (("from", entry.start, start), ("to", entry.end, end)):
            if at is None:
                self._problems.add((*place, field), f"there is no `{text}`; correct it")
        if start is None or end is None:
            return None
        if end <= start:
            self._problems.add((*place, "to"), f"`{entry.end}` is not after `{entry.start}`; swap or correct them")
            return None
        return start, end

    def _known(self, person: str, place: Path) -> bool:
        if person not in self._people:
            self._problems.add(place, f"no one has the id `{person}`; {advise(person, self._people)}")
        return person in self._people

    def _belongs(self, person: str, tiers: tuple[int, ...], place: Path) -> None:
        self._serves(person, tiers, place)
        if person in self._people and self._people[person].always:
            self._problems.add(place, f"`{person}` is on every shift already by `always: true`; remove one of the two")

    def _serves(self, person: str, tiers: tuple[int, ...], place: Path) -> None:
        if self._known(person, place) and not set(tiers) & set(self._people[person].tiers):
            listed = ", ".join(map(str, tiers))
            self._problems.add(place, f"`{person}` serves no tier of this shift ({listed}); add it to their `tiers`")


def _refuse_contradictions(overrides: list[_Placed], absences: list[Absence], problems: Problems) -> None:
    for index, (place, override) in enumerate(overrides):
        for other_place, other in _overlapping(override, overrides[:index]):
            problems.add(
                place,
                f"overlaps with the override in line {problems.line(other_place)} from {_spell(max(override.start, other.start))} "
                f"to {_spell(min(override.end, other.end))}; end one before the other starts",
            )
        for absence in absences:
            if absence.person == override.person and absence.start < override.end and override.start < absence.end:
                problems.add(
                    place,
                    f"`{override.person}` is absent from {_spell(absence.start)} to {_spell(absence.end)}; "
                    "name another person, or shorten the absence",
                )


def _overlapping(override: Override, others: list[_Placed]) -> Iterator[_Placed]:
    """Those that could reassign the same duty at the same time."""
    for place, other in others:
        same_shift = not override.shift or not other.shift or override.shift == other.shift
        same_person = not override.instead_of or not other.instead_of or override.instead_of == other.instead_of
        if same_shift and same_person and other.start < override.end and override.start < other.end:
            yield place, other


def _spell(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
