"""Compares the skills of the people on shift with what the ladder requires."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from escalation.business_time import Span, windows
from escalation.policy import Ladder, Policy, Tier
from escalation.roster import Duty, expand, gaps
from escalation.roster.files.model import RosterPerson
from escalation.roster.files.roster import Roster
from escalation.roster.files.staffing import calendars_of_offers, team_of, when_there
from escalation.vocabulary import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """When people of a tier are on shift, and none of them may be given certain cases."""

    tier: int  # number of the tier, from 1
    name: str
    calendar: str  # name of the calendar whose open time it is
    skills: tuple[str, ...]  # what none of them has, all of it together; a category's skill is the category's own name
    authority: int  # the amount that none of them may decide on alone; 0 where that is not what is lacking
    people: int  # how many of the tier would do, on shift or not
    windows: tuple[Span, ...]  # exactly when, in order. At these times the tier has a person on shift


def lacks(roster: Roster, policy: Policy, start: datetime, until: datetime) -> tuple[Lack, ...]:
    """When a tier is staffed, but no one has what its cases require; by tier, missing ability, and calendar.

    First what every case of the tier asks for, the tier's own skills and authority; then each category that comes to the
    tier, while a person with those is on shift. For times without anyone on shift, see `tier_gaps`.

    Args:
        roster: The team, with iCalendar files read up to `until`.
        policy: Its ladder, and the calendars in which offers are counted.
        until: Up to when.
    """
    # Calendars know whole seconds; a fraction of one would be a gap.
    span = Span(start=start.replace(microsecond=0), end=until)
    survey = _Survey(roster, policy, span)
    return tuple(lack for number in range(1, policy.ladder.top + 1) for lack in survey.of_tier(number))


class _Survey:
    def __init__(self, roster: Roster, policy: Policy, span: Span) -> None:
        self._roster = roster
        self._policy = policy
        self._span = span
        self._duties: Sequence[Duty] = expand(roster.plan, span.start, span.end)

    def of_tier(self, number: int) -> Iterator[Lack]:
        tier, team = self._policy.ladder.tier(number), team_of(self._roster, number)
        fit = [person for person in team if _is_fit(person, tier)]
        skills = tuple(skill for skill in tier.skills if any(skill not in person.abilities for person in team))
        authority = tier.authority if any(person.authority < tier.authority for person in team) else 0
        for calendar, times in self._lacking(number, None, team, fit):
            yield Lack(
                tier=number,
                name=tier.name,
                calendar=calendar,
                skills=skills,
                authority=authority,
                people=len(fit),
                windows=times,
            )
        for category in _categories_at(self._policy.ladder, number):
            able = [person for person in fit if category.value in person.abilities]
            for calendar, times in self._lacking(number, category, fit, able):
                yield Lack(
                    tier=number,
                    name=tier.name,
                    calendar=calendar,
                    skills=(category.value,),
                    authority=0,
                    people=len(able),
                    windows=times,
                )

    def _lacking(
        self, number: int, category: Category | None, team: Iterable[RosterPerson], able: Iterable[RosterPerson]
    ) -> Iterator[tuple[str, tuple[Span, ...]]]:
        """By calendar, when people are on shift but no one of them is able."""
        there, able_there = (
            tuple(when_there(self._roster, self._duties, number, self._span, people)) for people in (team, able)
        )
        for calendar in calendars_of_offers(self._policy, category):
            needed = tuple(windows(calendar, self._span.start, self._span.end))
            staffed = gaps(gaps(there, needed), needed)
            missing = gaps(able_there, staffed)
            if missing:
                yield calendar.name, missing


def _is_fit(person: RosterPerson, tier: Tier) -> bool:
    return person.authority >= tier.authority and set(tier.skills) <= set(person.abilities)


def _categories_at(ladder: Ladder, number: int) -> list[Category]:
    """Those whose cases come to the tier: a lane may begin above it."""
    return [category for category in Category if ladder.lanes.get(category, 1) <= number]
