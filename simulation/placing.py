"""Puts a roster and a log on the same weeks, so that one can be tried on the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from escalation.roster.files import InvalidRoster, Roster, read_roster
from simulation.attendance import AHEAD
from simulation.dated_shifts import DatedShift, dated_shifts, day_of, is_silent, misfits, zone_of
from simulation.exports.instants import KNOWN_FOR
from simulation.exports.lives import Life
from simulation.weeks import Move, move_to

# How far beyond the log iCalendar files are read: to know what ends a shift that runs then, and for the week or so by
# which a log that is moved begins later than asked.
_BEYOND = timedelta(weeks=AHEAD + 2)


class LogSpan(NamedTuple):
    """The period of a log: the first opening, the last step. Aware UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterTime:
    """The time in which a log was played on a roster. Instants are aware UTC."""

    weeks: int  # by how many weeks the log was moved; negative is into the past, 0 is not at all
    zone: str  # weekdays and times of day there are the same before and after
    log_start: datetime  # the first opening of the log
    log_end: datetime
    start: datetime  # what stands for the first
    end: datetime
    warnings: tuple[str, ...]  # parts of the roster with no one on shift for some or all of that time, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedRoster:
    """A roster, and how a log is moved to be played on it."""

    roster: Roster
    move: Move
    time: RosterTime


def span_of(lives: Iterable[Life]) -> LogSpan | None:
    """From when to when the lives go, whatever their order; None if there are none."""
    start = end = None
    for life in lives:
        last = life.steps[-1].at if life.steps else life.opened_at
        start = life.opened_at if start is None else min(start, life.opened_at)
        end = last if end is None else max(end, last)
    return None if start is None or end is None else LogSpan(start, end)


def place(file: Path, log: LogSpan, day: date | None) -> PlacedRoster:
    """Read a roster for the time in which a log is played on it.

    Args:
        log: When the log begins and ends.
        day: The log's first ticket is moved by whole weeks into the seven days that begin here; None leaves the log
            where it is.

    Raises:
        InvalidRoster: The roster cannot be used.
    """
    roster = _read(file, log, day)
    zone = zone_of(roster)
    move = Move(weeks=0, zone=zone) if day is None else move_to(day, log.start, zone)
    start, end = move.instant(log.start), move.instant(log.end)
    shifts = dated_shifts(roster, min(end, start + KNOWN_FOR))
    silent = [each for each in shifts if is_silent(each, start, end)]
    warnings = [*_on_silent_shifts(file, log, shifts, silent, f"{day_of(start, zone)} to {day_of(end, zone)}")]
    warnings += misfits(roster, shifts, start, end, zone)
    if end > start + KNOWN_FOR:
        warnings.append(
            f"the log continues to {day_of(end, zone)}; iCalendar files and holidays are known up to "
            f"{day_of(start + KNOWN_FOR, zone)}"
        )
    played = RosterTime(
        weeks=move.weeks,
        zone=zone,
        log_start=log.start,
        log_end=log.end,
        start=start,
        end=end,
        warnings=tuple(warnings),
    )
    return PlacedRoster(roster=roster, move=move, time=played)


def _read(file: Path, log: LogSpan, day: date | None) -> Roster:
    """Before its zone is known, so for a week and some hours more than needed."""
    start = log.start if day is None else datetime.combine(day, time(), tzinfo=UTC) - timedelta(days=1)
    until = start + min(log.end - log.start, KNOWN_FOR) + _BEYOND
    return read_roster(file, start, until)


def _on_silent_shifts(
    file: Path, log: LogSpan, shifts: Sequence[DatedShift], silent: Sequence[DatedShift], when: str
) -> Iterator[str]:
    """One line for all shifts without anyone, with the day from which the log would fit."""
    if not silent:
        return
    names = " and ".join(f"`{shift.name}`" for shift in silent)
    told = f"no one is on {names} in all the log's time, {when}"
    day = max(shift.begins for shift in shifts)
    if _meets_all(file, log, day):
        yield f"{told}; --roster-from {day} plays it on the roster's weeks"
    else:
        begins = ", ".join(f"`{shift.name}` begins on {shift.begins}" for shift in shifts)
        yield f"{told}; {begins}: choose with --roster-from which of them to try"


def _meets_all(file: Path, log: LogSpan, day: date) -> bool:
    """Whether the log meets every shift of the roster when it is moved to the day."""
    try:
        roster = _read(file, log, day)
    except InvalidRoster:
        return False  # sound until the log ends, but too much to repeat up to that day
    move = move_to(day, log.start, zone_of(roster))
    start, end = move.instant(log.start), move.instant(log.end)
    return not any(is_silent(each, start, end) for each in dated_shifts(roster, end))
