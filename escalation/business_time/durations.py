"""Durations of business time, and how people write them."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from escalation.business_time.calendar import Calendar
from escalation.business_time.errors import DurationError

_LONGEST_DAYS = 3660
_LONGEST_TEXT = 80
_BUSINESS_DAYS = re.compile(r"([0-9]{1,12})\s*bd")
# Blanks only after a unit: three runs of blanks that may each be empty would take cubic time to fail.
_OPEN_TIME = re.compile(r"(?:([0-9]{1,12})d\s*)?(?:([0-9]{1,12})h\s*)?(?:([0-9]{1,12})m\s*)?(?:([0-9]{1,12})s)?")
_SECONDS = (86_400, 3_600, 60, 1)


@dataclass(frozen=True, slots=True)
class OpenTime:
    """A number of seconds during which the calendar is open.

    Raises:
        DurationError: ``seconds`` is negative.
    """

    seconds: int
    kind: Literal["open_time"] = "open_time"

    def __post_init__(self) -> None:
        if self.seconds < 0:
            raise DurationError(f"{self.seconds} seconds: a duration cannot be negative; use subtract to go back")


@dataclass(frozen=True, slots=True)
class BusinessDays:
    """A number of open days later, at the same local time of day.

    Raises:
        DurationError: ``days`` is negative.
    """

    days: int
    kind: Literal["business_days"] = "business_days"

    def __post_init__(self) -> None:
        if self.days < 0:
            raise DurationError(f"{self.days} business days: a duration cannot be negative; use subtract to go back")


Duration: TypeAlias = OpenTime | BusinessDays


def parse_duration(text: str, calendar: Calendar) -> Duration:
    """Read a duration such as ``90s``, ``15m``, ``1h30m`` or ``2bd``, as it is meant on ``calendar``.

    ``d`` is 24 hours and only allowed on a calendar that never closes. Elsewhere a reader may take it for a business day.

    Raises:
        DurationError: it is not a duration, is longer than ten years, or says ``d`` on a calendar with closing times.
    """
    written = text.strip()
    if len(written) > _LONGEST_TEXT:
        raise DurationError(f"a duration of {len(written):,} characters; write open time as 90s, 15m, 4h or 1h30m")
    if match := _BUSINESS_DAYS.fullmatch(written):
        days = int(match[1])
        _check_length(text, days)
        return BusinessDays(days)
    match = _OPEN_TIME.fullmatch(written)
    if not match or not written:
        raise DurationError(
            f"{text!r} is not a duration; write open time as 90s, 15m, 4h or 1h30m, and business days as 2bd"
        )
    if match[1] and not calendar.always:
        raise DurationError(_two_readings(text, int(match[1]), calendar))
    seconds = sum(int(count or 0) * unit for count, unit in zip(match.groups(), _SECONDS, strict=True))
    _check_length(text, seconds // 86_400)
    return OpenTime(seconds)


def _check_length(text: str, days: int) -> None:
    if days > _LONGEST_DAYS:
        raise DurationError(f"{text.strip()!r} is longer than ten years; is the unit right?")


def _two_readings(text: str, days: int, calendar: Calendar) -> str:
    return (
        f"{text.strip()!r} can be read in two ways on calendar {calendar.name!r}, which closes: write '{days}bd' for "
        f"{days} business day{'s' if days != 1 else ''}, or '{days * 24}h' for {days * 24} hours of open time"
    )
