"""A cache of one case's deadlines; a simulation computes them millions of times.

Nothing here is a rule, and nothing is needed to read them: `DeadlineCache` answers as `deadlines` does
(`tests/unit/domain/test_caches.py`). It recomputes only what has changed, which it sees by identity, since states
are never changed in place:

- another policy, severity, category, subcategory, customer or frustration: everything;
- another pause: the clocks that the policy lets a pause stop;
- another tier: the clocks whose target the tier may name;
- another run of a clock: its thresholds, and its target where it is another cycle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from escalation.case.state import State
from escalation.case.state_parts import ClockRun
from escalation.clock_rules import Basis, ClockRule, Threshold
from escalation.clocks.deadlines import Due, unfired
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FromPolicy
from escalation.clocks.timing import Timing, timing_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName

# Taken out of its enumeration once: looking a member up takes longer than comparing it.
_PERCENT = Basis.PERCENT
_OF_TIER = frozenset(
    clock for clock, of in CLOCKS.items() if isinstance(of.target, FromPolicy) and of.target.tier_first
)


@dataclass(frozen=True, slots=True)
class _Known:
    """The inputs from which a clock's instants were computed, and the result."""

    timing: Timing
    target: datetime
    due: Due | None


class DeadlineCache:
    """`deadlines` of one case, whatever states and policies it is asked about, one after the other."""

    def __init__(self) -> None:
        self._for: tuple[State, Policy] | None = None
        self._known: dict[ClockName, _Known] = {}
        self._armed: Mapping[ClockName, Due] = {}

    def __call__(self, state: State, policy: Policy) -> Mapping[ClockName, Due]:
        """The next threshold of each clock that is armed; a paused or spent clock is not there."""
        if self._for is not None:
            old, old_policy = self._for
            if old is state and old_policy is policy:
                return self._armed
            if old_policy is not policy or _targets_differ(old, state):
                self._known = {}
            elif old.runs is state.runs and old.pauses is state.pauses and old.tier == state.tier:
                self._for = (state, policy)
                return self._armed
            else:
                self._forget(old, state, policy)
        self._learn(state, policy)
        self._for = (state, policy)
        found = {clock: self._known[clock].due for clock in state.runs if clock in self._known}
        self._armed = {clock: due for clock, due in found.items() if due is not None}
        return self._armed

    def _forget(self, old: State, state: State, policy: Policy) -> None:
        same_pauses, same_tier = old.pauses is state.pauses, old.tier == state.tier
        kept: dict[ClockName, _Known] = {}
        for clock, run in state.runs.items():
            known, was = self._known.get(clock), old.runs.get(clock)
            if known is None or was is None:
                continue
            if not (same_pauses or not policy.clocks[clock].paused_by) or not (same_tier or clock not in _OF_TIER):
                continue
            if was is run:
                kept[clock] = known
            elif was.eta is run.eta and was.repeats == run.repeats and was.resolved is run.resolved:
                target = known.target if run.cycle == was.cycle else known.timing.target(run)
                kept[clock] = _known(known.timing, target, clock, run, policy.clocks[clock])
        self._known = kept

    def _learn(self, state: State, policy: Policy) -> None:
        for clock, run in state.runs.items():
            if clock not in self._known:
                timing = timing_of(state, policy, clock)
                if timing is not None:
                    self._known[clock] = _known(timing, timing.target(run), clock, run, policy.clocks[clock])


def _targets_differ(old: State, state: State) -> bool:
    return (
        state.severity is not old.severity
        or state.frustration != old.frustration
        or state.category is not old.category
        or state.subcategory is not old.subcategory
        or state.customer is not old.customer
    )


def _known(timing: Timing, target: datetime, clock: ClockName, run: ClockRun, rule: ClockRule) -> _Known:
    found = _first(timing, target, run, rule)
    if found is None:
        return _Known(timing, target, None)
    threshold, at = found
    is_open = not timing.reached_before_pause(target)
    due = Due(at=at, clock=clock, cycle=run.cycle, threshold=threshold, target=target, target_is_open=is_open)
    return _Known(timing, target, due)


def _first(timing: Timing, target: datetime, run: ClockRun, rule: ClockRule) -> tuple[Threshold, datetime] | None:
    """The threshold that fires next and its instant, if the pause allows one."""
    left = unfired(run, rule)
    shares = [threshold for threshold in left if threshold.basis is _PERCENT]
    smallest = min(shares, key=_percent) if len(shares) > 1 else None
    first: tuple[Threshold, datetime] | None = None
    for threshold in left:
        if smallest is not None and threshold.basis is _PERCENT and threshold is not smallest:
            continue  # it comes later, so it need not be computed
        at = timing.instant(threshold, run, target)
        if (first is None or at < first[1]) and timing.reached_before_pause(at):
            first = threshold, at
    return first


def _percent(threshold: Threshold) -> int:
    return threshold.percent
