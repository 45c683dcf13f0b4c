"""Replays one life after the other at virtual time, through the same `decide` and `evolve` that workers use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from escalation.commands import (
    Acknowledge,
    Command,
    Decline,
    FireDueClocks,
    Reassign,
    RecordAssignment,
    RecordCustomerReply,
    RecordNobodyAvailable,
    Reopen,
    SupportCommand,
)
from escalation.deadlines import next_due
from escalation.effects import AssignOwner
from escalation.errors import Refused
from escalation.events import Event
from escalation.evolution import evolve
from escalation.invariants import doubled_thresholds, violations
from escalation.lifecycle import decide
from escalation.policy import Policy, PolicyRef
from escalation.state import ACTIVE, State
from escalation.vocabulary import CUSTOMER, ClockName, Outcome, Stage
from starter.importing import OWNER
from starter.simulating.lives import Life
from starter.simulating.staffing import Booking


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
    """What came of one life.

    Attributes:
        life: What was replayed.
        state: How it ended.
        events: The whole timeline.
        ended_at: The virtual instant at which the replay stopped.
        work: Steps that were done.
        taken: How often whoever was asked had to take the case first, so that a step could be done by them.
        refused: Steps that were not done.
        violations: Invariants that did not hold, once each; a sentence.
        doubled: Thresholds that fired more than once.
    """

    life: Life
    state: State
    events: tuple[Event, ...]
    ended_at: datetime
    work: tuple[Work, ...]
    taken: int
    refused: tuple[NotDone, ...]
    violations: tuple[str, ...]
    doubled: tuple[tuple[ClockName, int, str], ...]


class Replay:
    """Replays lives under one policy."""

    def __init__(self, policy: Policy, ref: PolicyRef, directory: Callable[[], Booking] | Booking) -> None:
        self._policy = policy
        self._ref = ref
        self._directory = directory if not callable(directory) else directory()

    def live(self, life: Life) -> Lived:
        """Replay one life.

        Our clocks go on after the last step only where the log ends with the case resolved or over. What is left open
        then was left open by the log, and nobody knows what people would have done next.

        Raises:
            Refused: The opening makes no sense.
        """
        running = _Running(self._policy, self._ref, self._directory, life.opened_at)
        running.do(life.open)
        for step in life.steps:
            running.wait(step.at)
            running.step(step.command)
        if running.state.stage not in ACTIVE:
            running.wait(None)
        return running.lived(life)


class _Running:
    """One life while it is replayed."""

    def __init__(self, policy: Policy, ref: PolicyRef, directory: Booking, now: datetime) -> None:
        self.now = now
        self._policy = policy
        self._ref = ref
        self._directory = directory
        self._state: State | None = None
        self._events: list[Event] = []
        self._work: list[Work] = []
        self._refused: list[NotDone] = []
        self._taken = 0
        self._violations: dict[str, None] = {}

    @property
    def state(self) -> State:
        if self._state is None:
            raise LookupError("the life has not begun")
        return self._state

    def do(self, command: Command) -> None:
        """Decide, fold, and let the directory answer.

        Raises:
            Refused: The domain says no; nothing changed.
        """
        decision = decide(self._state, command, policy=self._policy, now=self.now, ref=self._ref)
        state = self._state
        for event in decision.events:
            state = evolve(state, event)
        self._state = state
        self._events.extend(decision.events)
        for effect in decision.effects:
            if isinstance(effect, AssignOwner):
                self._answer(effect)
        self._violations.update(dict.fromkeys(violations(self.state, self._policy)))

    def wait(self, until: datetime | None) -> None:
        """Let time pass: each threshold fires at its instant. Without an end, until nothing is due any more."""
        while (due := next_due(self.state, self._policy)) is not None and (until is None or due.at <= until):
            self.now = max(self.now, due.at)
            self.do(FireDueClocks())
        if until is not None:
            self.now = max(self.now, until)

    def step(self, command: SupportCommand) -> None:
        """One step of the log; a refusal is noted."""
        if isinstance(command, Reassign) and command.to in (self.state.owner, self.state.offered_to):
            return
        try:
            command = self._way_back(command)
            self._taken += self._take_first(command)
            named = replace(command, by=self._person()) if command.by == OWNER else command
            self.do(named)
        except Refused as refusal:
            self._refused.append(NotDone(command=command.kind, reason=str(refusal)))
        else:
            self._work.append(Work(at=self.now, person=named.by, command=named.kind))

    def lived(self, life: Life) -> Lived:
        return Lived(
            life=life,
            state=self.state,
            events=tuple(self._events),
            ended_at=self.now,
            work=tuple(self._work),
            taken=self._taken,
            refused=tuple(self._refused),
            violations=tuple(self._violations),
            doubled=doubled_thresholds(self._events),
        )

    def _answer(self, wanted: AssignOwner) -> None:
        person = self._directory.book(wanted)
        if person is None:
            self.do(RecordNobodyAvailable(offer=wanted.offer))
        else:
            self.do(RecordAssignment(offer=wanted.offer, person=person))

    def _way_back(self, command: SupportCommand) -> SupportCommand:
        """An answer that comes after we stopped waiting for it reopens the case, as the last message offered."""
        state = self.state
        is_late = state.outcome is Outcome.NO_REPLY and ClockName.REOPEN_WINDOW in state.runs
        if isinstance(command, RecordCustomerReply) and is_late:
            return Reopen(by=CUSTOMER, why=command.text)
        return command

    def _take_first(self, command: SupportCommand) -> bool:
        """Whoever is asked takes the case before they work on it, where the log says that somebody worked on it."""
        offered = self.state.stage is Stage.OFFERED
        if command.by != OWNER or not offered or isinstance(command, Acknowledge | Decline):
            return False
        self.do(Acknowledge(by=self.state.offered_to))
        return True

    def _person(self) -> str:
        return self.state.offered_to or self.state.owner or self.state.contact
