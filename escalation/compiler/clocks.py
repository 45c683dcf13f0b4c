"""Compiles the clocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from escalation.business_time import ALWAYS_OPEN, OpenTime
from escalation.clock_rules import Action, Basis, ClockRule, OnReopen, Target, Threshold
from escalation.clocks.definition import CLOCKS, REOPENED
from escalation.clocks.targets import FromCase, FromPolicy
from escalation.compiler.actions import check_actions
from escalation.compiler.calendars import Calendars
from escalation.compiler.clock_model import ClockSection, FollowUpSection, PromiseSection
from escalation.compiler.durations import duration_text
from escalation.compiler.pauses import compile_pauses, compile_stops
from escalation.compiler.recipients import check_climbs
from escalation.compiler.targets import Placed, Rule, merged, place_targets, require_all, rules_of
from escalation.compiler.thresholds import Limit, check_order, read_threshold
from escalation.documents.problems import Problems, listed
from escalation.documents.yaml import Path
from escalation.policy import Ladder
from escalation.vocabulary import ClockName


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledClock:
    """A clock's rule, and its targets with the places where they were written."""

    rule: ClockRule
    rules: tuple[Rule, ...]
    placed: tuple[Placed, ...]


def compile_clock(
    clock: ClockName, section: ClockSection, calendars: Calendars, ladder: Ladder | None, problems: Problems
) -> CompiledClock:
    """Compile a clock with targets and thresholds; a broken ladder gives its tiers no acknowledge targets."""
    path: Path = ("clocks", clock.value)
    rules = rules_of(section.targets, (*path, "targets"), section.calendar)
    placed = place_targets(rules, calendars, problems)
    definition = CLOCKS[clock]
    if definition.required:
        require_all(clock.value, rules, (*path, "targets"), problems)
    has_tiers = isinstance(definition.target, FromPolicy) and definition.target.tier_first
    limits = [*_limits(placed), *(_tier_limits(placed, ladder) if has_tiers else ())]
    thresholds = _thresholds(clock, section.thresholds, limits, problems)
    check_climbs(clock, section.thresholds, ladder, problems)
    rule = ClockRule(
        targets=merged(placed),
        thresholds=thresholds,
        paused_by=compile_pauses(clock, section.paused_by, rules, problems),
        stopped_by=compile_stops(clock, section.stopped_by, problems),
        on_retarget=section.on_retarget,
        on_reopen=_on_reopen(clock, section.on_reopen, problems),
    )
    return CompiledClock(rule=rule, rules=rules, placed=placed)


def _on_reopen(clock: ClockName, written: OnReopen, problems: Problems) -> OnReopen:
    if clock not in REOPENED and written is not OnReopen.NEW_CYCLE:
        what = f"`{clock}` does not begin with a reopening, so there is nothing to {written.replace('_', ' ')}"
        problems.add(("clocks", clock.value, "on_reopen"), what, f"leave it out; {listed(REOPENED)} can have it")
    return written


def compile_named(clock: ClockName, source: FromCase, section: PromiseSection, problems: Problems) -> ClockRule:
    """Compile a clock whose target comes with the case, so that a share of it is refused."""
    path: Path = ("clocks", clock.value, "thresholds")
    limits = [Limit(label=source.label, within=None, calendar=ALWAYS_OPEN)]
    thresholds = _thresholds(clock, section.thresholds, limits, problems)
    for threshold in thresholds:
        if threshold.basis is Basis.ELAPSED or threshold.percent != 100:
            what = f"`{threshold.name}` makes no sense on `{clock}`, whose target is {source.what}"
            problems.add((*path, threshold.name), what, "write a time before it, such as `-30m`, or `due`")
    return ClockRule(targets=(Target(within=OpenTime(0), calendar=ALWAYS_OPEN.name),), thresholds=thresholds)


def compile_follow_up(
    clock: ClockName, section: FollowUpSection, calendars: Calendars, problems: Problems
) -> ClockRule:
    """Compile the follow-ups: numbered thresholds, each so long after the resolution; the last one is the target."""
    path: Path = ("clocks", clock.value)
    rules = [
        Rule(path=(*path, "after", index), within=text, calendar=section.calendar)
        for index, text in enumerate(section.after)
    ]
    each = [(rule, place_targets((rule,), calendars, problems)) for rule in rules]
    written = [
        ((*rule.path,), _follow_up(number, placed, survey=section.after[number - 1] == section.survey))
        for number, (rule, placed) in enumerate(each, start=1)
        if placed
    ]
    last = each[-1][1]
    _check_follow_up_order(written, _limits(last), problems)
    if section.survey is not None and section.survey not in section.after:
        problems.add(
            (*path, "survey"),
            f"no follow-up comes after `{section.survey}`",
            f"name one of those in `after`, such as `{section.after[0]}`",
        )
    return ClockRule(targets=merged(last), thresholds=tuple(threshold for _, threshold in written))


def _follow_up(number: int, placed: Sequence[Placed], *, survey: bool) -> Threshold:
    return Threshold(
        name=str(number),
        basis=Basis.ELAPSED,
        by=placed[0].target.within,
        actions=(Action.FOLLOW_UP_SURVEY if survey else Action.FOLLOW_UP,),
    )


def _check_follow_up_order(
    written: Sequence[tuple[Path, Threshold]], limits: Sequence[Limit], problems: Problems
) -> None:
    for limit in limits:
        for (_, earlier), (path, later) in pairwise(written):
            if limit.offset(later) <= limit.offset(earlier):
                problems.add(path, "this follow-up does not come after the one before it", "write the shortest first")


def _limits(placed: Sequence[Placed]) -> list[Limit]:
    return [Limit(label=_label(each.target), within=each.target.within, calendar=each.calendar) for each in placed]


def _tier_limits(placed: Sequence[Placed], ladder: Ladder | None) -> list[Limit]:
    calendars = {each.calendar.name: each.calendar for each in placed}.values()
    tiers = () if ladder is None else ladder.tiers
    return [
        Limit(label=f"tier `{tier.name}`", within=tier.acknowledge, calendar=calendar)
        for tier in tiers
        if tier.acknowledge is not None
        for calendar in calendars
    ]


def _label(target: Target) -> str:
    return f"{', '.join(target.severity) or 'all severities'} ({duration_text(target.within)})"


def _thresholds(
    clock: ClockName, section: Mapping[str, list[Action]], limits: Sequence[Limit], problems: Problems
) -> tuple[Threshold, ...]:
    path: Path = ("clocks", clock.value, "thresholds")
    # Without a sound target a duration is still read, in the calendar that takes every form.
    calendars = tuple({limit.calendar.name: limit.calendar for limit in limits}.values()) or (ALWAYS_OPEN,)
    read = [
        ((*path, text), read_threshold(text, actions, calendars, (*path, text), problems))
        for text, actions in section.items()
    ]
    written = [(place, threshold) for place, threshold in read if threshold is not None]
    if len(written) == len(read):
        check_order(written, limits, problems)
        check_actions(clock, written, limits, path, problems)
    return tuple(threshold for _, threshold in written)
