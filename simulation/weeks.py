"""Moves a log by whole weeks, so that past tickets can be played on future shifts.

What stays is what the wall clock of one zone shows: weekday and time of day. Where clocks change in one of the two weeks
and not in the other, an hour has no counterpart; then instants may fall together, but never change places:

- the log has an hour twice: the first time it counts as it is, the second time lies at its end;
- the roster's week lacks an hour that the log has: it lies at the first instant after the gap;
- the roster's week has an hour twice: the first of the two is used.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from escalation.business_time.zones import first_second, load_zone, to_moment
from simulation.exports.lives import Life

_WEEK_DAYS = 7
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A move by whole weeks."""

    weeks: int  # how many; negative is into the past, 0 leaves everything as it is
    zone: str  # IANA zone whose wall clock shows the same before and after

    def instant(self, at: datetime) -> datetime:
        """The instant that stands for this one; aware UTC, a fraction of a second dropped. Never goes back in time."""
        if not self.weeks:
            return at
        return to_moment(first_second(self.zone, _wall(at, self.zone) + timedelta(weeks=self.weeks)))

    def life(self, life: Life) -> Life:
        """The life with its opening and steps moved. Its verdict and course stay: they are the log's own."""
        if not self.weeks:
            return life
        steps = tuple(replace(step, at=self.instant(step.at)) for step in life.steps)
        return replace(life, opened_at=self.instant(life.opened_at), steps=steps)


def move_to(day: date, first: datetime, zone: str) -> Move:
    """The move after which an instant lies in the seven days that begin with a day.

    Args:
        day: The first of the seven days, as the zone counts days.
        first: Aware.
        zone: IANA name.
    """
    days = (day - first.astimezone(load_zone(zone)).date()).days
    return Move(weeks=-(-days // _WEEK_DAYS), zone=zone)


def _wall(at: datetime, zone: str) -> datetime:
    """The time that the clock shows, naive; in the second of two equal hours, the one it shows when that hour is over."""
    local = at.astimezone(load_zone(zone))
    wall = local.replace(tzinfo=None, fold=0, microsecond=0)
    if not local.fold:
        return wall
    left = range(1, (_offset(wall, zone, 0) - _offset(wall, zone, 1)) // _SECOND + 1)
    return wall + left[bisect_left(left, x=True, key=lambda second: _is_once(wall + second * _SECOND, zone))] * _SECOND


def _is_once(wall: datetime, zone: str) -> bool:
    return _offset(wall, zone, 0) <= _offset(wall, zone, 1)


def _offset(wall: datetime, zone: str, fold: int) -> timedelta:
    return wall.replace(tzinfo=load_zone(zone), fold=fold).utcoffset() or timedelta()
