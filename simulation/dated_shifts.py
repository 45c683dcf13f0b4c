"""The dated entries of a roster, which may not cover the whole period of a log."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from escalation.business_time.zones import load_zone
from escalation.roster import DAYS_A_WEEK, Listed, Pattern, Rotation
from escalation.roster.files import Roster
from escalation.roster.files.reading import read_entries

# A shift that begins or ends so much within a log is as good as one that covers it: there are days off in any week.
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedShift:
    """A shift that begins some day."""

    name: str
    begins: date  # the first day of its first turn
    ends: datetime | None  # when its last turn ends, where that is before the log ends; None where it continues


def dated_shifts(roster: Roster, end: datetime) -> tuple[DatedShift, ...]:
    """The rotations, and the shifts with a non-empty iCalendar file, of a roster.

    Args:
        roster: With its iCalendar files read until well after the log's end.
        end: When the log ends, as it is played.
    """
    files = _first_days(roster)
    found = []
    for shift in roster.plan.shifts:
        match shift.source:
            case Rotation(starts=starts, weekday=weekday):
                begins = starts + timedelta(days=(weekday - starts.weekday()) % DAYS_A_WEEK)
                found.append(DatedShift(name=shift.name, begins=begins, ends=None))
            case Listed(turns=turns) if shift.name in files:
                begins = files[shift.name]
                # One that has no turn any more, or none yet, ended when it began; the latter is reported as not begun.
                last = max((turn.end for turn in turns), default=_midnight(begins))
                found.append(DatedShift(name=shift.name, begins=begins, ends=None if last > end else last))
            case _:
                pass
    return tuple(found)


def is_silent(shift: DatedShift, start: datetime, end: datetime) -> bool:
    """Whether no one is on the shift in all the time from start to end."""
    return _midnight(shift.begins) > end or (shift.ends is not None and shift.ends <= start)


def misfits(roster: Roster, shifts: Iterable[DatedShift], start: datetime, end: datetime, zone: str) -> Iterator[str]:
    """Yield a line for each part of a roster that covers only some of the time from start to end, silent shifts aside.

    Args:
        start: When the log begins, as it is played.
        end: When it ends.
        zone: The zone of printed days.
    """
    for shift in shifts:
        if is_silent(shift, start, end):
            continue
        if _midnight(shift.begins) > start + _WEEK:
            yield f"no one is on shift `{shift.name}` before {shift.begins}; the log begins on {day_of(start, zone)}"
        if shift.ends is not None and shift.ends < end - _WEEK:
            yield (
                f"no one is on shift `{shift.name}` after {day_of(shift.ends, zone)}; "
                f"the log continues to {day_of(end, zone)}"
            )
    dated = [(each.start, each.end) for each in roster.plan.overrides]
    dated += [(each.start, each.end) for each in roster.plan.absences]
    if dated and not any(begin <= end and start < until for begin, until in dated):
        yield f"none of the overrides and absences ({len(dated)}) falls into the time of the log; they change nothing"
    elif dated and (last := max(until for _, until in dated)) < end - _WEEK:
        yield (
            f"no override or absence is planned after {day_of(last, zone)}; "
            f"from then up to {day_of(end, zone)} the log meets the shifts alone"
        )


def zone_of(roster: Roster) -> str:
    """The zone that most shifts of a roster name, the first of those in the file; else that of most people who are asked."""
    shifts = [zone for shift in roster.plan.shifts if (zone := _zone_of_shift(shift.source))]
    people = [person.zone for person in roster.people if person.active and person.tiers]
    return Counter(shifts or people or ["UTC"]).most_common(1)[0][0]


def day_of(at: datetime, zone: str) -> date:
    """The date that a calendar on the wall shows in the zone."""
    return at.astimezone(load_zone(zone)).date()


def _zone_of_shift(source: Pattern | Rotation | Listed) -> str:
    match source:
        case Rotation(zone=zone):
            return zone
        case Pattern(week=week):
            return week.zone
        case Listed():
            return ""


def _first_days(roster: Roster) -> dict[str, date]:
    """The first day that the iCalendar file of each shift names; a shift whose file has no event is left out."""
    if not any(isinstance(shift.source, Listed) for shift in roster.plan.shifts):
        return {}
    # A fifth of a second, which rosters without such files need not spend.
    from icalendar import Calendar  # noqa: PLC0415

    name, text = next(iter(roster.source.items()))
    entries, _ = read_entries(text, name)
    found = {}
    for shift, entry in entries.shifts.items():
        if entry.ics is not None:
            events = Calendar.from_ical(roster.source[entry.ics]).events
            days = [at.date() if isinstance(at, datetime) else at for event in events if (at := event.DTSTART)]
            if days:
                found[shift] = min(days)
    return found


def _midnight(day: date) -> datetime:
    # To compare days with instants where hours do not matter.
    return datetime.combine(day, time(), tzinfo=UTC)
