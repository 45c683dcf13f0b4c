"""When is it due? Worked out from state and policy, never from when one asks.

The instants of a clock follow from its start, its target, and the pauses that count for it. A clock that is
paused now has no instants, except those it had already reached when the pause began: they fire late, not never.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from escalation.policy import Action, Basis, ClockRule, Policy, Threshold
from escalation.state import ClockRun, State
from escalation.timing import Timing, timing_of
from escalation.vocabulary import ClockName

_percent = attrgetter("percent")
_ACKNOWLEDGE, _PERCENT, _BREACH = ClockName.ACKNOWLEDGE, Basis.PERCENT, Action.BREACH
"""Taken out of their enumerations once: looking a member up takes longer than comparing it."""
_ORDER: Mapping[ClockName, int] = {clock: number for number, clock in enumerate(ClockName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A threshold and its instant.

    Attributes:
        at: When it fires, aware UTC.
        timing: What it was worked out from; the clock's next threshold follows from the same.
    """

    at: datetime
    clock: ClockName
    cycle: int
    threshold: Threshold
    timing: Timing = field(compare=False, repr=False)


def deadlines(state: State, policy: Policy) -> dict[ClockName, Due]:
    """The next threshold of each clock that is armed; a paused or spent clock is not there."""
    found = {clock: _next_of(state, policy, clock) for clock in state.runs}
    return {clock: due for clock, due in found.items() if due is not None}


def rearmed(
    armed: Mapping[ClockName, Due], before: tuple[State, Policy], after: tuple[State, Policy]
) -> Mapping[ClockName, Due]:
    """`deadlines` of the state after, given those of the state before: only what has changed is worked out again.

    Args:
        armed: The next threshold of each clock before.
        before: State and policy that `armed` was worked out from.
        after: State and policy now.
    """
    (old, _), (state, policy) = before, after
    if not _same_rules(before, after):
        return deadlines(state, policy)
    old_runs, same_pauses, same_tier = old.runs, old.pauses is state.pauses, old.tier == state.tier
    if old_runs is state.runs and same_pauses and same_tier:
        return armed
    found: dict[ClockName, Due] = {}
    for clock, run in state.runs.items():
        due, was = armed.get(clock), old_runs.get(clock)
        counts_alike = (same_pauses or not _can_pause(clock, policy)) and (same_tier or clock is not _ACKNOWLEDGE)
        if was is not run or not counts_alike:
            timing = None
            if due is not None and was is not None and counts_alike:
                timing = _timing_of_next(due.timing, was, run)
            due = _next_of(state, policy, clock) if timing is None else _first(timing, clock, run, policy.clocks[clock])
        if due is not None:
            found[clock] = due
    return found


def _timing_of_next(timing: Timing, was: ClockRun, run: ClockRun) -> Timing | None:
    """What another run of the same clock follows from, where nothing but the run has changed; None if that is more."""
    if run.eta is not was.eta or run.repeats != was.repeats:
        return None
    return timing if run.cycle == was.cycle else timing.from_start(run.started_at)


def _same_rules(before: tuple[State, Policy], after: tuple[State, Policy]) -> bool:
    """Whether what the targets of all clocks follow from is the same."""
    (old, old_policy), (state, policy) = before, after
    return (
        policy is old_policy
        and state.severity is old.severity
        and state.category is old.category
        and state.customer is old.customer
    )


def _can_pause(clock: ClockName, policy: Policy) -> bool:
    rule = policy.clocks.get(clock)
    return rule is not None and bool(rule.paused_by)


def earliest(armed: Mapping[ClockName, Due]) -> Due | None:
    """The threshold that fires first; at the same instant in the order of `ClockName`."""
    first: Due | None = None
    for due in armed.values():
        if first is None or due.at < first.at or (due.at == first.at and _ORDER[due.clock] < _ORDER[first.clock]):
            first = due
    return first


def next_due(state: State, policy: Policy) -> Due | None:
    """The earliest threshold of all clocks; at the same instant in the order of `ClockName`."""
    return earliest(deadlines(state, policy))


def upcoming(state: State, policy: Policy, clock: ClockName) -> tuple[Due, ...]:
    """The thresholds of a running clock that have not fired, the earliest first; at most what the pause allows."""
    timing = timing_of(state, policy, clock)
    if timing is None:
        return ()
    run = state.runs[clock]
    dues = [
        Due(at=at, clock=clock, cycle=run.cycle, threshold=threshold, timing=timing)
        for threshold in _unfired(run, policy.clocks[clock])
        if timing.reached_before_pause(at := timing.instant(threshold))
    ]
    return tuple(sorted(dues, key=attrgetter("at")))


def _next_of(state: State, policy: Policy, clock: ClockName) -> Due | None:
    timing = timing_of(state, policy, clock)
    return None if timing is None else _first(timing, clock, state.runs[clock], policy.clocks[clock])


def _first(timing: Timing, clock: ClockName, run: ClockRun, rule: ClockRule) -> Due | None:
    """The threshold that fires next, if the pause allows one."""
    first, at = None, timing.suspended_from
    for threshold in _candidates(run, rule):
        instant = timing.instant(threshold)
        if at is None or instant < at or (first is None and instant == at):
            first, at = threshold, instant
    if first is None or at is None:
        return None
    return Due(at=at, clock=clock, cycle=run.cycle, threshold=first, timing=timing)


def _candidates(run: ClockRun, rule: ClockRule) -> list[Threshold]:
    """The thresholds that may fire next: of all shares the smallest comes first, so the others need not be worked out."""
    unfired = _unfired(run, rule)
    if len(unfired) < 2:
        return unfired
    shares = [threshold for threshold in unfired if threshold.basis is _PERCENT]
    if len(shares) < 2:
        return unfired
    smallest = min(shares, key=_percent)
    return [one for one in unfired if one is smallest or one.basis is not _PERCENT]


def _unfired(run: ClockRun, rule: ClockRule) -> list[Threshold]:
    """Those that did not fire in this cycle; a promise is broken once, whatever a later policy calls that threshold."""
    fired = run.fired
    left = [threshold for threshold in rule.thresholds if threshold.name not in fired]
    return [threshold for threshold in left if _BREACH not in threshold.actions] if run.breached else left


def target_of_armed(armed: Mapping[ClockName, Due], state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """`target_instant`, given the next threshold of each clock; spares working it out again."""
    due = armed.get(clock)
    if due is None:
        return target_instant(state, policy, clock)
    return due.timing.due if due.timing.reached_before_pause(due.timing.due) else None


def target_instant(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the clock's target falls due, aware UTC; None when it promises nothing or is paused before that."""
    timing = timing_of(state, policy, clock)
    if timing is None or not timing.reached_before_pause(timing.due):
        return None
    return timing.due
