"""Deadlines, computed from state and policy, never from the time of the call.

The instants of a clock follow from its start, its target, and the pauses that count for it. A clock that is
paused now has no instants, except those it had already reached when the pause began: they fire late, not never.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias

from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import Action, ClockRule, Threshold
from escalation.clocks.timing import timing_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName

# A threshold with one of these breaks a promise: ours to ourselves, or one that the customer was given.
_BROKEN = frozenset({Action.BREACH, Action.LAPSE_PROMISE})
_ORDER: Mapping[ClockName, int] = {clock: number for number, clock in enumerate(ClockName)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A threshold and its instant."""

    at: datetime
    clock: ClockName
    cycle: int
    threshold: Threshold
    # when the clock's target is due, aware UTC, as if the present pause were not
    target: datetime = field(compare=False, repr=False)
    target_is_open: bool = field(compare=False, repr=False)  # whether the present pause leaves the target open


DeadlinesOf: TypeAlias = Callable[[State, Policy], Mapping[ClockName, Due]]
"""Works out `deadlines`: the function below, or `escalation.clocks.cache.DeadlineCache`, which says the same sooner."""


def deadlines(state: State, policy: Policy) -> Mapping[ClockName, Due]:
    """The next threshold of each clock that is armed; a paused or spent clock is not there."""
    found = {clock: upcoming(state, policy, clock) for clock in state.runs}
    return {clock: dues[0] for clock, dues in found.items() if dues}


def earliest(armed: Mapping[ClockName, Due]) -> Due | None:
    """The threshold that fires first; at the same instant in the order of `ClockName`."""
    return min(armed.values(), key=_first, default=None)


def next_due(state: State, policy: Policy) -> Due | None:
    """The earliest threshold of all clocks; at the same instant in the order of `ClockName`."""
    return earliest(deadlines(state, policy))


def next_breach(state: State, policy: Policy) -> Due | None:
    """The earliest promise that is broken unless someone acts; None while none runs, or a pause holds all of them."""
    dues = (due for clock in state.runs for due in upcoming(state, policy, clock))
    return min((due for due in dues if _BROKEN & set(due.threshold.actions)), key=_first, default=None)


def _first(due: Due) -> tuple[datetime, int]:
    return due.at, _ORDER[due.clock]


def upcoming(state: State, policy: Policy, clock: ClockName) -> tuple[Due, ...]:
    """The thresholds of a running clock that have not fired, the earliest first; at most what the pause allows."""
    timing = timing_of(state, policy, clock)
    if timing is None:
        return ()
    run = state.runs[clock]
    target = timing.target(run)
    is_open = not timing.reached_before_pause(target)
    dues = [
        Due(at=at, clock=clock, cycle=run.cycle, threshold=threshold, target=target, target_is_open=is_open)
        for threshold in unfired(run, policy.clocks[clock])
        if timing.reached_before_pause(at := timing.instant(threshold, run, target))
    ]
    return tuple(sorted(dues, key=attrgetter("at")))


def unfired(run: ClockRun, rule: ClockRule) -> Sequence[Threshold]:
    """Those that did not fire in this cycle; a promise is broken once, whatever a later policy calls that threshold."""
    fired = run.fired
    if not fired:
        return rule.thresholds
    left = [threshold for threshold in rule.thresholds if threshold.name not in fired]
    return [threshold for threshold in left if Action.BREACH not in threshold.actions] if run.breached else left


def target_instant(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the clock's target is due, aware UTC; None when it promises nothing or is paused before that."""
    timing = timing_of(state, policy, clock)
    if timing is None:
        return None
    target = timing.target(state.runs[clock])
    return target if timing.reached_before_pause(target) else None
