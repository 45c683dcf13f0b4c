"""Compares two versions of a team, person by person."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A person of the team as one version of the roster has them."""

    person: str
    name: str
    # what the roster says of them, by the key it uses there; each value as people write it
    facts: tuple[tuple[str, str], ...]
    active: bool  # whether they are asked at all


class Step(StrEnum):
    """The change of a new version to a person."""

    JOINS = "joins"  # they are asked from now on
    LEAVES = "leaves"  # the new version does not name them; they are never asked again
    CHANGES = "changes"  # what the roster says of them differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that the versions say differently of a person."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamChange:
    """The changes of a new version to one person."""

    person: str
    name: str
    step: Step
    differences: tuple[Difference, ...] = ()  # what differs; empty for those who join or leave


def team_changes(before: Iterable[Standing], after: Iterable[Standing]) -> tuple[TeamChange, ...]:
    """Return who joins, leaves and changes: leaves first, then joins, then changes, each by id.

    Args:
        before: everyone whom the directory knows; those who left earlier are not active.
        after: everyone whom the new version names.
    """
    known = {one.person: one for one in before}
    named = {one.person: one for one in after}
    leaves = [_change(one, Step.LEAVES) for one in known.values() if one.active and one.person not in named]
    joins = [_change(one, Step.JOINS) for one in named.values() if one.person not in known]
    changes = [
        _change(one, Step.CHANGES, found)
        for one in named.values()
        if one.person in known and (found := _differences(known[one.person], one))
    ]
    return tuple(each for group in (leaves, joins, changes) for each in sorted(group, key=lambda one: one.person))


def _change(one: Standing, step: Step, differences: tuple[Difference, ...] = ()) -> TeamChange:
    return TeamChange(person=one.person, name=one.name, step=step, differences=differences)


def _differences(before: Standing, after: Standing) -> tuple[Difference, ...]:
    old, new = dict(before.facts), dict(after.facts)
    return tuple(
        Difference(what=what, before=old.get(what, ""), after=new.get(what, ""))
        for what in dict.fromkeys((*old, *new))
        if old.get(what, "") != new.get(what, "")
    )
