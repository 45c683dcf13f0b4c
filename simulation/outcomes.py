"""The result of a replayed case."""

from dataclasses import dataclass
from datetime import datetime

from escalation.case.events import Event
from escalation.case.state import State
from escalation.vocabulary import ClockName
from simulation.exports.lives import Life
from simulation.staffing import Lack


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A step of the log that was done, and by whom."""

    at: datetime
    person: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDone:
    """A step of the log that the domain refused."""

    command: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """The result of one life.

    Attributes:
        taken: How often the person with the offer had to take the case first, before they could do a step.
        lacks: Tiers that were skipped, in order, and why no one was available.
        violations: Invariants that did not hold, once each; a sentence.
        doubled: Thresholds that fired more than once.
        before: The ticket's escalation before this one, where a customer wrote after its end.
    """

    life: Life
    state: State
    events: tuple[Event, ...]
    ended_at: datetime
    work: tuple[Work, ...]
    taken: int
    lacks: tuple[tuple[int, Lack], ...]
    refused: tuple[NotDone, ...]
    violations: tuple[str, ...]
    doubled: tuple[tuple[ClockName, int, str], ...]
    before: "Lived | None" = None

    @property
    def escalations(self) -> "tuple[Lived, ...]":
        """All of the ticket, in order; this is the last."""
        return (*(self.before.escalations if self.before else ()), self)
