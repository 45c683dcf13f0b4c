"""Open days in order, so that counting many days costs no more than counting one.

A day counts when any open time begins on it, and runs from its first opening to that of the next day that counts. Like
open seconds, days are listed once for each requested block of time. The day that runs at an instant is then
found by a search in a sorted list of openings, and the one N days later by an index into it.

No day opens after the next one does: a shift that runs into the next date is open there whenever that date's own is. Where
both open at once, since a break took away what came before, the later day runs.

On most days the time of day is what has passed since midnight. Only near a clock change must the zone be asked, so each
day knows whether one is near.
"""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial

from escalation.business_time.cache.seconds import BLOCK, BLOCKS, CALENDARS
from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import DAY, FOREVER, HORIZON_DAYS, hours_on, never_opens
from escalation.business_time.zones import day_at, first_second, second_of_day, steady_midnight, wall_clock


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day that counts."""

    number: int  # proleptic ordinal of its date in the calendar's zone
    opens: int
    midnight: int | None  # the second at which its date begins; None where clocks change then or within two days

    def time_of_day(self, zone: str, second: int) -> int:
        """Return what the wall clock shows at a second of this day, in seconds after the date's midnight."""
        if self.midnight is not None:
            return second - self.midnight
        shown = wall_clock(zone, second) - datetime.fromordinal(self.number)
        return shown.days * DAY + shown.seconds

    def second_at(self, zone: str, time_of_day: int) -> int:
        """Return the first second at which the wall clock shows a time of this day or, in a gap, has jumped past it."""
        if self.midnight is not None and time_of_day <= 2 * DAY:
            return self.midnight + time_of_day
        return first_second(zone, datetime.fromordinal(self.number) + timedelta(seconds=time_of_day))


@dataclass(frozen=True, slots=True)
class _Block:
    """The days that open within a block, and the seconds at which they do: two lists of one length."""

    opens: list[int]
    days: list[OpenDay]


def open_days(calendar: Calendar, second: int, days: int) -> tuple[OpenDay, OpenDay]:
    """Return the day that runs at a second, which must be open or a closing, and the one ``days`` open days on.

    Args:
        second: when the first of the two runs.
        days: how many days on; back, where it is negative.

    Raises:
        NeverOpens: more than five years without an open day lie between.
    """
    block_of = _block(calendar)
    number = second // BLOCK
    block = block_of(number)
    place = bisect_right(block.opens, second) - 1
    if place < 0:
        number -= 1
        block = block_of(number)
        place = len(block.days) - 1
    today, place = block.days[place], place + days
    if 0 <= place < len(block.days):
        return today, block.days[place]
    return today, _beyond(calendar, number, place)


def _beyond(calendar: Calendar, number: int, place: int) -> OpenDay:
    """Return the day at a place that is counted from the first day of a block, but lies in a block after or before it."""
    block_of = _block(calendar)
    days, step = block_of(number).days, 1 if place > 0 else -1
    last = days[0]
    while not 0 <= place < len(days):
        if days:
            last = days[-1 if step > 0 else 0]
        if step > 0:
            place -= len(days)
        number += step
        days = block_of(number).days
        if step < 0:
            place += len(days)
        if _too_far(last, number, days):
            raise never_opens(calendar, second_of_day(calendar.zone, last.number, 0))
    return days[place]


def _too_far(last: OpenDay, number: int, days: list[OpenDay]) -> bool:
    """Tell whether a block's days are more than five years from the last one; where it has none, the block itself."""
    if days:
        return min(abs(day.number - last.number) for day in (days[0], days[-1])) >= HORIZON_DAYS
    return abs(number * BLOCK - last.opens) > HORIZON_DAYS * DAY + BLOCK


@lru_cache(maxsize=CALENDARS)
def _block(calendar: Calendar) -> Callable[[int], _Block]:
    """Return the look-up of a calendar's blocks by number."""
    return lru_cache(maxsize=BLOCKS)(partial(_listed, calendar))


def _listed(calendar: Calendar, number: int) -> _Block:
    begin, end = number * BLOCK, min((number + 1) * BLOCK, FOREVER)
    days = []
    if begin < end:
        # What a break leaves of a night shift can open on the next date.
        for day in range(day_at(calendar.zone, begin) - 1, day_at(calendar.zone, end) + 1):
            hours = hours_on(calendar, day)
            if hours and begin <= hours[0][0] < end:
                days.append(OpenDay(day, hours[0][0], steady_midnight(calendar.zone, day)))
    return _Block([day.opens for day in days], days)
