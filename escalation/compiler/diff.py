"""The differences in meaning between two policies; formatting makes no difference.

Each policy is taken apart into facts, a value under a path; those that differ are the difference. Targets and pauses
are compared for every kind of escalation that either policy can tell apart, and told for as few as say the same.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain
from typing import TypeAlias

from pydantic_core import to_jsonable_python

from escalation.business_time import Calendar, Hours
from escalation.clock_rules import ClockRule, Threshold
from escalation.clocks.definition import CLOCKS, REOPENED
from escalation.clocks.targets import FollowUps, FromCase
from escalation.compiler.clock_model import section_type
from escalation.compiler.diff_values import Change, Fact, Where, compared, taken_apart
from escalation.compiler.durations import counted_text, duration_text
from escalation.compiler.explain import pauses_for
from escalation.compiler.quiet_hours import week_text
from escalation.compiler.targets import Conditions, Kind, first_match, kinds_of
from escalation.documents.week import WEEKDAYS
from escalation.policy import Fatigue, FrustrationRule, Ladder, Policy
from escalation.quiet_hours import QuietHours
from escalation.vocabulary import ClockName

Both: TypeAlias = tuple[Fact, Fact]  # a fact before and after

# Fields of a policy that a function here says; every other one is compared as it is.
_IN_WORDS_OF_THEIR_OWN = frozenset(
    {
        *("name", "zone_data", "ladder", "calendars", "clocks", "contact_limits", "fatigue", "frustration"),
        *("quiet_hours", "customer_channels", "staff_channels", "close_when_satisfied", "satisfied_from"),
        *("raise_severity_from", "thanks", "on_unsatisfied", "on_objection", "on_answer", "review_severities"),
        *("late_after", "our_wording", "wording"),
    }
)


def diff_policies(old: Policy, new: Policy) -> tuple[Change, ...]:
    """The differences, in the order of a policy file's sections; empty if both mean the same."""
    named = chain(
        compared(_top(old), _top(new)),
        compared(_ladder(old.ladder), _ladder(new.ladder)),
        compared(_calendars(old), _calendars(new)),
        *(
            _clock(clock, old.clocks.get(clock), new.clocks.get(clock))
            for clock, definition in CLOCKS.items()
            if section_type(definition.target) is not None  # else its rule follows from another section
        ),
        compared(_contact_limits(old), _contact_limits(new)),
        compared(_fatigue(old.fatigue), _fatigue(new.fatigue)),
        compared(_frustration(old.frustration), _frustration(new.frustration)),
        compared(_quiet_hours(old.quiet_hours), _quiet_hours(new.quiet_hours)),
        compared(_ending(old), _ending(new)),
        compared(_others(old), _others(new)),
    )
    return tuple(named)


def _top(policy: Policy) -> dict[Where, Fact]:
    return {("policy",): policy.name, ("zone_data",): policy.zone_data}


def _ladder(ladder: Ladder) -> dict[Where, Fact]:
    facts: dict[Where, Fact] = {
        ("ladder", "overseer"): ladder.overseer,
        ("ladder", "contact"): ladder.contact,
        ("ladder", "rounds"): ladder.rounds,
        ("ladder", "order"): _listed([tier.name for tier in ladder.tiers]),
    }
    for tier in ladder.tiers:
        path = ("ladder", "tiers", tier.name)
        facts[*path, "people_to_try"] = tier.people_to_try
        facts[*path, "skills"] = _listed(sorted(set(tier.skills)))
        facts[*path, "authority"] = tier.authority
        facts[*path, "acknowledge"] = None if tier.acknowledge is None else duration_text(tier.acknowledge)
    facts["ladder", "packet"] = _listed(ladder.packet)
    facts["ladder", "confirm_packet"] = ladder.confirm_packet
    for word, number in sorted(ladder.lanes.items()):
        facts["ladder", "lanes", word.value] = ladder.tier(number).name
    for name, skills in sorted(ladder.skills.items()):
        facts["ladder", "skills", name] = _listed(skills)
    return facts


def _calendars(policy: Policy) -> dict[Where, Fact]:
    return {path: fact for calendar in policy.calendars.values() for path, fact in _calendar(calendar).items()}


