"""The values of a clock's account."""

from dataclasses import dataclass
from datetime import date, datetime

from escalation.business_time import Duration, Span, Use
from escalation.vocabulary import ClockName


@dataclass(frozen=True, slots=True, kw_only=True)
class PausedBy:
    """The cause of a pause, and who caused it."""

    cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCounted:
    """An interval that did not count.

    Attributes:
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
    """All the time with one use, listed or not."""

    use: Use
    seconds: int
    intervals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseTold:
    """A pause as it was, over open and closed time.

    Attributes:
        open_seconds: Time it kept from counting; overlapping pauses both report it.
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
        until: The end of the explained time, aware UTC, on a whole second.
        calendar: Where its time is counted.
        zone_data: Version of the zone data the policy was compiled with.
        within: How long the policy allows; None where a person named the instant.
        extra_seconds: What it has beyond `within`, because a reopening extended it.
        percent: The share of `within` that is left to it, because the customer is frustrated.
        fixed: Whether a person named the instant of the target; no pause moves it then, so none is taken away.
        due: The target's instant, aware UTC; None while a pause leaves it open.
        paused_since: Since when it is paused; None while it runs.
        counted: The intervals that counted, of those that are listed.
        not_counted: The others; together they tile the time from `listed_from` to `until`.
        listed_from: From when on intervals are listed; later than the start if there are too many to list.
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
    percent: int = 100
    extra_seconds: int = 0
