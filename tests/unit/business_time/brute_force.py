"""Business time the slow and obvious way: a list of minutes, each looked at on its own.

It shares nothing with the engine but the calendar's data and the zone files. A wall time is turned into an instant by
looking for the first minute at which the wall clock shows that time or a later one, which is what both clock changes mean
to a person who watches the clock.
"""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate

from escalation.business_time import Calendar, Hours, Span
from escalation.business_time.zones import load_zone

MINUTE = timedelta(minutes=1)
MINUTES = 14 * 1440


@cache
def walls(zone: str, first: datetime) -> tuple[list[datetime], list[datetime]]:
    """Return what the wall shows at each minute from ``first`` on, and the latest it has shown so far."""
    shown = [(first + n * MINUTE).astimezone(load_zone(zone)).replace(tzinfo=None) for n in range(MINUTES)]
    return shown, list(accumulate(shown, max))


class Minutes:
    """Two weeks of minutes from ``first`` on, each open or not."""

    def __init__(self, calendar: Calendar, first: datetime) -> None:
        self.calendar = calendar
        self.first = first
        self.shown, self.latest = walls(calendar.zone, first)
        self.open = [False] * MINUTES
        for day in sorted({shown.date() for shown in self.shown}):
            self._mark(day, self._hours_of(day), value=True)
        for text, pauses in calendar.breaks.items():
            self._mark(date.fromisoformat(text), pauses, value=False)

    def _hours_of(self, day: date) -> tuple[Hours, ...]:
        if day.isoformat() in self.calendar.holidays or day.strftime("--%m-%d") in self.calendar.holidays:
            return ()
        return self.calendar.shifts.get(day.isoformat(), self.calendar.weekly[day.weekday()])

    def _mark(self, day: date, rows: tuple[Hours, ...], *, value: bool) -> None:
        midnight = datetime.combine(day, datetime.min.time())
        for row in rows:
            for minute in range(self._first(midnight, row.opens), self._first(midnight, row.closes)):
                self.open[minute] = value

    def _first(self, midnight: datetime, minute: float) -> int:
        """Find the first minute at which the wall has reached a time."""
        return bisect_left(self.latest, midnight + minute * MINUTE)

    def number(self, at: datetime) -> int:
        return (at - self.first) // MINUTE

    def paused(self, pauses: list[Span]) -> "Minutes":
        """Close the minutes that lie within a pause."""
        for pause in pauses:
            for minute in range(max(self.number(pause.start), 0), min(self.number(pause.end), MINUTES)):
                self.open[minute] = False
        return self

    def elapsed(self, start: datetime, end: datetime) -> int:
        return 60 * sum(self.open[self.number(start) : self.number(end)])

    def add(self, start: datetime, minutes: int) -> datetime | None:
        """Return the end of the last minute that was needed, or None where these two weeks are too short."""
        for minute in range(self.number(start), MINUTES):
            minutes -= self.open[minute]
            if not minutes:
                return self.first.astimezone(UTC) + (minute + 1) * MINUTE
        return None