def _calendar(calendar: Calendar) -> dict[Where, Fact]:
    path = ("calendars", calendar.name)
    facts: dict[Where, Fact] = {(*path, "zone"): calendar.zone, (*path, "boundary"): calendar.boundary.value}
    for day, hours in zip(WEEKDAYS, calendar.weekly, strict=True):
        facts[*path, "hours", day] = _hours(hours) or None
    for date in calendar.holidays:
        facts[*path, "holidays", date.removeprefix("--")] = "closed"
    for key, dated in (("shifts", calendar.shifts), ("breaks", calendar.breaks)):
        for date, hours in sorted(dated.items()):
            facts[*path, key, date.removeprefix("--")] = _hours(hours)
    return facts


def _hours(hours: Sequence[Hours]) -> str:
    return ", ".join(map(str, hours))


def _contact_limits(policy: Policy) -> dict[Where, Fact]:
    facts: dict[Where, Fact] = {}
    for lane, limit in sorted(policy.contact_limits.items()):
        facts["contact_limits", lane.value, "at_most"] = limit.at_most
        facts["contact_limits", lane.value, "within"] = counted_text(limit.within, limit.calendar)
    return facts


def _fatigue(fatigue: Fatigue) -> dict[Where, Fact]:
    return {
        ("fatigue", "in_all"): fatigue.in_all,
        ("fatigue", "at_cadence"): fatigue.at_cadence,
        ("fatigue", "every"): fatigue.every,
        ("fatigue", "times"): fatigue.times,
        ("fatigue", "then"): duration_text(fatigue.then),
        ("fatigue", "ends_after"): fatigue.ends_after,
    }


def _frustration(rule: FrustrationRule) -> dict[Where, Fact]:
    return {
        ("frustration", "cadence"): _listed([f"{percent}%" for percent in rule.cadence]),
        ("frustration", "eases_after"): None if rule.eases_after is None else duration_text(rule.eases_after),
    }


def _quiet_hours(quiet: QuietHours) -> dict[Where, Fact]:
    path = "quiet_hours"
    if not (any(quiet.customer) or any(quiet.staff)):
        return {}
    return {
        (path, "customer"): week_text(quiet.customer) or None,
        (path, "staff"): week_text(quiet.staff) or None,
        (path, "severities_at_once"): _listed(quiet.severities_at_once),
        (path, "customer_at_once"): _listed(sorted(quiet.customer_at_once)),
        (path, "staff_at_once"): _listed(sorted(quiet.staff_at_once)),
    }


def _ending(policy: Policy) -> dict[Where, Fact]:
    facts: dict[Where, Fact] = {
        ("channels", "customer"): _listed(policy.customer_channels),
        ("channels", "staff"): _listed(policy.staff_channels),
        ("closing", "close_when_satisfied"): policy.close_when_satisfied,
        ("closing", "satisfied_from"): policy.satisfied_from,
        ("closing", "raise_severity_from"): policy.raise_severity_from,
        ("closing", "thanks"): policy.thanks,
        ("closing", "unsatisfied"): policy.on_unsatisfied,
        ("closing", "objection"): policy.on_objection,
        ("closing", "answer"): policy.on_answer,
        ("reviews", "severities"): _listed(policy.review_severities),
        ("late_after",): f"{policy.late_after}s",
    }
    facts["wording", "ours"] = policy.our_wording
    for language, phrases in policy.wording.items():
        facts["wording", language] = _listed(phrases) or "none"
    return facts


def _others(policy: Policy) -> dict[Where, Fact]:
    others = {one.name: getattr(policy, one.name) for one in fields(policy) if one.name not in _IN_WORDS_OF_THEIR_OWN}
    return dict(taken_apart(to_jsonable_python(others)))


def _clock(clock: ClockName, old: ClockRule | None, new: ClockRule | None) -> Iterator[Change]:
    path = ("clocks", clock.value)
    if not isinstance(CLOCKS[clock].target, FromCase):
        # What is promised about an instant of the case is that instant.
        yield from _by_kind((*path, "targets"), old, new, _target)
    yield from compared(_thresholds(clock, old), _thresholds(clock, new))
    yield from _by_kind((*path, "paused_by"), old, new, _pauses)
    yield from compared(_choices(clock, old), _choices(clock, new))


