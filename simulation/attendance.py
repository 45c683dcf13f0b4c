"""Finds who of a roster is on shift at an instant, and until when. Weeks are computed on demand."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from escalation.roster import expand
from escalation.roster.files import Roster

ANY_TIER = 0
_WEEK = timedelta(weeks=1)
_FIRST_WEEK = datetime(1970, 1, 5, tzinfo=UTC)
AHEAD = 58  # weeks looked at for the end of a shift: as far as `roster load` works shifts out
# Weeks kept; more than are looked ahead, so that a shift without end does not drive the present one out.
_KEPT = 64


class _Stretch(NamedTuple):
    start: datetime
    end: datetime
    tier: int


class Attendance:
    """Shifts, overrides and absences of a roster, as the directory's SQL reads them."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._absences: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
        for absence in roster.plan.absences:
            self._absences[absence.person].append((absence.start, absence.end))
        self._week = lru_cache(maxsize=_KEPT)(self._stretches)

    def is_there(self, person: str, at: datetime, tier: int = ANY_TIER) -> bool:
        """Whether a person is available at a tier, or at any of theirs. People without shifts always are, except when absent."""
        if person not in self._roster.scheduled:
            return not any(start <= at < end for start, end in self._absences[person])
        stretches = self._week(_week_of(at)).get(person, ())
        return any(one.start <= at < one.end and tier in (ANY_TIER, one.tier) for one in stretches)

    def until(self, person: str, at: datetime) -> datetime | None:
        """Return the end of a person's time on shift; consecutive shifts without a gap count as one.

        Returns:
            An aware instant; the one asked about where they are not on shift. None when nothing ends it within the
            time for which shifts are computed.
        """
        if person not in self._roster.scheduled:
            return min((max(start, at) for start, end in self._absences[person] if end > at), default=None)
        reached, first = at, _week_of(at)
        for week in range(first, first + AHEAD):
            for one in self._week(week).get(person, ()):
                if one.start > reached:
                    return reached
                reached = max(reached, one.end)
            if reached < _FIRST_WEEK + (week + 1) * _WEEK:
                return reached
        return None

    def _stretches(self, week: int) -> Mapping[str, list[_Stretch]]:
        """All stretches that overlap the week, uncut, by their start."""
        found: defaultdict[str, list[_Stretch]] = defaultdict(list)
        start = _FIRST_WEEK + week * _WEEK
        for duty in expand(self._roster.plan, start, start + _WEEK):
            found[duty.person].append(_Stretch(duty.start, duty.end, duty.tier))
        return found


def _week_of(at: datetime) -> int:
    return (at - _FIRST_WEEK) // _WEEK
