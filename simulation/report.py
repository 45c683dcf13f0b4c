"""The findings of a simulation: plain data, for people and for programs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from escalation.vocabulary import ClimbCause, ClockName, PauseCause, Severity
from simulation.exports import Rejected
from simulation.staffing import Lack


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """The distribution of a count."""

    count: int
    total: int
    mean: float
    p90: int
    max: int
    p99: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """Broken promises of one clock in one severity, the last one of each ticket."""

    clock: ClockName
    severity: Severity
    promises: int
    breaches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The number of messages that one person gets from the program about one ticket."""

    per_customer: Distribution
    per_colleague: Distribution  # messages to a person of the team, all of which are automatic
    withheld: int  # intervals that passed without a holding update, because several had gone out in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Waits for one cause."""

    cause: PauseCause
    count: int
    business_seconds: int
    wall_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Steps of the log that the domain refused for one reason."""

    command: str
    reason: str  # names of tickets and people left out, so that equal reasons are counted together
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Counts of the log's steps: `planned` is `done` plus `refused`."""

    planned: int
    done: int
    refused: int
    taken: int  # acknowledgements added, because the log has work on a case that no one had taken under this policy
    by_reason: tuple[Refusals, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariants:
    """Whether every invariant held."""

    violated: int
    violations: Mapping[str, tuple[str, ...]]
    doubled: tuple[str, ...]  # `ticket: clock cycle threshold` of what fired twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The log's verdict beside ours, in one severity."""

    severity: Severity
    both_met: int
    both_missed: int
    only_log_missed: int
    only_we_missed: int

    @property
    def agreement(self) -> float:
        """The share of equal verdicts, 0 to 1."""
        same, other = self.both_met + self.both_missed, self.only_log_missed + self.only_we_missed
        return same / (same + other) if same + other else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Tickets whose verdicts differ, and what is different about them."""

    reason: str
    log_met: bool  # the log's verdict; ours is the other one
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """The load of one person."""

    person: str
    cases: int  # how often they took a case, or held one that no one took
    hours: float  # how long they had cases in all, on the wall
    most_at_once: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedHour:
    """An hour of the week in which a tier was skipped; UTC."""

    weekday: int  # 0 is Monday
    hour: int  # 0 to 23
    skipped: int
    searches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLoad:
    """The load of one tier."""

    tier: int
    skipped: int
    skipped_because: Mapping[Lack, int]  # why to how often; empty without a roster
    skipped_hours: tuple[SkippedHour, ...]  # the worst first
    offered: int
    acknowledged: int
    declined: int
    lapsed: int  # offers without an answer in time
    handed_over: int  # cases that were taken from their owner at the end of a shift
    # from an offer until the case was taken, in the time of the policy's calendar. Where the log names who took it,
    # from the offer that was open then
    seconds_to_acknowledge: Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All results for one policy."""

    policy: str
    checksum: str
    tickets: int
    rows_used: int  # rows of the log that tell of these tickets; with `rejected` they are all that were read
    rows_moved: int  # of those, how many lie before the row above or the opening, and count as done then
    openings: Mapping[int, int]
    events: int
    outcomes: Mapping[str, int]  # how it ended, to number of tickets; `open` where the log leaves it open
    breaches: tuple[Breaches, ...]
    thresholds: Mapping[ClockName, int]
    climbs: Mapping[ClimbCause, int]
    messages_to_customer: Distribution  # per ticket
    messages_to_person: Distribution  # per ticket and person of the team
    fatigue: Letters  # what of it the program writes by itself, per ticket
    pauses: tuple[Pauses, ...]
    work_by_person: Mapping[str, int]
    work_by_hour: tuple[tuple[int, ...], ...]  # seven days, Monday first, of 24 hours (UTC): steps done
    load_by_person: tuple[PersonLoad, ...]  # the most cases first
    load_by_tier: tuple[TierLoad, ...]
    steps: Steps
    unanswered: int  # messages of customers that no one answered, and no clock makes anyone answer
    invariants: Invariants
    verdicts: tuple[Verdicts, ...]  # empty where the log gives none
    differences: tuple[Difference, ...]  # why verdicts differ, the most frequent reason first
    rejected: tuple[Rejected, ...]


def distribution(histogram: Mapping[int, int]) -> Distribution:
    """The distribution of values, given how often each occurred."""
    count = sum(histogram.values())
    if not count:
        return Distribution(count=0, total=0, mean=0.0, p90=0, max=0)
    total = sum(value * often for value, often in histogram.items())
    return Distribution(
        count=count,
        total=total,
        mean=round(total / count, 2),
        p90=_percentile(histogram, math.ceil(0.9 * count)),
        max=max(histogram),
        p99=_percentile(histogram, math.ceil(0.99 * count)),
    )


def _percentile(histogram: Mapping[int, int], wanted: int) -> int:
    """The smallest value that at least this many do not exceed."""
    seen = 0
    for value in sorted(histogram):
        seen += histogram[value]
        if seen >= wanted:
            return value
    return max(histogram)
