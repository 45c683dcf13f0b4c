"""The account of one running clock."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from operator import attrgetter

from escalation.business_time import Span, Use, account
from escalation.case.state import State
from escalation.case.state_parts import ClockRun, PauseInterval, ResolvedTime
from escalation.clock_rules import Action, ClockRule
from escalation.clocks.deadlines import target_instant
from escalation.clocks.explain.counted_time import Pause, tell
from escalation.clocks.explain.values import ClockExplanation, ThresholdAt
from escalation.clocks.timing import Timing, pauses_for, target_of, timing_of
from escalation.policy import Policy
from escalation.vocabulary import ClockName

AHEAD = 5  # most windows still to come that one account lists: the next


def explain(state: State, policy: Policy, clock: ClockName, *, at: datetime) -> ClockExplanation | None:
    """The account of a running clock at an instant; None where it does not run or promises nothing.

    Args:
        clock: The clock asked about.
        at: The end of the explained time, aware UTC.
    """
    timing = timing_of(state, policy, clock) if clock in state.runs else None
    target = None if timing is None else target_of(state, policy, clock)
    if timing is None or target is None:
        return None
    run = state.runs[clock]
    start = _whole(run.started_at)
    until = max(start, _whole(at))
    fixed = run.eta is not None
    pauses = _pauses([] if fixed else pauses_for(state, policy.clocks[clock]), run, start, until)
    told = tell(timing.calendar, pauses, start, until)
    return ClockExplanation(
        clock=clock,
        cycle=run.cycle,
        started_at=run.started_at,
        until=until,
        calendar=target.calendar,
        calendar_version=timing.calendar.version,
        zone=timing.calendar.zone,
        zone_data=policy.zone_data,
        within=None if fixed else timing.within,
        fixed=fixed,
        due=target_instant(state, policy, clock),
        paused_since=timing.suspended_from,
        counted=told.counted(),
        not_counted=told.not_counted(),
        listed_from=told.latest[0].used.start if told.latest else until,
        totals=told.totals(),
        counted_seconds=told.seconds[Use.COUNTED],
        wall_seconds=told.seconds.total(),
        pauses=told.pauses(),
        remaining_seconds=_remaining(timing, run, until),
        ahead=_ahead(timing, run, until),
        thresholds=_thresholds(timing, run, policy.clocks[clock]),
        percent=100 if fixed else timing.percent,
        extra_seconds=run.extra,
    )


def _pauses(pauses: Iterable[PauseInterval], run: ClockRun, start: datetime, until: datetime) -> list[Pause]:
    """The pauses of the clock that overlap the explained time, in the order of their starts."""
    found = []
    known: list[PauseInterval | ResolvedTime] = [*pauses, *run.resolved]
    for pause in sorted(known, key=attrgetter("start")):
        span = Span(start=max(start, _whole(pause.start)), end=min(until, _whole(pause.end or until)))
        if span.start < span.end:
            found.append(Pause(pause, span))
    return found


def _remaining(timing: Timing, run: ClockRun, until: datetime) -> int:
    paused = timing.suspended_from
    reached = until if paused is None else min(until, max(paused, run.started_at))
    return timing.left(run, reached)


def _ahead(timing: Timing, run: ClockRun, until: datetime) -> tuple[Span, ...]:
    if timing.suspended_from is not None:
        return ()
    uses = account(timing.calendar, until, timing.target(run), timing.pauses)  # what was resolved is over
    windows = (Span(start=used.start, end=used.end) for used in uses if used.use is Use.COUNTED)
    return tuple(islice(windows, AHEAD))


def _thresholds(timing: Timing, run: ClockRun, rule: ClockRule) -> tuple[ThresholdAt, ...]:
    found, target = [], timing.target(run)
    for threshold in rule.thresholds:
        at = timing.instant(threshold, run, target)
        broken_before = run.breached and Action.BREACH in threshold.actions
        fired = threshold.name in run.fired or broken_before
        known = fired or timing.reached_before_pause(at)
        found.append(ThresholdAt(name=threshold.name, at=at if known else None, fired=fired))
    return tuple(found)


def _whole(at: datetime) -> datetime:
    # Business time counts whole seconds, so the wall clock beside it must begin and end on them too.
    return at.replace(microsecond=0)
