"""When is it due? Worked out from state and policy, never from when one asks.

The instants of a clock follow from its start, its target, and the pauses that count for it. A clock that is
paused now has no instants, except those it had already reached when the pause began: they fire late, not never.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter

from escalation.case.state import ClockRun, State
from escalation.clocks.timing import Timing, timing_of
from escalation.policy import Action, Basis, ClockRule, Policy, Threshold
from escalation.vocabulary import ClockName

_ACKNOWLEDGE, _PERCENT, _BREACH = ClockName.ACKNOWLEDGE, Basis.PERCENT, Action.BREACH
"""Taken out of their enumerations once: looking a member up takes longer than comparing it."""
_ORDER: Mapping[ClockName, int] = {clock: number for number, clock in enumerate(ClockName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A threshold and its instant.

    Attributes:
        at: When it fires, aware UTC.
        target: When the clock's target falls due, aware UTC, as if the present pause were not.
        timing: What both were worked out from; the clock's next threshold follows from the same.
    """

    at: datetime
    clock: ClockName
    cycle: int
    threshold: Threshold
    target: datetime = field(compare=False, repr=False)
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
    (old, old_policy), (state, policy) = before, after
    if policy is not old_policy or _targets_differ(old, state):
        return deadlines(state, policy)
    old_runs, same_pauses, same_tier = old.runs, old.pauses is state.pauses, old.tier == state.tier
    if old_runs is state.runs and same_pauses and same_tier:
        return armed
    found: dict[ClockName, Due] = {}
    for clock, run in state.runs.items():
        due, was = armed.get(clock), old_runs.get(clock)
        counts_alike = (same_pauses or not _can_pause(clock, policy)) and (same_tier or clock is not _ACKNOWLEDGE)
        if was is not run or not counts_alike:
            if due is None or was is None or not counts_alike or not _is_timed_alike(was, run):
                due = _next_of(state, policy, clock)
            else:
                target = due.target if run.cycle == was.cycle else due.timing.target(run)
                due = _first(due.timing, target, clock, run, policy.clocks[clock])
        if due is not None:
            found[clock] = due
    return found


def _is_timed_alike(was: ClockRun, run: ClockRun) -> bool:
    """Whether the instants of another run of the same clock follow from the same, where nothing but the run has changed."""
    return run.eta is was.eta and run.repeats == was.repeats


def _targets_differ(old: State, state: State) -> bool:
    """Whether what the targets of all clocks follow from is another."""
    return (
        state.severity is not old.severity or state.category is not old.category or state.customer is not old.customer
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
    target = timing.target(run)
    dues = [
        Due(at=at, clock=clock, cycle=run.cycle, threshold=threshold, target=target, timing=timing)
        for threshold in _unfired(run, policy.clocks[clock])
        if timing.reached_before_pause(at := timing.instant(threshold, run, target))
    ]
    return tuple(sorted(dues, key=attrgetter("at")))


def _next_of(state: State, policy: Policy, clock: ClockName) -> Due | None:
    timing = timing_of(state, policy, clock)
    if timing is None:
        return None
    run = state.runs[clock]
    return _first(timing, timing.target(run), clock, run, policy.clocks[clock])


def _first(timing: Timing, target: datetime, clock: ClockName, run: ClockRun, rule: ClockRule) -> Due | None:
    """The threshold that fires next, if the pause allows one."""
    unfired = _unfired(run, rule)
    share = _smallest_share(unfired)
    first, at = None, timing.suspended_from
    for threshold in unfired:
        if threshold.basis is _PERCENT and threshold is not share:
            continue  # it comes later, so it need not be worked out
        instant = timing.instant(threshold, run, target)
        if at is None or instant < at or (first is None and instant == at):
            first, at = threshold, instant
    if first is None or at is None:
        return None
    return Due(at=at, clock=clock, cycle=run.cycle, threshold=first, target=target, timing=timing)


def _smallest_share(thresholds: Iterable[Threshold]) -> Threshold | None:
    smallest: Threshold | None = None
    for threshold in thresholds:
        if threshold.basis is _PERCENT and (smallest is None or threshold.percent < smallest.percent):
            smallest = threshold
    return smallest


def _unfired(run: ClockRun, rule: ClockRule) -> Sequence[Threshold]:
    """Those that did not fire in this cycle; a promise is broken once, whatever a later policy calls that threshold."""
    fired = run.fired
    if not fired:
        return rule.thresholds
    left = [threshold for threshold in rule.thresholds if threshold.name not in fired]
    return [threshold for threshold in left if _BREACH not in threshold.actions] if run.breached else left


def target_instant(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the clock's target falls due, aware UTC; None when it promises nothing or is paused before that."""
    timing = timing_of(state, policy, clock)
    if timing is None:
        return None
    target = timing.target(state.runs[clock])
    return target if timing.reached_before_pause(target) else None
