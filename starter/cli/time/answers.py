"""The answers of the commands about time, computed from a calendar; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from escalation.business_time import (
    Boundary,
    Calendar,
    Hours,
    Span,
    add,
    counted,
    elapsed,
    is_open,
    parse_duration,
    windows,
    zone_data_version,
)
from escalation.business_time.zones import load_zone

_SECOND = timedelta(seconds=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# How many days ahead holidays and other exceptions are listed.
_AHEAD = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarUsed:
    """The calendar of an answer."""

    name: str
    zone: str
    version: str  # its checksum; empty for `24x7`
    zone_data: str  # IANA release of the zone data


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of open time, both ends in the calendar's zone."""

    start: datetime
    end: datetime
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAnswer:
    """The end of a duration."""

    due: datetime
    due_local: datetime
    start: datetime
    within: str
    calendar: CalendarUsed
    counted: tuple[Stretch, ...]
    counted_seconds: int
    wall_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ElapsedAnswer:
    """The time between two instants."""

    business_seconds: int  # open time, without the pauses
    wall_seconds: int
    start: datetime
    end: datetime
    calendar: CalendarUsed
    counted: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherHours:
    """A date that is not like its weekday."""

    on: date
    hours: tuple[str, ...] | None  # replaces the weekday's; None where it does not
    breaks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarAnswer:
    """A calendar from an instant on."""

    calendar: CalendarUsed
    always: bool  # it never closes, so windows, hours and holidays are empty
    boundary: Boundary
    hours: dict[str, tuple[str, ...]]
    since: datetime
    open: bool  # whether it is open at `since`
    windows: tuple[Stretch, ...]
    holidays: tuple[date, ...]
    other_hours: tuple[OtherHours, ...]


def due_answer(calendar: Calendar, start: datetime, within: str, pauses: Sequence[Span]) -> DueAnswer:
    """Compute when `within` is used up, and what counted.

    Raises:
        DurationError: `within` cannot be read, or means two things on this calendar.
        NeverOpens: There is no open time to count.
    """
    start = _whole(start)
    due = add(calendar, start, parse_duration(within, calendar), pauses)
    spans = _stretches(calendar, counted(calendar, start, due, pauses))
    return DueAnswer(
        due=due,
        due_local=due.astimezone(load_zone(calendar.zone)),
        start=start,
        within=within,
        calendar=used(calendar),
        counted=spans,
        counted_seconds=sum(span.seconds for span in spans),
        wall_seconds=(due - start) // _SECOND,
    )


def elapsed_answer(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Span]) -> ElapsedAnswer:
    """Compute how much open time lies between two instants, and which."""
    start, end = _whole(start), _whole(end)
    return ElapsedAnswer(
        business_seconds=elapsed(calendar, start, end, pauses),
        wall_seconds=(end - start) // _SECOND,
        start=start,
        end=end,
        calendar=used(calendar),
        counted=_stretches(calendar, counted(calendar, start, end, pauses)),
    )


def calendar_answer(calendar: Calendar, since: datetime, how_many: int) -> CalendarAnswer:
    """Describe the calendar from an instant on.

    Raises:
        NeverOpens: There are fewer windows to come.
    """
    today = since.astimezone(load_zone(calendar.zone)).date()
    ahead = [today + timedelta(days=number) for number in range(_AHEAD)]
    upcoming = () if calendar.always else tuple(islice(windows(calendar, since), how_many))
    return CalendarAnswer(
        calendar=used(calendar),
        always=calendar.always,
        boundary=calendar.boundary,
        hours={} if calendar.always else dict(zip(_WEEKDAYS, map(_written, calendar.weekly), strict=True)),
        since=_whole(since),
        open=is_open(calendar, since),
        windows=_stretches(calendar, upcoming),
        holidays=tuple(day for day in ahead if is_holiday(calendar, day)),
        other_hours=tuple(_other_hours(calendar, day) for day in ahead if _is_other(calendar, day)),
    )


def is_holiday(calendar: Calendar, day: date) -> bool:
    """Whether it is closed on that date, this year or every year."""
    return not {day.isoformat(), f"--{day:%m-%d}"}.isdisjoint(calendar.holidays)


def used(calendar: Calendar) -> CalendarUsed:
    """Return the calendar as answers name it."""
    return CalendarUsed(name=calendar.name, zone=calendar.zone, version=calendar.version, zone_data=zone_data_version())


def _whole(at: datetime) -> datetime:
    """Drop fractions of a second, as counting does."""
    return at.astimezone(UTC).replace(microsecond=0)


def _stretches(calendar: Calendar, spans: Sequence[Span]) -> tuple[Stretch, ...]:
    zone = load_zone(calendar.zone)
    return tuple(
        Stretch(
            start=span.start.astimezone(zone), end=span.end.astimezone(zone), seconds=(span.end - span.start) // _SECOND
        )
        for span in spans
    )


def _is_other(calendar: Calendar, day: date) -> bool:
    other = calendar.hours_of(day) != calendar.weekly[day.weekday()] or day.isoformat() in calendar.shifts
    return (other or bool(calendar.breaks_on(day))) and not is_holiday(calendar, day)


def _other_hours(calendar: Calendar, day: date) -> OtherHours:
    hours = calendar.hours_of(day)
    is_shift = hours != calendar.weekly[day.weekday()] or day.isoformat() in calendar.shifts
    return OtherHours(on=day, hours=_written(hours) if is_shift else None, breaks=_written(calendar.breaks_on(day)))


def _written(hours: Sequence[Hours]) -> tuple[str, ...]:
    return tuple(map(str, hours))
