"""When is it due? Worked out from state and policy, never from when one asks.

The instants of a clock follow from its start, its target, and the pauses that count for it. A clock that is
paused now has no instants, except those it had already reached when the pause began: they fire late, not never.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from escalation.business_time import ALWAYS_OPEN, Calendar, Duration, OpenTime, Span, add, elapsed, subtract
from escalation.policy import Basis, ClockRule, Policy, Target, Threshold
from escalation.state import ClockRun, State
from escalation.vocabulary import ClockName


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A threshold and its instant.

    Attributes:
        at: When it fires, aware UTC.
    """

    at: datetime
    clock: ClockName
    cycle: int
    threshold: Threshold


def deadlines(state: State, policy: Policy) -> dict[ClockName, Due]:
    """The next threshold of each clock that is armed; a paused or spent clock is not there."""
    found = {clock: _next_of(state, policy, clock) for clock in state.runs}
    return {clock: due for clock, due in found.items() if due is not None}


def earliest(armed: Mapping[ClockName, Due]) -> Due | None:
    """The threshold that fires first; at the same instant in the order of `ClockName`."""
    return min(armed.values(), key=lambda due: (due.at, _ORDER[due.clock]), default=None)


def next_due(state: State, policy: Policy) -> Due | None:
    """The earliest threshold of all clocks; at the same instant in the order of `ClockName`."""
    return earliest(deadlines(state, policy))


def upcoming(state: State, policy: Policy, clock: ClockName) -> tuple[Due, ...]:
    """The thresholds of a running clock that have not fired, the earliest first; at most what the pause allows."""
    timing = timing_of(state, policy, clock)
    if timing is None:
        return ()
    return tuple(_dues(timing, clock, _unfired(timing.run, policy.clocks[clock])))


def _next_of(state: State, policy: Policy, clock: ClockName) -> Due | None:
    timing = timing_of(state, policy, clock)
    if timing is None:
        return None
    unfired = _unfired(timing.run, policy.clocks[clock])
    # Of all shares the smallest comes first, so the others need not be worked out.
    shares = [threshold for threshold in unfired if threshold.basis is Basis.PERCENT]
    smallest = min(shares, key=lambda threshold: threshold.percent, default=None)
    candidates = [one for one in unfired if one.basis is not Basis.PERCENT or one is smallest]
    return next(iter(_dues(timing, clock, candidates)), None)


def _unfired(run: ClockRun, rule: ClockRule) -> list[Threshold]:
    return [threshold for threshold in rule.thresholds if threshold.name not in run.fired]


def _dues(timing: "Timing", clock: ClockName, thresholds: Iterable[Threshold]) -> list[Due]:
    dues = [
        Due(at=at, clock=clock, cycle=timing.run.cycle, threshold=threshold)
        for threshold in thresholds
        if timing.reached_before_pause(at := timing.instant(threshold))
    ]
    return sorted(dues, key=lambda due: due.at)


def target_instant(state: State, policy: Policy, clock: ClockName) -> datetime | None:
    """When the clock's target falls due, aware UTC; None when it promises nothing or is paused before that."""
    timing = timing_of(state, policy, clock)
    if timing is None or not timing.reached_before_pause(timing.due):
        return None
    return timing.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """All that the instants of one running clock follow from.

    Attributes:
        within: The target.
        pauses: Ended pauses that count for this clock.
        suspended_from: Since when it is paused; None when it runs.
    """

    run: ClockRun
    within: Duration
    calendar: Calendar
    pauses: tuple[Span, ...]
    suspended_from: datetime | None

    @property
    def due(self) -> datetime:
        """The instant of the target, aware UTC, as if the present pause were not."""
        if self.run.eta is not None:
            return self.run.eta
        return add(self.calendar, self.run.started_at, self.within, self.pauses)

    def reached_before_pause(self, at: datetime) -> bool:
        """Whether this instant comes before the present pause, if there is one."""
        return self.suspended_from is None or at <= self.suspended_from

    def instant(self, threshold: Threshold) -> datetime:
        """When the threshold fires, aware UTC, as if the present pause were not."""
        match threshold.basis:
            case Basis.PERCENT:
                return self._share(threshold.percent)
            case Basis.ELAPSED:
                return add(self.calendar, self.run.started_at, _by(threshold), self.pauses)
            case Basis.AFTER:
                return add(self.calendar, self.due, _by(threshold), self.pauses)
            case Basis.BEFORE:
                return self._before(_by(threshold))
            case _:
                assert_never(threshold.basis)

    def _share(self, percent: int) -> datetime:
        if percent == 100:
            return self.due
        if self.run.eta is None and isinstance(self.within, OpenTime):
            seconds = self.within.seconds * percent // 100
        else:
            seconds = elapsed(self.calendar, self.run.started_at, self.due, self.pauses) * percent // 100
        return add(self.calendar, self.run.started_at, OpenTime(seconds=seconds), self.pauses)

    def _before(self, by: Duration) -> datetime:
        # Counted from the start where possible, so that a pause between the two is not counted twice.
        if self.run.eta is None and isinstance(self.within, OpenTime) and isinstance(by, OpenTime):
            seconds = max(0, self.within.seconds - by.seconds)
            return add(self.calendar, self.run.started_at, OpenTime(seconds=seconds), self.pauses)
        return max(self.run.started_at, subtract(self.calendar, self.due, by))


def timing_of(state: State, policy: Policy, clock: ClockName) -> Timing | None:
    """What the instants of a running clock follow from; None when the policy promises nothing."""
    rule, target = policy.clocks.get(clock), target_of(state, policy, clock)
    if rule is None or target is None:
        return None
    return Timing(
        run=state.runs[clock],
        within=target.within,
        calendar=calendar_of(policy, target.calendar),
        pauses=tuple(_ended_pauses(state, rule)),
        suspended_from=_suspended_from(state, rule),
    )


def target_of(state: State, policy: Policy, clock: ClockName) -> Target | None:
    """The first target of the clock that matches the escalation; the tier's own for an offer."""
    rule = policy.clocks.get(clock)
    if rule is None:
        return None
    found = next((target for target in rule.targets if _matches(target, state)), None)
    own = policy.ladder.tier(state.tier).acknowledge if clock is ClockName.ACKNOWLEDGE else None
    if found is None or own is None:
        return found
    return Target(within=own, calendar=found.calendar)


def calendar_of(policy: Policy, name: str) -> Calendar:
    """The policy's calendar of this name."""
    return ALWAYS_OPEN if name == ALWAYS_OPEN.name else policy.calendars[name]


_ORDER: Mapping[ClockName, int] = {clock: number for number, clock in enumerate(ClockName)}


def _matches(target: Target, state: State) -> bool:
    return (
        (not target.severity or state.severity in target.severity)
        and (not target.category or state.category in target.category)
        and (not target.customer_tier or state.customer.tier in target.customer_tier)
    )


def _ended_pauses(state: State, rule: ClockRule) -> Iterator[Span]:
    for pause in state.pauses:
        if pause.cause in rule.paused_by and pause.end is not None:
            yield Span(start=pause.start, end=pause.end)


def _suspended_from(state: State, rule: ClockRule) -> datetime | None:
    return min((pause.start for pause in state.open_pauses if pause.cause in rule.paused_by), default=None)


def _by(threshold: Threshold) -> Duration:
    if threshold.by is None:
        raise ValueError(f"threshold `{threshold.name}` has a basis that needs a duration and has none")
    return threshold.by
