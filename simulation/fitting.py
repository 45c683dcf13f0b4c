"""Finds the targets by which a log was judged: those that reproduce most of its verdicts.

Simple on purpose. For each severity, each way to measure a ticket's time is tried: up to where (resolved or closed),
in which calendar, with or without the waits. For each way, the best single threshold is found exactly.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.business_time import ALWAYS_OPEN, Calendar, OpenTime, Span, elapsed, parse_hours
from escalation.clock_rules import PauseRule, Target
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause, Severity
from simulation.exports.lives import Course, Life

WEEKDAYS = Calendar(name="weekdays", zone="UTC", weekly=((parse_hours("00:00", "24:00"),),) * 5 + ((),) * 2)
OFFICE = Calendar(name="office-hours", zone="UTC", weekly=((parse_hours("08:00", "18:00"),),) * 5 + ((),) * 2)
_CALENDARS = (ALWAYS_OPEN, WEEKDAYS, OFFICE)
RESOLVED, CLOSED = "resolved", "closed"
_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow:
    """The fit of one way to measure, for one severity."""

    severity: Severity
    until: str  # `resolved` or `closed`
    calendar: str
    without_waits: bool  # whether waits for customer and third party are taken out
    target_seconds: int  # the best threshold: a ticket is late that took as long or longer
    agree: int
    of: int
    all_met: int  # what calling every ticket met would get right: a fit not better than this explains nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """All fits that were tried, and the best."""

    rows: tuple[FitRow, ...]  # every way for every severity, the best first within a severity
    # for each severity, the best way that ends with the resolution: what a policy can promise
    resolution: tuple[FitRow, ...]
    unjudged: int  # tickets left out, because the log gives no verdict or never resolves them


def fit_targets(lives: Iterable[Life]) -> Fit:
    """Fit targets to the verdicts of a log. Keeps a few numbers per ticket."""
    found: dict[tuple[Severity, str, str, bool], list[tuple[int, bool]]] = defaultdict(list)
    unjudged = 0
    for life in lives:
        course = life.course
        if life.met is None or course is None or course.resolved_at is None:
            unjudged += 1
            continue
        for until, end in ((RESOLVED, course.resolved_at), (CLOSED, course.closed_at or course.resolved_at)):
            for calendar in _CALENDARS:
                for without_waits in (False, True):
                    took = _took(course, end, calendar, without_waits=without_waits)
                    found[course.severity, until, calendar.name, without_waits].append((took, life.met))
    rows = sorted((_row(way, judged) for way, judged in found.items()), key=_rank)
    best = {row.severity: row for row in reversed(rows) if row.until == RESOLVED}
    resolution = tuple(best[severity] for severity in Severity if severity in best)
    return Fit(rows=tuple(rows), resolution=resolution, unjudged=unjudged)


def with_targets(policy: Policy, fit: Fit) -> Policy:
    """The policy with the fitted resolution targets in place of its own; the rest stays."""
    rule = policy.clocks[ClockName.RESOLUTION]
    targets = tuple(
        Target(within=OpenTime(seconds=row.target_seconds), calendar=row.calendar, severity=(row.severity,))
        for row in fit.resolution
    )
    pauses = tuple(PauseRule(cause=cause) for cause in PauseCause if any(row.without_waits for row in fit.resolution))
    calendars = {**policy.calendars, **{one.name: one for one in (WEEKDAYS, OFFICE)}}
    fitted = replace(rule, targets=(*targets, *rule.targets), paused_by=pauses)
    return replace(policy, clocks={**policy.clocks, ClockName.RESOLUTION: fitted}, calendars=calendars)


def best_threshold(judged: Sequence[tuple[int, bool]]) -> tuple[int, int]:
    """The threshold under which most verdicts are right, and how many; exact. Met is what took less, as with our clocks.

    Between two tickets it is a whole day, hour or minute where one lies there, since people choose whole ones.
    """
    ordered = sorted(judged)
    right = sum(not met for _, met in ordered)
    best, at = right, 0
    for index, (took, met) in enumerate(ordered):
        right += 1 if met else -1
        is_last = index + 1 == len(ordered)
        if right > best and (is_last or ordered[index + 1][0] > took):
            best, at = right, _round_above(took, None if is_last else ordered[index + 1][0])
    return at, best


def _round_above(low: int, high: int | None) -> int:
    """The roundest number of seconds above `low` and not above `high`."""
    for unit in (24 * _HOUR, _HOUR, 60):
        whole = (low // unit + 1) * unit
        if high is None or whole <= high:
            return whole
    return low + 1


def _took(course: Course, end: datetime, calendar: Calendar, *, without_waits: bool) -> int:
    waits = tuple(Span(start=start, end=min(stop, end)) for start, stop in course.waits if start < end)
    return elapsed(calendar, course.opened_at, end, waits if without_waits else ())


def _row(way: tuple[Severity, str, str, bool], judged: Sequence[tuple[int, bool]]) -> FitRow:
    severity, until, calendar, without_waits = way
    target, agree = best_threshold(judged)
    return FitRow(
        severity=severity,
        until=until,
        calendar=calendar,
        without_waits=without_waits,
        target_seconds=target,
        agree=agree,
        of=len(judged),
        all_met=sum(met for _, met in judged),
    )


def _rank(row: FitRow) -> tuple[Severity, int, bool, bool, str]:
    # Of ways that explain as much, the plainer one.
    return (row.severity, -row.agree, row.without_waits, row.calendar != ALWAYS_OPEN.name, row.until)
