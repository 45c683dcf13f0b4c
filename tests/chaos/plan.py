"""What is broken, when, and for how long: drawn from a seed, so that the same seed breaks the same things."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Blow(StrEnum):
    """A kind of failure."""

    KILL = "worker killed"
    TERM = "worker stopped"
    POSTGRES = "PostgreSQL unreachable"
    SMTP = "SMTP unreachable"
    TEMPORAL = "Temporal unreachable"
    SERVER = "HTTP server killed"
    DESK = "help desk failing"
    CHAT = "chat failing"


class Manner(StrEnum):
    """How a line fails."""

    REFUSES = "refuses"
    """What is connected is cut off, what connects is turned away."""
    HANGS = "hangs"
    """Everything connects, nothing gets through; it does when the fault is over."""
    BREAKS = "answers 500"
    LIMITS = "answers 429"


PEERS = (Blow.DESK, Blow.CHAT)
"""Failures of the products we call."""
LINES = (Blow.POSTGRES, Blow.SMTP, Blow.TEMPORAL, *PEERS)
"""Failures that last."""

FIRST = 2.0
"""Seconds from the first opening until the plan begins."""
SHORTEST_GAP, LONGEST_GAP = 3.0, 8.0
"""Seconds from one blow of a round to the next; a line may still fail then."""
SHORTEST_CUT, LONGEST_CUT = 2.0, 8.0
APART = 2.0
"""Seconds of peace at least between two failures of one line."""
CALM = 20.0
"""Seconds between two rounds: long enough to recover, so that other delays are visible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """One failure.

    Attributes:
        at: Seconds after the first opening.
        worker: Which worker is meant, from 0; -1 where it is a line or a peer that fails.
        lasts: Seconds; 0 for what is done at once.
        manner: How a line fails; None for workers.
    """

    at: float
    blow: Blow
    worker: int = -1
    lasts: float = 0.0
    manner: Manner | None = None

    def __str__(self) -> str:
        """For the log of a run."""
        if self.blow is Blow.SERVER:
            return f"{self.at:6.1f} s  {self.blow}"
        if self.manner is None:
            return f"{self.at:6.1f} s  {self.blow}: number {self.worker + 1}"
        return f"{self.at:6.1f} s  {self.blow}: it {self.manner} for {self.lasts:.1f} s"


def strikes(seed: int, *, seconds: float, workers: int) -> tuple[Strike, ...]:
    """The failures of a run, the earliest first; the same arguments give the same ones.

    The kinds come in rounds, each round in an order of its own, with a calm after it: even a short run has some of each.

    Args:
        seed: Any whole number.
        seconds: How long the run breaks things; every failure is over by then.
        workers: How many there are to choose from.
    """
    draw = Random(seed)  # noqa: S311 (it has to be repeatable, not secret)
    free = dict.fromkeys(LINES, 0.0)
    found: list[Strike] = []
    at = FIRST
    while True:
        for blow in draw.sample(tuple(Blow), len(Blow)):
            at = max(at + draw.uniform(SHORTEST_GAP, LONGEST_GAP), free.get(blow, 0.0))
            strike = _strike(draw, blow, round(at, 1), workers)
            if strike.at + strike.lasts > seconds:
                return tuple(found)
            found.append(strike)
            free[blow] = strike.at + strike.lasts + APART
        at += CALM


def _strike(draw: Random, blow: Blow, at: float, workers: int) -> Strike:
    if blow not in LINES:
        return Strike(at=at, blow=blow, worker=0 if blow is Blow.SERVER else draw.randrange(workers))
    lasts = round(draw.uniform(SHORTEST_CUT, LONGEST_CUT), 1)
    manners = tuple(Manner) if blow in PEERS else (Manner.REFUSES, Manner.HANGS)
    return Strike(at=at, blow=blow, lasts=lasts, manner=draw.choice(manners))
