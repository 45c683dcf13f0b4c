"""The inputs of a running clock's instants: its start, its target, its calendar, and the pauses that count for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from escalation.business_time import (
    ALWAYS_OPEN,
    BusinessDays,
    Calendar,
    Duration,
    NeverOpens,
    OpenTime,
    OutOfReach,
    Span,
    add,
    elapsed,
    share,
    subtract,
)
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, PauseInterval
from escalation.clock_rules import Basis, ClockRule, PauseRule, Target, Threshold, subcategory_key
from escalation.clocks.definition import CLOCKS
from escalation.clocks.targets import FromPolicy
from escalation.policy import Policy
from escalation.vocabulary import ClockName

FURTHEST = datetime(2150, 1, 1, tzinfo=UTC)
"""A date that would be later, or never, is this one: far beyond any due date that is accepted, and within what
Temporal's timers and PostgreSQL can hold. An opening or a policy that reaches it is refused."""

MOST_DOUBLINGS = 4  # how often the time between reminders to a silent overseer doubles: up to sixteen times the target
LONGEST_DAYS = 3660  # no doubling makes a target longer than ten years, which is the longest that a policy can name


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The inputs of a running clock's instants besides its run; cycles under the same rules share them."""

    within: Duration  # the target; an instant that a person named (`run.eta`) takes its place
    calendar: Calendar
    pauses: tuple[Span, ...]  # ended pauses that count for this clock; none where the instant was named
    suspended_from: datetime | None  # since when it is paused; None when it runs
    percent: int = 100  # the share of the target that is left to it, because the customer is frustrated

    def target(self, run: ClockRun) -> datetime:
        """The instant of the target, aware UTC, as if the present pause were not."""
        if run.eta is not None:
            return run.eta
        try:
            target = add(self.calendar, run.started_at, self._open_time(run), self._off(run))
            if self.percent != 100 and isinstance(self.within, BusinessDays):
                target = share(self.calendar, run.started_at, target, self.percent, self._off(run))
            if run.extra and isinstance(self.within, BusinessDays):
                target = add(self.calendar, target, OpenTime(seconds=run.extra), self._off(run))
            return min(target, FURTHEST)
        except (NeverOpens, OutOfReach):
            return FURTHEST

    def _open_time(self, run: ClockRun) -> Duration:
        if not isinstance(self.within, OpenTime) or (self.percent == 100 and not run.extra):
            return self.within
        return OpenTime(seconds=max(1, self.within.seconds * self.percent // 100) + run.extra)

    def _off(self, run: ClockRun) -> tuple[Span, ...]:
        """The time that does not count for a run: pauses, and while the case was resolved."""
        return (*self.pauses, *(Span(start=one.start, end=one.end) for one in run.resolved))

    def interval_after(self, at: datetime) -> datetime:
        """The target of a run that started at an instant, aware UTC."""
        return self.target(ClockRun(cycle=0, started_at=at))

    def reached_before_pause(self, at: datetime) -> bool:
        """Whether this instant comes before the present pause, if there is one."""
        return self.suspended_from is None or at <= self.suspended_from

    def elapsed(self, run: ClockRun, until: datetime) -> int:
        """Seconds that counted up to an instant: open time, without pauses."""
        end = until if self.suspended_from is None else min(until, self.suspended_from)
        return elapsed(self.calendar, run.started_at, end, self._off(run))

    def left(self, run: ClockRun, after: datetime) -> int:
        """Seconds of open time from an instant to the target, without pauses; 0 when it is reached."""
        return elapsed(self.calendar, after, self.target(run), self._off(run))

    def instant(self, threshold: Threshold, run: ClockRun, target: datetime) -> datetime:
        """When a threshold fires, aware UTC, as if the present pause were not.

        Args:
            run: The clock's run.
            target: The instant of its target.
        """
        try:
            return min(self._instant(threshold, run, target), FURTHEST)
        except (NeverOpens, OutOfReach):
            return FURTHEST

    def _instant(self, threshold: Threshold, run: ClockRun, target: datetime) -> datetime:
        match threshold.basis:
            case Basis.PERCENT:
                return self._share(threshold.percent, run, target)
            case Basis.ELAPSED:
                return add(self.calendar, run.started_at, _by(threshold), self._off(run))
            case Basis.AFTER:
                return add(self.calendar, target, _by(threshold), self._off(run))
            case Basis.BEFORE:
                return self._before(_by(threshold), run, target)
            case _:
                assert_never(threshold.basis)

    def _share(self, percent: int, run: ClockRun, target: datetime) -> datetime:
        if percent == 100:
            return target
        within = self._open_time(run)
        if run.eta is None and isinstance(within, OpenTime):
            seconds = within.seconds * percent // 100
            return add(self.calendar, run.started_at, OpenTime(seconds=seconds), self._off(run))
        if target == FURTHEST:  # to count the open time of a century would hold up the worker for seconds
            return FURTHEST
        return share(self.calendar, run.started_at, target, percent, self._off(run))

    def _before(self, by: Duration, run: ClockRun, target: datetime) -> datetime:
        # Counted from the start where possible, so that a pause between the two is not counted twice.
        within = self._open_time(run)
        if run.eta is None and isinstance(within, OpenTime) and isinstance(by, OpenTime):
            seconds = max(0, within.seconds - by.seconds)
            return add(self.calendar, run.started_at, OpenTime(seconds=seconds), self._off(run))
        return max(run.started_at, subtract(self.calendar, target, by))


def timing_of(state: State, policy: Policy, clock: ClockName) -> Timing | None:
    """The inputs of a running clock's instants; None if the policy has no target for it."""
    rule = policy.clocks.get(clock)
    target = None if rule is None else target_of(state, policy, clock)
    if rule is None or target is None:
        return None
    run = state.runs[clock]
    moves = run.eta is None and bool(state.pauses)
    return Timing(
        within=_stretched(target.within, run.repeats) if run.repeats else target.within,
        calendar=calendar_of(policy, target.calendar),
        pauses=tuple(_ended_pauses(state, rule)) if moves else (),
        suspended_from=_suspended_from(state, rule) if moves else None,
        percent=policy.frustration.cadence[state.frustration] if clock is ClockName.CUSTOMER_UPDATE else 100,
    )


def target_of(state: State, policy: Policy, clock: ClockName) -> Target | None:
    """The first target of the clock that matches the escalation; the tier's own for an offer."""
    rule = policy.clocks.get(clock)
    found = next((target for target in rule.targets if _matches(target, state)), None) if rule else None
    return found and of_tier(found, clock, policy, state.tier)


def of_tier(target: Target, clock: ClockName, policy: Policy, tier: int) -> Target:
    """The tier's own target where the clock takes that first and the tier has one; else the one given."""
    source = CLOCKS[clock].target
    own = policy.ladder.tier(tier).acknowledge if isinstance(source, FromPolicy) and source.tier_first else None
    return target if own is None else Target(within=own, calendar=target.calendar)


def _stretched(within: Duration, repeats: int) -> Duration:
    # Twice as long with each repeat: who holds a case and stays silent is reminded ever less often, but always.
    factor = 2 ** min(repeats, MOST_DOUBLINGS)
    match within:
        case OpenTime(seconds=seconds):
            return OpenTime(seconds=max(seconds, min(seconds * factor, LONGEST_DAYS * 86_400)))
        case BusinessDays(days=days):
            return BusinessDays(days=max(days, min(days * factor, LONGEST_DAYS)))
        case _:
            assert_never(within)


def calendar_of(policy: Policy, name: str) -> Calendar:
    """The policy's calendar of this name."""
    return ALWAYS_OPEN if name == ALWAYS_OPEN.name else policy.calendars[name]


def pauses_for(state: State, rule: ClockRule) -> Iterator[PauseInterval]:
    """The pauses, ended or not, that pause the clock of this rule."""
    causes = {pause.cause for pause in rule.paused_by if _matches(pause, state)}
    return (pause for pause in state.pauses if pause.cause in causes)


def _matches(conditions: Target | PauseRule, state: State) -> bool:
    return (
        (not conditions.severity or state.severity in conditions.severity)
        and (not conditions.category or state.category in conditions.category)
        and (not conditions.subcategory or subcategory_key(state.subcategory) in conditions.subcategory)
        and (not conditions.customer_tier or state.customer.tier in conditions.customer_tier)
    )


def _ended_pauses(state: State, rule: ClockRule) -> Iterator[Span]:
    for pause in pauses_for(state, rule):
        if pause.end is not None:
            yield Span(start=pause.start, end=pause.end)


def _suspended_from(state: State, rule: ClockRule) -> datetime | None:
    return min((pause.start for pause in pauses_for(state, rule) if pause.end is None), default=None)


def _by(threshold: Threshold) -> Duration:
    if threshold.by is None:
        raise ValueError(f"threshold `{threshold.name}` has a basis that needs a duration, but has none")
    return threshold.by
