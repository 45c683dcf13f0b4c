"""Plans for the tests, and a slow but plain way to tell who is on shift."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from escalation.business_time import Calendar, Hours, parse_hours
from escalation.business_time.zones import wall_clock
from escalation.roster import Absence, Duty, Listed, Override, Pattern, Plan, Rotation, Shift, Turn

BERLIN = "Europe/Berlin"


def at(text: str) -> datetime:
    """An instant in UTC, `2026-03-29 01:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def week(*, zone: str = BERLIN, **hours: str) -> Calendar:
    """Hours by weekday: `week(mon="09:00-17:00")`."""
    days: list[tuple[Hours, ...]] = []
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"):
        stretches = hours.get(day, "").split()
        days.append(tuple(parse_hours(*stretch.split("-")) for stretch in stretches))
    return Calendar(name="week", zone=zone, weekly=tuple(days))


def every_day(hours: str, zone: str = BERLIN) -> Calendar:
    return week(zone=zone, **dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), hours))


def rotation(
    *people: str,
    hand_over: str = "09:00",
    weekday: int = 0,
    zone: str = BERLIN,
    starts: date = date(2026, 1, 5),
    hours: Calendar | None = None,
) -> Rotation:
    hour, minute = map(int, hand_over.split(":"))
    return Rotation(people=people, weekday=weekday, minute=hour * 60 + minute, zone=zone, starts=starts, week=hours)


def shift(source: Pattern | Rotation | Listed, *tiers: int, name: str = "days") -> Shift:
    return Shift(name=name, tiers=tiers or (1,), source=source)


def turn(person: str, start: str, end: str) -> Turn:
    return Turn(person=person, start=at(start), end=at(end))


def told(turns: Iterable[Turn | Duty]) -> list[tuple[str, str, str]]:
    """Person, start and end, as they are written in the tests."""
    return [(each.person, f"{each.start:%m-%d %H:%M}", f"{each.end:%m-%d %H:%M}") for each in turns]


def people_at(plan: Plan, instant: datetime) -> set[tuple[str, str, int]]:
    """Who is on which shift at which tier: the rules word by word, for one instant."""
    found = set()
    for each in plan.shifts:
        for person in _by_source(each.source, instant):
            actual = {_person_of(override, instant, each.name, person) for override in plan.overrides} - {None}
            for name in actual or {person}:
                away = any(_holds(absence, instant) and absence.person == name for absence in plan.absences)
                if not away:
                    found |= {(each.name, str(name), tier) for tier in each.tiers}
    return found


def _person_of(override: Override, instant: datetime, shift: str, person: str) -> str | None:
    concerned = override.shift in {"", shift} and override.instead_of in {"", person}
    return override.person if concerned and _holds(override, instant) else None


def _holds(span: Override | Absence | Turn, instant: datetime) -> bool:
    return span.start <= instant < span.end


def _by_source(source: Pattern | Rotation | Listed, instant: datetime) -> list[str]:
    match source:
        case Pattern():
            return list(source.people) if _open(source.week, instant) else []
        case Rotation():
            # Counts hand-overs that have happened, minute by minute of the wall clock.
            if source.week is not None and not _open(source.week, instant):
                return []
            wall = wall_clock(source.zone, int(instant.timestamp()))
            day = source.starts
            while day.weekday() != source.weekday:
                day += timedelta(days=1)
            passed = 0
            while datetime.combine(day, time()) + timedelta(minutes=source.minute) <= wall:
                passed, day = passed + 1, day + timedelta(days=7)
            return [source.people[(passed - 1) % len(source.people)]] if passed else []
        case Listed():
            return [each.person for each in source.turns if _holds(each, instant)]


def _open(calendar: Calendar, instant: datetime) -> bool:
    wall = wall_clock(calendar.zone, int(instant.timestamp()))
    minute = wall.hour * 60 + wall.minute
    today = any(each.opens <= minute < each.closes for each in calendar.weekly[wall.weekday()])
    overnight = any(minute + 1440 < each.closes for each in calendar.weekly[wall.weekday() - 1])
    return today or overnight
