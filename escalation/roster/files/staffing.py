"""Finds who is available at a tier of the ladder according to a roster file, and when no one is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation.business_time import ALWAYS_OPEN, Calendar, Span, windows
from escalation.policy import Policy
from escalation.roster import Duty, expand, gaps, on_shift
from escalation.roster.files.model import RosterPerson
from escalation.roster.files.roster import Roster
from escalation.roster.members import OnShift
from escalation.vocabulary import Category, ClockName


@dataclass(frozen=True, slots=True, kw_only=True)
class TierGap:
    """When a tier has no one on shift although the time to accept offers counts."""

    tier: int  # number of the tier, from 1
    name: str
    calendar: str  # name of the calendar whose open time it is
    windows: tuple[Span, ...]  # exactly when, in order


def tier_gaps(roster: Roster, policy: Policy, start: datetime, until: datetime) -> tuple[TierGap, ...]:
    """Every tier's open time without anyone on shift, by tier and calendar; always staffed tiers are left out.

    Args:
        roster: The team, with iCalendar files read up to `until`.
        policy: Its ladder, and the calendars in which offers are counted.
        until: Up to when.
    """
    # Calendars know whole seconds; a fraction of one would be a gap.
    start = start.replace(microsecond=0)
    duties = expand(roster.plan, start, until)
    found = []
    for number, tier in enumerate(policy.ladder.tiers, start=1):
        covered = list(when_there(roster, duties, number, Span(start=start, end=until), team_of(roster, number)))
        for calendar in calendars_of_offers(policy):
            missing = gaps(covered, windows(calendar, start, until))
            if missing:
                found.append(TierGap(tier=number, name=tier.name, calendar=calendar.name, windows=missing))
    return tuple(found)


def there_at(roster: Roster, at: datetime, tier: int) -> tuple[OnShift, ...]:
    """The people available at a tier at an instant, by id; a file has no open cases."""
    around = expand(roster.plan, at, at + timedelta(seconds=1))
    running = [duty for duty in on_shift(around, at) if duty.tier == tier]
    found = []
    for person in sorted(roster.people, key=lambda person: person.id):
        if not person.active or tier not in person.tiers:
            continue
        mine = [duty for duty in running if duty.person == person.id]
        if mine or (person.id not in roster.scheduled and not _is_away(roster, person.id, at)):
            found.append(
                OnShift(
                    person=person.id,
                    shifts=tuple(sorted({duty.shift for duty in mine})),
                    until=max((duty.end for duty in mine), default=None),
                    open=None,
                    most=person.max_open,
                )
            )
    return tuple(found)


def team_of(roster: Roster, tier: int) -> tuple[RosterPerson, ...]:
    """Who may be asked at a tier at all."""
    return tuple(person for person in roster.people if person.active and tier in person.tiers)


def when_there(
    roster: Roster, duties: Iterable[Duty], tier: int, span: Span, team: Iterable[RosterPerson]
) -> Iterator[Span]:
    """When at least one person of the team is available at the tier, in any order.

    Args:
        roster: Who works in shifts at all, and the absences.
        duties: Its shifts in that time.
        span: The time.
    """
    asked = {person.id for person in team}
    for duty in duties:
        if duty.tier == tier and duty.person in asked:
            yield Span(start=duty.start, end=duty.end)
    for person in asked - roster.scheduled:
        away = [Span(start=each.start, end=each.end) for each in roster.plan.absences if each.person == person]
        yield from gaps(away, [span])


def calendars_of_offers(policy: Policy, category: Category | None = None) -> tuple[Calendar, ...]:
    """The calendars in which offers are counted, of any case or of those of a category."""
    rule = policy.clocks.get(ClockName.ACKNOWLEDGE)
    targets = rule.targets if rule else ()
    named = {one.calendar for one in targets if category is None or not one.category or category in one.category}
    names = named if rule else set(policy.calendars)
    return tuple(policy.calendars.get(name, ALWAYS_OPEN) for name in sorted(names))


def _is_away(roster: Roster, person: str, at: datetime) -> bool:
    return any(each.person == person and each.start <= at < each.end for each in roster.plan.absences)
