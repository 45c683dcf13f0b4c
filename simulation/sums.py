"""Totals over replayed cases. Counters only, so memory does not grow with the log, except for ids of findings.

Sums of lives that came later can be merged in; the result is what adding up all lives in their order would have given.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from escalation.vocabulary import ClimbCause, ClockName, PauseCause, Severity
from simulation.staffing import Lack


def _counters() -> "defaultdict[Any, Counter[Any]]":
    return defaultdict(Counter)


@dataclass(slots=True, kw_only=True)
class LoadSums:
    """Sums of loads, and of the times until cases were taken."""

    cases: Counter[str] = field(default_factory=Counter)
    seconds: Counter[str] = field(default_factory=Counter)  # how long they had them
    # by person, how many cases more or fewer since an hour, counted from 1970
    changes: defaultdict[str, Counter[int]] = field(default_factory=_counters)
    tiers: defaultdict[str, Counter[int]] = field(default_factory=_counters)
    # by tier, how often a case was taken after each number of seconds
    took: defaultdict[int, Counter[int]] = field(default_factory=_counters)
    # how many searches there were, by tier, weekday and hour
    searches: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    # how often no one was available, by tier, weekday and hour
    skips: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    lacks: Counter[tuple[int, Lack]] = field(default_factory=Counter)


@dataclass(slots=True, kw_only=True)
class Sums:
    """All that a report is made of."""

    tickets: int = 0
    events: int = 0
    rows: int = 0
    moved: int = 0  # how many of them lay before the row above or the opening
    openings: Counter[int] = field(default_factory=Counter)  # tickets by the year in which they were opened
    outcomes: Counter[str] = field(default_factory=Counter)
    # how often a clock with a breach was started, by clock and last severity
    promises: Counter[tuple[ClockName, Severity]] = field(default_factory=Counter)
    breaches: Counter[tuple[ClockName, Severity]] = field(default_factory=Counter)
    thresholds: Counter[ClockName] = field(default_factory=Counter)
    climbs: Counter[ClimbCause] = field(default_factory=Counter)
    # number of tickets by number of messages to the customer
    to_customer: Counter[int] = field(default_factory=Counter)
    to_person: Counter[int] = field(default_factory=Counter)  # number of people per ticket by number of messages
    # number of tickets by number of automatic letters to the customer
    automatic: Counter[int] = field(default_factory=Counter)
    withheld: int = 0  # intervals without a holding update, because several had gone out in a row
    pauses: Counter[PauseCause] = field(default_factory=Counter)
    paused: Counter[PauseCause] = field(default_factory=Counter)  # seconds of pauses, as on the wall
    paused_open: Counter[PauseCause] = field(default_factory=Counter)  # seconds of pauses in business time
    by_person: Counter[str] = field(default_factory=Counter)
    by_hour: Counter[tuple[int, int]] = field(default_factory=Counter)
    load: LoadSums = field(default_factory=LoadSums)
    done: int = 0
    taken: int = 0  # steps for which a person had to take the case first
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str], str] = field(default_factory=dict)  # the first ticket with such a step
    unanswered: int = 0  # messages of customers that no one answered, and no clock makes anyone answer
    violations: dict[str, list[str]] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    # by severity, whether the log says met, and whether we do
    verdicts: Counter[tuple[Severity, bool, bool]] = field(default_factory=Counter)
    differences: Counter[tuple[str, bool]] = field(default_factory=Counter)
    different: dict[tuple[str, bool], str] = field(default_factory=dict)  # the first ticket of such a difference

    def merge(self, later: "Sums") -> None:
        """Add the sums of lives that came after those of these; `later` is used up."""
        _merged(self, later)


def _merged(own: Any, later: Any) -> Any:
    """Two sums as one, by what they are: numbers add up, lists follow each other, of two texts the first is kept."""
    if is_dataclass(own):
        for each in fields(own):
            setattr(own, each.name, _merged(getattr(own, each.name), getattr(later, each.name)))
    elif isinstance(own, Counter):
        own.update(later)
    elif isinstance(own, dict):
        for key, value in later.items():
            own[key] = _merged(own[key], value) if key in own else value
    elif not isinstance(own, str):
        own = own + later
    return own
