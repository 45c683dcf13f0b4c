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
    """The result of one life."""

    life: Life
    state: State
    events: tuple[Event, ...]
    ended_at: datetime
    work: tuple[Work, ...]
    taken: int  # how often the person with the offer had to take the case first, before they could do a step
    lacks: tuple[tuple[int, Lack], ...]  # tiers that were skipped, in order, and why no one was available
    refused: tuple[NotDone, ...]
    violations: tuple[str, ...]  # invariants that did not hold, once each; a sentence
    doubled: tuple[tuple[ClockName, int, str], ...]  # thresholds that fired more than once
    before: "Lived | None" = None  # the ticket's escalation before this one, where a customer wrote after its end

    @property
    def escalations(self) -> "tuple[Lived, ...]":
        """All of the ticket, in order; this is the last."""
        return (*(self.before.escalations if self.before else ()), self)
