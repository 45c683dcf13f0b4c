"""The time part of a roster, as plain data: shifts, overrides and absences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from escalation.business_time import Calendar

DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A stretch that belongs to one person, from ``start`` up to but not including ``end``; aware UTC."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """The same people every week.

    Attributes:
        people: all of them are on shift during the hours.
        week: the hours, with their zone.
    """

    people: tuple[str, ...]
    week: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """One person a week, in turn.

    A hand-over that falls into a clock change happens at the first instant after a gap, and at the first of two equal
    wall times.

    Attributes:
        people: in the order of their turns.
        weekday: day of the hand-over, 0 is Monday.
        minute: wall time of the hand-over, in minutes after midnight.
        zone: IANA zone of that wall time.
        starts: the first turn begins with the first hand-over on or after this date; no one is on shift before.
        week: the hours within a turn; None is all the time.
    """

    people: tuple[str, ...]
    weekday: int
    minute: int
    zone: str
    starts: date
    week: Calendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Turns that were computed elsewhere, such as those of an iCalendar file."""

    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A named shift.

    Attributes:
        tiers: numbers of the tiers it covers; each person covers those of them that they serve.
        source: who is on it when.
    """

    name: str
    tiers: tuple[int, ...]
    source: Pattern | Rotation | Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One person takes over for another. It applies to the shifts, never to another override.

    Attributes:
        shift: on this shift only; empty is on every shift.
        instead_of: for this person; empty means everyone on shift.
        start: from this instant on.
        end: up to but not including this one.
    """

    person: str
    shift: str = ""
    instead_of: str = ""
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person is absent from ``start`` up to but not including ``end``, whatever their shifts say."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything a roster says about time.

    Attributes:
        overrides: no two hold for the same duty at the same instant.
        absences: in any order.
        serves: person to the tiers they serve; who is missing here serves all.
    """

    shifts: tuple[Shift, ...] = ()
    overrides: tuple[Override, ...] = ()
    absences: tuple[Absence, ...] = ()
    serves: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One stretch of one person on one shift at one tier, from ``start`` up to but not including ``end``; aware UTC.

    Attributes:
        tier: number of the tier; 0 is every tier the person serves.
    """

    person: str
    tier: int
    shift: str
    start: datetime
    end: datetime
