"""The calendar: plain data that says when the team is on duty.

A date's hours are found in this order. A holiday closes the date, whatever else is said of it. Otherwise ``shifts`` replace
the weekly hours of that date, or of that day of every year; an empty tuple closes it. What ``breaks`` cover is taken away last.

Hours belong to the date they open on. A shift from 22:00 to 06:00 on the eve of a holiday is worked to its end, and on the
holiday itself none begins, so the following night is closed up to the next opening. Breaks are spans of the wall clock:
one from 00:00 to 01:00 also interrupts the shift of the night before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from escalation.business_time.errors import CalendarError

MINUTES_A_DAY = 1440
_WALL_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?")


class Boundary(StrEnum):
    """When a duration ends that runs out exactly at closing time."""

    CLOSE = "close"  # at the closing instant, which still belongs to the day it closes
    NEXT_OPEN = "next_open"  # at the next opening


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One open interval of a day, in local wall time.

    Attributes:
        opens: minutes after local midnight, less than 1440; a fraction of one where the wall time has seconds.
        closes: minutes after the same midnight, later than ``opens`` and at most 2880. 1440 is the end of the day;
            more than that runs into the next day.

    Raises:
        CalendarError: the two do not make an interval.
    """

    opens: int | float
    closes: int | float

    def __str__(self) -> str:
        """As people write it: `09:00-17:30`; what closes after midnight shows the time it then is."""
        return f"{_wall(self.opens)}-{_wall(self.closes)}"

    def __post_init__(self) -> None:
        if not 0 <= self.opens < MINUTES_A_DAY or not self.opens < self.closes <= 2 * MINUTES_A_DAY:
            raise CalendarError(
                f"hours from minute {self.opens} to minute {self.closes} are not an interval: they must open within "
                "the day (0 to 1439) and close after opening, by the end of the next day (2880)"
            )


def parse_hours(opens: str, closes: str) -> Hours:
    """Read one interval from two wall times such as ``09:00`` and ``17:00``, or ``09:00:30``.

    ``24:00`` is the end of the day. A closing time that is not after the opening time lies on the next day, so
    ``22:00`` and ``06:00`` are a night shift.

    Raises:
        CalendarError: one of them is not a wall time.
    """
    start, end = _minutes(opens), _minutes(closes)
    return Hours(opens=start, closes=end if end > start else end + MINUTES_A_DAY)


def _minutes(text: str) -> int | float:
    if not _WALL_TIME.fullmatch(text):
        raise CalendarError(f"{text!r} is not a time of day; write it as 00:00 to 24:00")
    hours, minutes, *seconds = map(int, text.split(":"))
    # Whole minutes stay whole numbers, since a policy's snapshot and checksum hold them.
    return hours * 60 + minutes + (seconds[0] / 60 if any(seconds) else 0)


def _wall(minute: float) -> str:
    seconds = round(minute * 60)
    seconds -= MINUTES_A_DAY * 60 if minute > MINUTES_A_DAY else 0
    shown = f"{seconds // 3600:02}:{seconds // 60 % 60:02}"
    return f"{shown}:{seconds % 60:02}" if seconds % 60 else shown


def yearly(iso: str) -> str:
    """Return the day of every year of an ISO date: ``--12-24`` of ``2026-12-24``."""
    return f"-{iso[4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The open hours of one team, as plain data that survives JSON.

    Attributes:
        name: what policies call it.
        zone: IANA time zone that the hours are read in.
        weekly: seven tuples of hours, Monday first.
        shifts: ISO date to the hours that replace the weekly ones on that date; ``--12-24`` is that day of every year,
            where its weekday has hours.
        breaks: ISO date to the hours taken away on that date, or on that day of every year.
        holidays: closed dates, ``2026-12-25``, or ``--12-25`` for every year.
        boundary: where a duration ends that is used up exactly at closing.
        always: never closes; time passes as on the wall. Weekly hours are then not read.
        version: checksum recorded beside each deadline.

    Raises:
        CalendarError: the week has not seven days, a date is not a date, or a calendar that never closes has exceptions.
    """

    name: str
    zone: str
    weekly: tuple[tuple[Hours, ...], ...]
    shifts: Mapping[str, tuple[Hours, ...]] = field(default_factory=dict)
    breaks: Mapping[str, tuple[Hours, ...]] = field(default_factory=dict)
    holidays: tuple[str, ...] = ()
    boundary: Boundary = Boundary.CLOSE
    always: bool = False
    version: str = ""

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise CalendarError(f"calendar {self.name!r} lists {len(self.weekly)} days of the week instead of 7")
        if self.always and (self.shifts or self.breaks or self.holidays):
            raise CalendarError(f"calendar {self.name!r} never closes, so it cannot have shifts, breaks or holidays")
        for text in (*self.shifts, *self.breaks, *self.holidays):
            # Leap year 2000 lets --02-29 through.
            self._check_date(f"2000{text[1:]}" if text.startswith("--") else text)

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """Return the hours that open on a date, before holidays and breaks are taken away.

        The date itself says more than the day of every year, which says more than the weekday. A day of every year
        shortens or moves hours; it does not open a weekday without any, such as a Sunday.
        """
        weekly, iso = self.weekly[day.weekday()], day.isoformat()
        if iso in self.shifts:
            return self.shifts[iso]
        return self.shifts.get(yearly(iso), weekly) if weekly else weekly

    def breaks_on(self, day: date) -> tuple[Hours, ...]:
        """Return the hours that are taken away on a date; the date itself says more than the day of every year."""
        iso = day.isoformat()
        return self.breaks.get(iso, self.breaks.get(yearly(iso), ()))

    def __hash__(self) -> int:
        # Mappings have no hash. The checksum identifies a calendar, the name one without it; `==` compares everything.
        return hash(self.version or self.name)

    def _check_date(self, text: str) -> None:
        try:
            known = date.fromisoformat(text).isoformat() == text
        except ValueError:
            known = False
        if not known:
            raise CalendarError(f"calendar {self.name!r}: {text!r} is not a date; write it as 2026-12-25")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of time from ``start`` up to but not including ``end``, both aware datetimes."""

    start: datetime
    end: datetime


ALWAYS_OPEN = Calendar(name="24x7", zone="UTC", weekly=((Hours(opens=0, closes=MINUTES_A_DAY),),) * 7, always=True)
"""The calendar that never closes: its business time is the time on the wall."""
