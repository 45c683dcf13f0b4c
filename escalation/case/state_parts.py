"""The parts of the state: waits, running clocks, open questions and requests, agreed actions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from escalation.message_kinds import MessageKind
from escalation.vocabulary import ApprovalKind, ClockName, Outcome, PauseCause


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseInterval:
    """A time in which something was waited for; open while `end` is None.

    Attributes:
        end: The instant after the last, aware UTC.
    """

    cause: PauseCause
    start: datetime
    end: datetime | None
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedTime:
    """A time in which the case was resolved, and which a clock that goes on after the reopening does not count.

    Attributes:
        start: When it was resolved, aware UTC.
        end: When it was reopened, aware UTC.
    """

    start: datetime
    end: datetime
    by: str

    @property
    def cause(self) -> str:
        """Its name in `explain`."""
        return "resolved_until_reopened"


@dataclass(frozen=True, kw_only=True)  # no slots: `copies.changed`
class ClockRun:
    """One run of a clock.

    Attributes:
        cycle: Counts the starts of this clock in this escalation, from 1.
        started_at: The instant it counts from, aware UTC.
        fired: Names of the thresholds that fired in this cycle.
        breached: Whether one of them broke the promise.
        repeats: How often in a row it restarted because the holder of the case was silent.
        eta: The instant a person named as its target: what was promised, or a due date set by hand. No pause moves it.
        promise: What was promised, where the clock is about that.
        incident: Name of the incident whose bulletin promised it.
        author: Who wrote that bulletin and learns from this case what becomes of it; empty in its other cases.
        resolved: When the case was resolved in between, where it went on after a reopening.
        extra: Seconds of open time that it has beyond its target, because a reopening extended it.
    """

    cycle: int
    started_at: datetime
    fired: tuple[str, ...] = ()
    breached: bool = False
    eta: datetime | None = None
    repeats: int = 0
    resolved: tuple[ResolvedTime, ...] = ()
    extra: int = 0
    promise: str = ""
    incident: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleResult:
    """The result of a resolution cycle; it does not change when the escalation is reopened.

    Attributes:
        breached: Whether its resolution target was missed.
    """

    cycle: int
    opened_at: datetime
    resolved_at: datetime
    outcome: Outcome
    breached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """An agreed action that prevents the problem next time.

    Attributes:
        due: By when, aware UTC.
        done_at: When it was done; None while it is not.
        lapsed: Whether its time passed before it was done.
    """

    number: int
    owner: str
    what: str
    due: datetime
    done_at: datetime | None = None
    lapsed: bool = False

    @property
    def is_awaited(self) -> bool:
        """Whether it is neither done nor overdue."""
        return self.done_at is None and not self.lapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesHold:
    """A person's wish that the customer gets no automatic updates for a time.

    Attributes:
        until: When they go out again, aware UTC.
    """

    until: datetime
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConsult:
    """A question to a colleague that is not answered yet."""

    to: str
    question: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenApproval:
    """A request for approval that is not decided yet.

    Attributes:
        tier: The tier whose authority is asked for; 0 where only the overseer can decide.
        approver: Who was asked; empty while the search runs.
    """

    number: int
    what: ApprovalKind
    amount: int
    tier: int
    why: str
    by: str
    approver: str = ""
    currency: str = ""

    @property
    def in_words(self) -> str:
        """The request in words: `exception`, `refund of 120 EUR`."""
        between = "of" if self.what is ApprovalKind.REFUND else "worth"
        return f"{self.what} {between} {self.amount} {self.currency}".rstrip() if self.amount else str(self.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """A letter to the customer that may still come back, and what it did to the clocks (`escalation.clocks.undelivered`).

    Attributes:
        key: The message's key; empty while it is being written.
        at: When it was written, aware UTC.
        by_event: Wire name of the event by which a person wrote it; empty for automatic ones.
        ended: The clocks that ended, or began a new cycle, as they ran before.
        began: The clocks that began with it, with their cycle.
        starts_wait: Whether the wait for the customer began with it.
        arrived: Whether the customer answered it; then it can no longer come back.
        unanswered: What the customer said that it answered.
        asks: The follow-up that it is, or has among what it says.
    """

    key: str
    at: datetime
    by_event: str = ""
    ended: Mapping[ClockName, ClockRun] = field(default_factory=dict)
    began: Mapping[ClockName, int] = field(default_factory=dict)
    starts_wait: bool = False
    arrived: bool = False
    unanswered: "tuple[Unanswered, ...]" = ()
    asks: MessageKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Something the customer said that no one has answered.

    Attributes:
        text: Their words, cut short; the title of a solution, where they chose one.
        score: What they gave us, 1 to 5, where they answered the survey.
        is_choice: Whether they chose a solution when there was no choice any more.
    """

    text: str
    at: datetime
    score: int = 0
    is_choice: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldMessage:
    """A message that waits for the end of the recipient's quiet hours.

    Attributes:
        until: When it goes out, aware UTC.
    """

    key: str
    message: MessageKind
    to: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Streak:
    """Automatic messages about one clock since a person last did what it waits for (`escalation.clocks.fatigue`).

    Attributes:
        spoken: How many turns came, with a message; also those without, once messages to the customer have ended.
        withheld: Intervals since the latest turn.
        since: When that was, or when the streak before ended, aware UTC; None before the first.
    """

    spoken: int = 0
    withheld: int = 0
    since: datetime | None = None
