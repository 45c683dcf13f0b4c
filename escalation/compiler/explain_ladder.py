"""Who is asked to take an escalation, tier by tier, and which escalations start above the front line."""

from collections.abc import Iterable
from dataclasses import dataclass

from escalation.clocks.timing import of_tier
from escalation.compiler.durations import counted_text
from escalation.compiler.targets import Kind, first_match
from escalation.policy import Policy, Tier
from escalation.roster.files.model import RosterPerson
from escalation.vocabulary import Category, ClockName, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """The requirements of a tier for people who may take such an escalation."""

    tier: int
    name: str
    starts_here: bool  # whether such an escalation starts at this tier
    skills: tuple[str, ...]  # what its owner here must have, the category's own skill first
    authority: int  # the amount its owner here must be able to decide on alone
    people_to_try: int  # how many get the offer before the case climbs
    accept_within: str  # how long each has to accept, as a policy would write it; empty where that has no limit
    people: tuple[str, ...] | None = None  # ids of those on the roster who may get the offer; None without a roster
    # ids of those who serve the tier, but lack a skill or the authority; None without a roster
    others: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRow:
    """A reason or category whose escalations start at a tier of their own."""

    lane: Reason | Category
    tier: int
    name: str


def explain_tiers(
    policy: Policy, kind: Kind, *, reasons: Iterable[Reason] = (), people: Iterable[RosterPerson] | None = None
) -> tuple[TierRow, ...]:
    """The tiers from the front line up, as such an escalation meets them.

    Args:
        reasons: Why it is escalated; with the category, they decide at which tier it starts.
        people: Those of the roster, on shift or not; None without one.
    """
    ladder = policy.ladder
    first = ladder.lowest_tier(kind.category, reasons)
    team = None if people is None else tuple(person for person in people if person.active)
    rows = []
    for number, tier in enumerate(ladder.tiers, start=1):
        special = ladder.skills.get(kind.subcategory, ())
        skills = tuple(dict.fromkeys((kind.category.value, *tier.skills, *special)))
        fit, others = _divided(team, number, tier, skills)
        rows.append(
            TierRow(
                tier=number,
                name=tier.name,
                starts_here=number == first,
                skills=skills,
                authority=tier.authority,
                people_to_try=tier.people_to_try,
                accept_within=_accept_within(policy, kind, number),
                people=fit,
                others=others,
            )
        )
    return tuple(rows)


def explain_lanes(policy: Policy) -> tuple[LaneRow, ...]:
    """The lanes, by tier and name."""
    ladder = policy.ladder
    return tuple(
        LaneRow(lane=lane, tier=number, name=ladder.tier(number).name)
        for lane, number in sorted(ladder.lanes.items(), key=lambda item: (item[1], item[0]))
    )


def _accept_within(policy: Policy, kind: Kind, number: int) -> str:
    rule = policy.clocks.get(ClockName.ACKNOWLEDGE)
    found = first_match(rule.targets, kind) if rule else None
    if found is None:
        return ""
    target = of_tier(found, ClockName.ACKNOWLEDGE, policy, number)
    return counted_text(target.within, target.calendar)


def _divided(
    team: Iterable[RosterPerson] | None, number: int, tier: Tier, skills: tuple[str, ...]
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """Who serves the tier and has what is needed, and who serves it and has not."""
    if team is None:
        return None, None
    here = sorted((person for person in team if number in person.tiers), key=lambda person: person.id)
    fit = [person.id for person in here if set(skills) <= set(person.abilities) and person.authority >= tier.authority]
    return tuple(fit), tuple(person.id for person in here if person.id not in fit)