def _target(rule: ClockRule, kind: Kind) -> Fact:
    found = first_match(rule.targets, kind)
    return None if found is None else counted_text(found.within, found.calendar)


def _pauses(rule: ClockRule, kind: Kind) -> Fact:
    # A clock that promises nothing cannot be paused.
    return None if _target(rule, kind) is None else _listed(pauses_for(rule, kind))


def _thresholds(clock: ClockName, rule: ClockRule | None) -> dict[Where, Fact]:
    thresholds = () if rule is None else rule.thresholds
    return {("clocks", clock.value, "thresholds", each.name): _does(clock, each) for each in thresholds}


def _does(clock: ClockName, threshold: Threshold) -> str:
    actions = ", ".join(threshold.actions)
    if isinstance(CLOCKS[clock].target, FollowUps) and threshold.by is not None:
        # Its name is a number, which does not say when.
        return f"{actions} after {duration_text(threshold.by)}"
    return actions


def _choices(clock: ClockName, rule: ClockRule | None) -> dict[Where, Fact]:
    if rule is None:
        return {}
    facts: dict[Where, Fact] = {("clocks", clock.value, "on_retarget"): rule.on_retarget.value}
    if clock in REOPENED:
        facts["clocks", clock.value, "on_reopen"] = rule.on_reopen.value
    if CLOCKS[clock].answers:
        facts["clocks", clock.value, "stopped_by"] = _listed(rule.stopped_by)
    return facts


def _by_kind(
    path: Where, old: ClockRule | None, new: ClockRule | None, fact: Callable[[ClockRule, Kind], Fact]
) -> Iterator[Change]:
    rules = [rule for rule in (old, new) if rule is not None]
    conditions: list[Conditions] = [target for rule in rules for target in rule.targets]
    conditions += [pause for rule in rules for pause in rule.paused_by]
    cells: dict[Kind, Both] = {
        kind: (None if old is None else fact(old, kind), None if new is None else fact(new, kind))
        for kind in kinds_of(conditions)
    }
    for below, (before, after) in _gathered(cells):
        if before != after:
            yield Change(where=(*path, *below), old=before, new=after)


def _gathered(cells: Mapping[Kind, Both]) -> Iterator[tuple[Where, Both]]:
    """The cells, told once where they are the same: for all, for a severity, for its categories or customer tiers."""
    if len(set(cells.values())) == 1:
        yield (), next(iter(cells.values()))
        return
    for severity in dict.fromkeys(kind.severity for kind in cells):
        mine = {kind: both for kind, both in cells.items() if kind.severity is severity}
        yield from (((severity.value, *below), both) for below, both in _of_severity(mine))


def _of_severity(cells: Mapping[Kind, Both]) -> Iterator[tuple[Where, Both]]:
    if len(set(cells.values())) == 1:
        yield (), next(iter(cells.values()))
        return
    by_category = _grouped(cells, lambda kind: kind.category.value)
    by_tier = _grouped(cells, lambda kind: _tier(kind.customer_tier))
    if all(len(both) == 1 for both in by_category.values()):
        yield from (((category,), both[0]) for category, both in by_category.items())
    elif all(len(both) == 1 for both in by_tier.values()):
        yield from (((tier,), both[0]) for tier, both in by_tier.items())
    else:
        apart = len({kind.subcategory for kind in cells}) > 1
        for kind, both in cells.items():
            below = (f"subcategory={kind.subcategory}" if kind.subcategory else "other subcategories",) if apart else ()
            yield (kind.category.value, *below, _tier(kind.customer_tier)), both


def _tier(name: str) -> str:
    return f"customer_tier={name}" if name else "other customer tiers"


def _grouped(cells: Mapping[Kind, Both], key: Callable[[Kind], str]) -> dict[str, list[Both]]:
    groups: dict[str, dict[Both, None]] = {}
    for kind, both in cells.items():
        groups.setdefault(key(kind), {})[both] = None
    return {name: list(values) for name, values in groups.items()}


def _listed(words: Collection[str]) -> Fact:
    return ", ".join(words) or None
