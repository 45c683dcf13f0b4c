"""The state of an escalation: one frozen value, made by folding its events and nothing else.

Nothing in it is counted up or computed ahead: it keeps causes (when a clock started, which pauses there were,
which thresholds fired), so that every deadline can be worked out again, and explained, at any time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.commands import Customer, Option
from escalation.policy import PolicyRef
from escalation.vocabulary import Category, ClockName, MessageKind, Outcome, PauseCause, Reason, Severity, Stage

ACTIVE = frozenset({Stage.UNASSIGNED, Stage.OFFERED, Stage.WORKING, Stage.WAITING_ON_CUSTOMER})
"""Stages in which somebody still works towards a solution."""

OVER = frozenset({Stage.CLOSED, Stage.CANCELLED})
"""Stages in which nobody answers for it any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseInterval:
    """A time in which something was waited for; open while `end` is None.

    Attributes:
        start: First instant, aware UTC.
        end: The instant after the last, aware UTC.
        by: Who caused it.
    """

    cause: PauseCause
    start: datetime
    end: datetime | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRun:
    """One run of a clock.

    Attributes:
        cycle: Counts the starts of this clock in this escalation, from 1.
        started_at: The instant it counts from, aware UTC.
        fired: Names of the thresholds that fired in this cycle.
        breached: Whether one of them broke the promise.
        eta: The promised instant, where the clock stands for one.
    """

    cycle: int
    started_at: datetime
    fired: tuple[str, ...] = ()
    breached: bool = False
    eta: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleResult:
    """How a resolution cycle ended; frozen, also when the escalation is reopened.

    Attributes:
        cycle: From 1.
        opened_at: When the cycle began.
        resolved_at: When it ended.
        breached: Whether its resolution target was missed.
    """

    cycle: int
    opened_at: datetime
    resolved_at: datetime
    outcome: Outcome
    breached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that is known of one escalation.

    Attributes:
        seq: Number of events folded.
        owner: Who answers for it; kept when resolved and closed, as the one who solved it.
        offered_to: Who is asked to take it.
        offer: Number of the latest search for an owner.
        offer_booked: Whether that offer's booking is still held.
        offer_delayed: Whether the overseer was told that the directory does not answer for that offer.
        round: How often the ladder was begun.
        start_tier: Where it began.
        tried: People asked in this tier and round.
        previous_owner: The owner before; what the customer was told last.
        followers: Earlier owners, who stay informed.
        steps_tried: The latest steps noted, for the hand-off packet.
        runs: Running clocks.
        starts: How often each clock was started.
        breaches: Broken promises per clock.
        sent: Messages queued, per kind and recipient group; numbers the next one.
        options: What the customer may choose from now.
        question: What the customer was asked last.
        promise: What was promised last.
    """

    seq: int
    ticket: str
    summary: str
    customer: Customer
    contact: str
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    policy: PolicyRef
    frustration: int
    our_fault: bool
    stage: Stage
    opened_at: datetime
    tier: int
    start_tier: int
    round: int = 1
    cycle: int = 1
    owner: str = ""
    offered_to: str = ""
    offer: int = 0
    offer_booked: bool = False
    offer_delayed: bool = False
    tried: tuple[str, ...] = ()
    previous_owner: str = ""
    overseer_holds: bool = False
    followers: tuple[str, ...] = ()
    steps_tried: tuple[str, ...] = ()
    runs: Mapping[ClockName, ClockRun] = field(default_factory=dict)
    starts: Mapping[ClockName, int] = field(default_factory=dict)
    breaches: Mapping[ClockName, int] = field(default_factory=dict)
    pauses: tuple[PauseInterval, ...] = ()
    cycle_opened_at: datetime
    results: tuple[CycleResult, ...] = ()
    sent: Mapping[MessageKind, int] = field(default_factory=dict)
    messages: int = 0
    question: str = ""
    promise: str = ""
    options: tuple[Option, ...] = ()
    default_option: str = ""
    solution: str = ""
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody still answers for it."""
        return self.stage not in OVER

    @property
    def open_pauses(self) -> tuple[PauseInterval, ...]:
        """What is waited for now."""
        return tuple(pause for pause in self.pauses if pause.end is None)

    def is_paused_by(self, cause: PauseCause) -> bool:
        """Whether this is waited for now."""
        return any(pause.cause is cause for pause in self.open_pauses)
