"""Why a clock falls due when it does: what counted, what did not, and where each threshold lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from escalation.business_time import Span, counted
from escalation.deadlines import Timing, target_of, timing_of
from escalation.policy import Policy
from escalation.state import State
from escalation.vocabulary import ClockName


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCounted:
    """A pause that did not count.

    Attributes:
        end: None while it lasts.
    """

    start: datetime
    end: datetime | None
    cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdAt:
    """A threshold's instant; None where the present pause leaves it open."""

    name: str
    at: datetime | None
    fired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExplanation:
    """The account of one running clock.

    Attributes:
        calendar: Where its time is counted.
        calendar_version: Checksum of that calendar.
        zone_data: Version of the zone data the policy was compiled with.
        due: The target's instant, aware UTC; None while paused.
        counted: The intervals that counted up to the instant asked about.
        counted_seconds: Their sum.
        wall_seconds: What a wall clock would have shown.
        not_counted: The pauses in between.
    """

    clock: ClockName
    cycle: int
    started_at: datetime
    calendar: str
    calendar_version: str
    zone_data: str
    due: datetime | None
    counted: tuple[Span, ...]
    counted_seconds: int
    wall_seconds: int
    not_counted: tuple[NotCounted, ...]
    thresholds: tuple[ThresholdAt, ...]


def explain(state: State, policy: Policy, clock: ClockName, *, at: datetime) -> ClockExplanation | None:
    """The account of a running clock at an instant; None where it does not run or promises nothing.

    Args:
        state: The escalation.
        policy: Its policy.
        clock: The clock asked about.
        at: Up to when time is counted, aware UTC.
    """
    timing = timing_of(state, policy, clock) if clock in state.runs else None
    target = None if timing is None else target_of(state, policy, clock)
    if timing is None or target is None:
        return None
    until = at if timing.suspended_from is None else min(at, timing.suspended_from)
    spans = counted(timing.calendar, timing.run.started_at, max(until, timing.run.started_at), timing.pauses)
    return ClockExplanation(
        clock=clock,
        cycle=timing.run.cycle,
        started_at=timing.run.started_at,
        calendar=target.calendar,
        calendar_version=timing.calendar.version,
        zone_data=policy.zone_data,
        due=timing.due if timing.reached_before_pause(timing.due) else None,
        counted=spans,
        counted_seconds=int(sum((span.end - span.start).total_seconds() for span in spans)),
        wall_seconds=_whole_seconds(timing.run.started_at, at),
        not_counted=tuple(_not_counted(state, policy, clock)),
        thresholds=_thresholds(timing, policy, clock),
    )


def _whole_seconds(start: datetime, end: datetime) -> int:
    # Business time counts whole seconds, so the wall clock beside it must begin and end on them too.
    return int((end.replace(microsecond=0) - start.replace(microsecond=0)).total_seconds())


def _not_counted(state: State, policy: Policy, clock: ClockName) -> Iterator[NotCounted]:
    started_at = state.runs[clock].started_at
    for pause in state.pauses:
        if pause.cause in policy.clocks[clock].paused_by and (pause.end is None or pause.end > started_at):
            yield NotCounted(start=pause.start, end=pause.end, cause=pause.cause, by=pause.by)


def _thresholds(timing: Timing, policy: Policy, clock: ClockName) -> tuple[ThresholdAt, ...]:
    found = []
    for threshold in policy.clocks[clock].thresholds:
        at = timing.instant(threshold)
        fired = threshold.name in timing.run.fired
        known = fired or timing.reached_before_pause(at)
        found.append(ThresholdAt(name=threshold.name, at=at if known else None, fired=fired))
    return tuple(found)
