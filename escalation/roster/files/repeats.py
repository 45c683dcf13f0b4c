"""Checks an event's repetitions and wall times before any library works them out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any, TypeAlias

from dateutil.rrule import rrulestr
from icalendar import vRecur

from escalation.business_time.zones import load_zone, zone_names
from escalation.documents.icalendar import MOST_EVENTS, UNREADABLE
from escalation.roster.files.attendees import UnusableEvent

MOST_DAYS = 3660  # how long an event may last
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
_DAY = timedelta(days=1)

# `icalendar.Event`; its own types say of every property that it may be any of thirty things.
_Event: TypeAlias = Any


class Repeats:
    """Counts how often the events of a file happen together.

    Args:
        until: The horizon.
        instant: The UTC instant of a moment in the file; None or the name of its zone comes with it.
    """

    def __init__(self, until: datetime, instant: Callable[[date, str | None], datetime]) -> None:
        self._until = until
        self._instant = instant
        self._happens = 0

    def check(self, event: _Event) -> None:
        """Look at what an event says about its repetitions, before anything repeats it.

        Raises:
            UnusableEvent: It repeats forever, absurdly often, or never, or cannot be read.
        """
        self._happens += 1
        if "EXRULE" in event:
            raise UnusableEvent("has an EXRULE, which RFC 5545 no longer knows; write EXDATE instead")
        for field in ("RDATE", "EXDATE"):
            self._check_dates(event, field)
        rules = event.get("RRULE")
        for rule in rules if isinstance(rules, list) else [rules] if rules is not None else []:
            self._check_rule(rule, event["DTSTART"].dt)

    def _check_dates(self, event: _Event, field: str) -> None:
        listed = event.get(field, [])
        for one in listed if isinstance(listed, list) else [listed]:
            moments = getattr(one, "dts", ())
            self._happens += len(moments)
            if self._happens > MOST_EVENTS:
                raise UnusableEvent(f"takes the file to more than {MOST_EVENTS} events and dates; list fewer")
            for moment in moments:
                begin, *rest = moment.dt if isinstance(moment.dt, tuple) else (moment.dt,)
                if not isinstance(begin, date):
                    raise UnusableEvent(f"has an {field} that is not a date; correct it")
                self._instant(begin, one.params.get("TZID"))
                for end in rest:
                    check_length(
                        end if isinstance(end, timedelta) else self._instant(end, None) - self._instant(begin, None)
                    )

    def _check_rule(self, rule: vRecur, first: date) -> None:
        """Refuse what would repeat forever, absurdly often, or never; before anything repeats it."""
        if self._happens > MOST_EVENTS:
            # Told already; the rest need not be counted.
            return
        if int(_first(rule, "INTERVAL") or 0) < 1 and "INTERVAL" in rule:
            raise UnusableEvent("repeats at an interval of less than 1; correct its RRULE")
        frequency = str(_first(rule, "FREQ")).upper()
        bounded_by = [key for key in rule if str(key).upper().startswith("BY")]
        if frequency in _TOO_OFTEN or (frequency == "HOURLY" and bounded_by):
            raise UnusableEvent(
                f"repeats {frequency}; a shift repeats DAILY or more rarely, or HOURLY without BY… parts"
            )
        begin = datetime.combine(first, time()) if not isinstance(first, datetime) else first.replace(tzinfo=None)
        # Without its end, so that the end cannot disagree with the zone; the horizon bounds it.
        endless = vRecur({key: value for key, value in rule.items() if str(key).upper() not in {"COUNT", "UNTIL"}})
        last = self._until.replace(tzinfo=None) + 2 * _DAY
        try:
            repeated = rrulestr(f"{_written(endless)};UNTIL={last:%Y%m%dT%H%M%S}", dtstart=begin)
            left = max(0, MOST_EVENTS - self._happens) + 1
            happens = sum(1 for _ in islice(repeated, min(left, int(_first(rule, "COUNT") or left))))
        except UNREADABLE as error:
            raise UnusableEvent(f"has a rule that cannot be read: {error}; correct its RRULE") from None
        self._happens += happens
        if self._happens > MOST_EVENTS:
            raise UnusableEvent(
                f"takes the file to more than {MOST_EVENTS} events up to {self._until:%Y-%m-%d}; let it begin later, "
                "repeat more rarely, or end with UNTIL"
            )
        if not happens and begin < last:
            raise UnusableEvent("has a rule that never happens; correct its RRULE")


def check_length(lasts: timedelta) -> None:
    """Refuse an event that lasts no time, or years.

    Raises:
        UnusableEvent: It does.
    """
    if lasts <= timedelta():
        raise UnusableEvent("has no length; add a DTEND or a DURATION")
    if lasts > MOST_DAYS * _DAY:
        raise UnusableEvent(f"lasts {lasts.days} days; at most {MOST_DAYS} are allowed")


def _written(rule: vRecur) -> str:
    text: bytes = rule.to_ical()  # type: ignore[no-untyped-call]  # icalendar does not say what it gives
    return text.decode()


def _first(rule: vRecur, key: str) -> Any:
    value = rule.get(key)
    return value[0] if isinstance(value, list) else value


def as_instant(at: datetime) -> datetime:
    """The UTC instant of an aware wall time."""
    zone = _own_zone(at.tzinfo)
    wall = at.replace(tzinfo=None, fold=0)
    there = wall.replace(tzinfo=zone).astimezone(UTC)
    if there.astimezone(zone).replace(tzinfo=None) == wall:
        return there
    # In a gap, by the offset from before it. Zones made from a VTIMEZONE do not do so by themselves.
    before = (wall - _DAY).replace(tzinfo=zone).utcoffset() or timedelta()
    return (wall - before).replace(tzinfo=UTC)


def _own_zone(zone: tzinfo | None) -> tzinfo:
    key = getattr(zone, "key", None)
    if key in zone_names():
        return load_zone(str(key))
    return UTC if zone is None else zone
