"""The answers of the commands on the roster, for programs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from activities.adapters.postgres.roster import StillNamed
from escalation.phrasing import amount_of
from escalation.roster import Change, Duty, TeamChange, expand, idle_overrides
from escalation.roster.files import Roster
from escalation.roster.files.abilities import Lack
from escalation.roster.files.staffing import TierGap
from escalation.roster.members import OnShift
from escalation.vocabulary import LeftBehind
from starter.cli.output import Warned


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A roster that can be used."""

    file: str
    people: int
    active: int
    shifts: int
    warnings: tuple[Warned, ...]
    around_the_clock: tuple[str, ...] = ()
    gaps: tuple[TierGap, ...] | None = None  # with a policy, when a tier has no one on shift; None without one
    # with a policy, when no one on shift has what a case of the tier requires; None without one
    lacks: tuple[Lack, ...] | None = None
    gaps_until: datetime | None = None  # up to when both were looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn:
    """The result of handing on what a person who left had in a case."""

    escalation: str
    person: str
    what: tuple[LeftBehind, ...] = ()  # what they had to do there; empty for the case itself
    to: str = ""  # who has it or is offered it now; empty where the case went back to its tier, or nothing was done
    problem: str = ""  # why it was not handed on; empty when all is well


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A roster that was put in force."""

    file: str
    people: int
    active: int
    version: int
    renewed: bool  # it was in force already; its shifts were extended
    rows: int
    covers_until: datetime
    at_once: bool
    changes: tuple[Change, ...]
    open_cases: Mapping[str, int]
    team: tuple[TeamChange, ...] = ()
    handed_on: tuple[HandedOn, ...] = ()  # what people who are not asked any more had, and what became of it
    dry_run: bool = False  # nothing was changed; `handed_on` says what would become of it with --hand-on
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A duty, with all tiers it covers."""

    start: datetime
    end: datetime
    shift: str
    tiers: tuple[int, ...]  # their numbers; none: every tier the person serves
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Shifts, and the people on them."""

    start: datetime
    until: datetime
    stretches: tuple[Stretch, ...]  # in order of their start
    always: tuple[str, ...]
    covers_until: datetime | None  # up to when shifts are known; None where a file was asked, which has no end


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsThere:
    """The people available at a tier."""

    tier: int
    at: datetime
    people: tuple[OnShift, ...]  # fewest open cases first
    covers_until: datetime | None  # as of `Shown`


def stretches_of(duties: Iterable[Duty]) -> tuple[Stretch, ...]:
    """The duties, those that differ in their tier alone taken together."""
    tiers: dict[tuple[datetime, datetime, str, str], list[int]] = {}
    for duty in duties:
        tiers.setdefault((duty.start, duty.end, duty.shift, duty.person), []).append(duty.tier)
    return tuple(
        Stretch(start=start, end=end, shift=shift, tiers=tuple(sorted(set(found) - {0})), person=person)
        for (start, end, shift, person), found in tiers.items()
    )


def warnings_of(file: Path, roster: Roster, now: datetime, until: datetime) -> tuple[Warned, ...]:
    """Warnings about a roster read from `now` to `until`, in the order of its file, then of its iCalendar files."""
    name = str(file)
    here = [*_around_the_clock(name, roster), *_never_asked(name, roster, now, until), *_idle(name, roster, now, until)]
    doubts = [Warned(file=source, line=line, text=text) for source, line, text in roster.doubts]
    return (*sorted(here, key=lambda each: each.line), *doubts)


def warnings_of_roles(file: Path, roster: Roster, found: Iterable[StillNamed]) -> tuple[Warned, ...]:
    """Warnings about people who left while policies or open cases count on them."""
    return tuple(
        Warned(file=str(file), line=roster.person_lines.get(one.person, 1), text=_role_left(one)) for one in found
    )


def _role_left(one: StillNamed) -> str:
    policies = " and ".join(f"`{name}`" for name in one.policies)
    where = [f"{'policies' if len(one.policies) > 1 else 'policy'} {policies}"] if policies else []
    where += [amount_of(one.cases, "open case")] if one.cases else []
    what = f"`{one.person}` is not active, and is the {one.role} of {' and of '.join(where)}"
    if one.role == "contact":
        return f"{what}; name another contact in the policy, or keep `{one.person}` active"
    return (
        f"{what}: no one learns there of breaches and failed messages; name another overseer in the policy, restart the "
        f"workers, then move open cases to it with `escalations apply-policy`; until then keep `{one.person}` active"
    )


def _around_the_clock(file: str, roster: Roster) -> Iterator[Warned]:
    # A roster without shifts says nothing about time, and so everyone in it is asked at any hour.
    if roster.unsaid:
        names = ", ".join(f"`{person}`" for person in sorted(roster.unsaid))
        text = f"there are no `shifts:`, so {names} are asked around the clock; add shifts, or `always: true` to each"
        yield Warned(file=file, line=1, text=text)


def _never_asked(file: str, roster: Roster, now: datetime, until: datetime) -> Iterator[Warned]:
    on_duty = {duty.person for duty in expand(roster.plan, now, until)}
    for person in roster.people:
        if person.active and person.tiers and person.id in roster.scheduled - on_duty:
            text = (
                f"`{person.id}` has no shift up to {until:%Y-%m-%d}, so is never asked; put them on a shift, or write "
                "`always: true` or `active: false`"
            )
            yield Warned(file=file, line=roster.person_lines[person.id], text=text)


def _idle(file: str, roster: Roster, now: datetime, until: datetime) -> Iterator[Warned]:
    """Overrides that are to come; iCalendar files are not looked at outside that time."""
    idle = idle_overrides(roster.plan)
    for override, line in roster.override_lines:
        if override in idle and override.end > now and override.start < until:
            yield Warned(file=file, line=line, text="no one whom this override replaces is on shift then")
