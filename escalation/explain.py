"""Why a clock falls due when it does: what counted, what did not and why, what is left, where each threshold lies.

The time since the clock's start is told apart to the second: what counted and what did not make it up without gap or
overlap, and what counted adds up to what the clock shows. Long lives have many nights, so only the latest `ROWS`
intervals are listed; the totals are always over all of them.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import islice, pairwise

from escalation.business_time import Duration, Span, Use, Used, account, elapsed
from escalation.deadlines import Timing, pauses_for, target_instant, target_of, timing_of
from escalation.policy import Action, ClockRule, Policy
from escalation.state import PauseInterval, State
from escalation.vocabulary import ClockName

ROWS = 200
"""Most intervals, and most pauses, that one account lists: the latest."""
AHEAD = 5
"""Most windows still to come that one account lists: the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedBy:
    """What was waited for, and who caused it."""

    cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCounted:
    """An interval that did not count.

    Attributes:
        start: First instant, aware UTC.
        end: The instant after the last, aware UTC.
        why: Anything but `Use.COUNTED`.
        holiday: The closed date, where it was a holiday.
        paused_by: Everything that was waited for meanwhile, where it was a pause.
    """

    start: datetime
    end: datetime
    why: Use
    holiday: date | None = None
    paused_by: tuple[PausedBy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """All the time with one use, listed or not.

    Attributes:
        intervals: How many there are.
    """

    use: Use
    seconds: int
    intervals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTold:
    """A pause as it was, over open and closed time.

    Attributes:
        end: None while it lasts.
        open_seconds: How much time it kept from counting; where two pauses overlap, both are told so.
    """

    cause: str
    by: str
    start: datetime
    end: datetime | None
    open_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdAt:
    """A threshold's instant; None where the present pause leaves it open.

    Attributes:
        fired: Whether it fired in this cycle; a promise is broken once, whatever a later policy calls that threshold.
    """

    name: str
    at: datetime | None
    fired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockExplanation:
    """The account of one running clock.

    Attributes:
        started_at: The instant it counts from, aware UTC.
        until: Up to when it is told, aware UTC, on a whole second.
        calendar: Where its time is counted.
        calendar_version: Checksum of that calendar.
        zone: Time zone of that calendar.
        zone_data: Version of the zone data the policy was compiled with.
        within: How long the policy allows; None where a person named the instant.
        fixed: Whether a person named the instant of the target; no pause moves it then, so none is taken away.
        due: The target's instant, aware UTC; None while a pause leaves it open.
        paused_since: Since when it is paused; None while it runs.
        counted: The intervals that counted, of those that are listed.
        not_counted: The others; together they tile the time from `listed_from` to `until`.
        listed_from: From when on intervals are listed; later than the start where there are more than `ROWS`.
        totals: How long each use took since the start, exactly, with the intervals that are not listed.
        counted_seconds: What the clock shows.
        wall_seconds: What a watch would have shown.
        pauses: The latest pauses since the start.
        remaining_seconds: Open time left to the target; 0 when it is reached.
        ahead: The next windows in which that will be used up; empty while paused.
    """

    clock: ClockName
    cycle: int
    started_at: datetime
    until: datetime
    calendar: str
    calendar_version: str
    zone: str
    zone_data: str
    within: Duration | None
    fixed: bool
    due: datetime | None
    paused_since: datetime | None
    counted: tuple[Span, ...]
    not_counted: tuple[NotCounted, ...]
    listed_from: datetime
    totals: tuple[Total, ...]
    counted_seconds: int
    wall_seconds: int
    pauses: tuple[PauseTold, ...]
    remaining_seconds: int
    ahead: tuple[Span, ...]
    thresholds: tuple[ThresholdAt, ...]


def explain(state: State, policy: Policy, clock: ClockName, *, at: datetime) -> ClockExplanation | None:
    """The account of a running clock at an instant; None where it does not run or promises nothing.

    Args:
        state: The escalation.
        policy: Its policy.
        clock: The clock asked about.
        at: Up to when time is told, aware UTC.
    """
    timing = timing_of(state, policy, clock) if clock in state.runs else None
    target = None if timing is None else target_of(state, policy, clock)
    if timing is None or target is None:
        return None
    start = _whole(timing.run.started_at)
    until = max(start, _whole(at))
    fixed = timing.run.eta is not None
    told = _told(timing, [] if fixed else _pauses(state, policy.clocks[clock], start, until), start, until)
    return ClockExplanation(
        clock=clock,
        cycle=timing.run.cycle,
        started_at=timing.run.started_at,
        until=until,
        calendar=target.calendar,
        calendar_version=timing.calendar.version,
        zone=timing.calendar.zone,
        zone_data=policy.zone_data,
        within=None if fixed else timing.within,
        fixed=fixed,
        due=target_instant(state, policy, clock),
        paused_since=timing.suspended_from,
        counted=tuple(Span(start=row.used.start, end=row.used.end) for row in told.latest if row.counted),
        not_counted=tuple(_not_counted(row) for row in told.latest if not row.counted),
        listed_from=told.latest[0].used.start if told.latest else until,
        totals=told.totals(),
        counted_seconds=told.seconds[Use.COUNTED],
        wall_seconds=told.seconds.total(),
        pauses=told.pauses(),
        remaining_seconds=_remaining(timing, until),
        ahead=_ahead(timing, until),
        thresholds=_thresholds(timing, policy, clock),
    )


@dataclass(frozen=True, slots=True)
class _Pause:
    """A pause that counts for the clock, and what of it lies in the time told about."""

    of: PauseInterval
    span: Span


@dataclass(frozen=True, slots=True)
class _Row:
    used: Used
    pauses: tuple[_Pause, ...] = ()

    @property
    def counted(self) -> bool:
        return self.used.use is Use.COUNTED


@dataclass(slots=True)
class _Told:
    """What an account adds up to while its rows go by."""

    known: Sequence[_Pause]
    latest: deque[_Row] = field(default_factory=lambda: deque(maxlen=ROWS))
    seconds: Counter[Use] = field(default_factory=Counter)
    intervals: Counter[Use] = field(default_factory=Counter)
    seconds_of_pause: Counter[PauseInterval] = field(default_factory=Counter)

    def add(self, row: _Row) -> None:
        self.latest.append(row)
        self.seconds[row.used.use] += row.used.seconds
        self.intervals[row.used.use] += 1
        for pause in row.pauses:
            self.seconds_of_pause[pause.of] += row.used.seconds

    def totals(self) -> tuple[Total, ...]:
        return tuple(
            Total(use=use, seconds=self.seconds[use], intervals=self.intervals[use])
            for use in Use
            if self.intervals[use]
        )

    def pauses(self) -> tuple[PauseTold, ...]:
        return tuple(
            PauseTold(
                cause=pause.of.cause,
                by=pause.of.by,
                start=pause.of.start,
                end=pause.of.end,
                open_seconds=self.seconds_of_pause[pause.of],
            )
            for pause in self.known[-ROWS:]
        )


def _told(timing: Timing, pauses: Sequence[_Pause], start: datetime, until: datetime) -> _Told:
    told = _Told(pauses)
    for used in account(timing.calendar, start, until, [pause.span for pause in pauses]):
        for row in _by_pause(used, pauses) if used.use is Use.PAUSED else (_Row(used),):
            told.add(row)
    return told


def _by_pause(used: Used, pauses: Iterable[_Pause]) -> Iterator[_Row]:
    """Paused time, cut where something else began or ceased to be waited for."""
    covering = [pause for pause in pauses if pause.span.start < used.end and used.start < pause.span.end]
    inner = {edge for pause in covering for edge in (pause.span.start, pause.span.end) if used.start < edge < used.end}
    for start, end in pairwise(sorted({used.start, used.end, *inner})):
        during = tuple(pause for pause in covering if pause.span.start <= start and end <= pause.span.end)
        yield _Row(replace(used, start=start, end=end), during)


def _pauses(state: State, rule: ClockRule, start: datetime, until: datetime) -> list[_Pause]:
    """The pauses that count for the clock and touch the time told about, in the order in which they began."""
    found = []
    for pause in pauses_for(state, rule):
        span = Span(start=max(start, _whole(pause.start)), end=min(until, _whole(pause.end or until)))
        if span.start < span.end:
            found.append(_Pause(pause, span))
    return found


def _not_counted(row: _Row) -> NotCounted:
    return NotCounted(
        start=row.used.start,
        end=row.used.end,
        why=row.used.use,
        holiday=row.used.holiday,
        paused_by=tuple(PausedBy(cause=pause.of.cause, by=pause.of.by) for pause in row.pauses),
    )


def _remaining(timing: Timing, until: datetime) -> int:
    paused = timing.suspended_from
    reached = until if paused is None else min(until, max(paused, timing.run.started_at))
    return elapsed(timing.calendar, reached, timing.due, timing.pauses)


def _ahead(timing: Timing, until: datetime) -> tuple[Span, ...]:
    if timing.suspended_from is not None:
        return ()
    uses = account(timing.calendar, until, timing.due, timing.pauses)
    windows = (Span(start=used.start, end=used.end) for used in uses if used.use is Use.COUNTED)
    return tuple(islice(windows, AHEAD))


def _thresholds(timing: Timing, policy: Policy, clock: ClockName) -> tuple[ThresholdAt, ...]:
    found = []
    for threshold in policy.clocks[clock].thresholds:
        at = timing.instant(threshold)
        broken_before = timing.run.breached and Action.BREACH in threshold.actions
        fired = threshold.name in timing.run.fired or broken_before
        known = fired or timing.reached_before_pause(at)
        found.append(ThresholdAt(name=threshold.name, at=at if known else None, fired=fired))
    return tuple(found)


def _whole(at: datetime) -> datetime:
    # Business time counts whole seconds, so the wall clock beside it must begin and end on them too.
    return at.replace(microsecond=0)
