"""Turns a plan into duties: each shift's turns, then overrides, then absences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from escalation.roster.plan import Duty, Override, Plan, Shift, Turn
from escalation.roster.stretches import Stretch, joined, without
from escalation.roster.turns import turns


def expand(plan: Plan, start: datetime, until: datetime) -> tuple[Duty, ...]:
    """Return every duty that overlaps the time from ``start`` to ``until``, by start, shift, tier and person.

    A duty that runs at ``start`` keeps its own start. Duties of one person on one shift never overlap; they may touch.

    Raises:
        ValueError: an instant is naive.
    """
    away: dict[str, list[Stretch]] = defaultdict(list)
    for absence in plan.absences:
        away[absence.person].append((absence.start, absence.end))
    found = (duty for shift in plan.shifts for duty in _duties(plan, shift, away, start, until))
    return tuple(
        sorted(
            (duty for duty in found if duty.end > start and duty.start < until),
            key=lambda duty: (duty.start, duty.shift, duty.tier, duty.person),
        )
    )


def idle_overrides(plan: Plan) -> tuple[Override, ...]:
    """Return the overrides that change nothing, because the replaced person is not on shift then."""
    return tuple(
        override
        for override in plan.overrides
        if not any(
            _concerns(override, shift.name, turn)
            for shift in plan.shifts
            for turn in turns(shift.source, override.start, override.end)
        )
    )


def _duties(
    plan: Plan, shift: Shift, away: dict[str, list[Stretch]], start: datetime, until: datetime
) -> Iterator[Duty]:
    by_person: dict[str, list[Stretch]] = defaultdict(list)
    concerned = [override for override in plan.overrides if override.shift in {"", shift.name}]
    for turn in turns(shift.source, start, until):
        for actual in _stood_in(turn, shift.name, concerned):
            by_person[actual.person].append((actual.start, actual.end))
    for person, stretches in by_person.items():
        present = without(joined(stretches, touching=False), away[person])
        tiers = [tier for tier in shift.tiers if tier in plan.serves.get(person, shift.tiers)]
        for begin, end in present:
            for tier in tiers:
                yield Duty(person=person, tier=tier, shift=shift.name, start=begin, end=end)


def _stood_in(turn: Turn, shift: str, overrides: Iterable[Override]) -> Iterator[Turn]:
    """The turn, with its overridden parts given to others."""
    rest: list[Stretch] = [(turn.start, turn.end)]
    for override in overrides:
        if _concerns(override, shift, turn):
            begin, end = max(turn.start, override.start), min(turn.end, override.end)
            yield Turn(person=override.person, start=begin, end=end)
            rest = without(rest, [(begin, end)])
    for begin, end in rest:
        yield Turn(person=turn.person, start=begin, end=end)


def _concerns(override: Override, shift: str, turn: Turn) -> bool:
    return (
        override.shift in {"", shift}
        and override.instead_of in {"", turn.person}
        and override.start < turn.end
        and turn.start < override.end
    )
