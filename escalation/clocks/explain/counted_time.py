"""The time since a clock's start, interval by interval, and what it adds up to."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from escalation.business_time import Calendar, Span, Use, Used, account
from escalation.case.state_parts import PauseInterval, ResolvedTime
from escalation.clocks.explain.values import NotCounted, PausedBy, PauseTold, Total

ROWS = 200  # most intervals, and most pauses, that one account lists: the latest


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause that counts for the clock, and its part within the explained time."""

    of: PauseInterval | ResolvedTime
    span: Span


@dataclass(frozen=True, slots=True)
class Row:
    """An interval with one use; where that is a pause, with everything that was waited for during the whole of it."""

    used: Used
    pauses: tuple[Pause, ...] = ()


@dataclass(slots=True)
class Told:
    """The sums of an account, and its latest rows.

    Attributes:
        known: The pauses, in the order in which they began.
        latest: The rows that are listed.
        seconds: How long each use took, over all rows.
        intervals: How many rows each use has.
        seconds_of_pause: How much open time lies in each pause.
    """

    known: Sequence[Pause]
    latest: deque[Row] = field(default_factory=lambda: deque(maxlen=ROWS))
    seconds: Counter[Use] = field(default_factory=Counter)
    intervals: Counter[Use] = field(default_factory=Counter)
    seconds_of_pause: Counter[PauseInterval | ResolvedTime] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        """Let a row go by."""
        self.latest.append(row)
        self.seconds[row.used.use] += row.used.seconds
        self.intervals[row.used.use] += 1
        for pause in row.pauses:
            self.seconds_of_pause[pause.of] += row.used.seconds

    def counted(self) -> tuple[Span, ...]:
        """The listed rows that counted."""
        return tuple(Span(start=row.used.start, end=row.used.end) for row in self.latest if _counts(row))

    def not_counted(self) -> tuple[NotCounted, ...]:
        """The listed rows that did not count."""
        return tuple(
            NotCounted(
                start=row.used.start,
                end=row.used.end,
                why=row.used.use,
                holiday=row.used.holiday,
                paused_by=tuple(PausedBy(cause=pause.of.cause, by=pause.of.by) for pause in row.pauses),
            )
            for row in self.latest
            if not _counts(row)
        )

    def totals(self) -> tuple[Total, ...]:
        """The time that each use took, over all rows."""
        return tuple(
            Total(use=use, seconds=self.seconds[use], intervals=self.intervals[use])
            for use in Use
            if self.intervals[use]
        )

    def pauses(self) -> tuple[PauseTold, ...]:
        """The latest pauses as they were."""
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


def tell(calendar: Calendar, pauses: Sequence[Pause], start: datetime, until: datetime) -> Told:
    """Tell the time between two instants apart, to the second.

    Args:
        calendar: Where it is counted.
        pauses: What did not count, cut to that time.
        start: Aware UTC, on a whole second.
        until: Aware UTC, on a whole second.
    """
    told = Told(pauses)
    for used in account(calendar, start, until, [pause.span for pause in pauses]):
        for row in _by_pause(used, pauses) if used.use is Use.PAUSED else (Row(used),):
            told.add(row)
    return told


def _by_pause(used: Used, pauses: Iterable[Pause]) -> Iterator[Row]:
    """Paused time, cut where something else began or ceased to be waited for."""
    covering = [pause for pause in pauses if pause.span.start < used.end and used.start < pause.span.end]
    inner = {edge for pause in covering for edge in (pause.span.start, pause.span.end) if used.start < edge < used.end}
    for start, end in pairwise(sorted({used.start, used.end, *inner})):
        during = tuple(pause for pause in covering if pause.span.start <= start and end <= pause.span.end)
        yield Row(replace(used, start=start, end=end), during)


def _counts(row: Row) -> bool:
    return row.used.use is Use.COUNTED
