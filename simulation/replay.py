"""Replays lives at virtual time, one after the other or beside each other, through the same `decide` and `evolve` that workers use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from heapq import heappop, heappush
from typing import assert_never

from escalation.case.commands import (
    Acknowledge,
    Command,
    Decline,
    FireDueClocks,
    Reassign,
    RecordApprover,
    RecordAssignment,
    RecordNobodyAvailable,
    Reopen,
    SupportCommand,
)
from escalation.case.events import Event, MessageHeld
from escalation.case.state import State
from escalation.case.values import PolicyRef
from escalation.clocks.cache import DeadlineCache
from escalation.clocks.deadlines import Due, earliest
from escalation.errors import CaseOver, Refused
from escalation.lifecycle.decide import decide
from escalation.lifecycle.decisions.opening_by_triage import unjudged
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.lifecycle.late_words import next_request, words_in
from escalation.lifecycle.viewing import view_of
from escalation.message_kinds import MessageKind
from escalation.messages.effects import AssignOwner, Deliver, Effect, FindApprover, ReleaseOwner, Request
from escalation.policy import Policy
from escalation.quiet_hours import quiet_until, waits_for
from escalation.vocabulary import ACTIVE, ClockName, Stage
from simulation.exports import OWNER
from simulation.exports.lives import Life
from simulation.outcomes import Lived, NotDone, Work
from simulation.staffing import Booking, Lack

_FIRE = FireDueClocks()
# Stages in which a person has the case.
_TAKEN = frozenset({Stage.WORKING, Stage.WAITING_ON_CUSTOMER})


class Replay:
    """Replays lives under one policy."""

    def __init__(self, policy: Policy, ref: PolicyRef, directory: Booking) -> None:
        self._policy = policy
        self._ref = ref
        self._directory = directory

    def live(self, life: Life) -> Lived:
        """Replay one life by itself.

        Our clocks continue after the last step only where the log ends with the case resolved or over. What is left open
        then was left open by the log, and what people would have done next is unknown.

        Raises:
            Refused: The opening makes no sense.
        """
        running = self._begin(life)
        for _ in running.course():
            pass
        return running.lived()

    def together(self, lives: Iterable[Life]) -> Iterator[Lived]:
        """Replay lives beside each other, so that they share the people; each is answered when it has ended.

        Args:
            lives: In the order of their opening. One that was opened before its predecessor begins when that one does,
                as far as the people are concerned; its own clocks are right.

        Raises:
            Refused: An opening makes no sense.
        """
        agenda: list[tuple[datetime, int, _Running, Iterator[datetime]]] = []
        for number, life in enumerate(lives):
            while agenda and agenda[0][0] < life.opened_at:
                yield from _advance(agenda)
            running = self._begin(life)
            heappush(agenda, (life.opened_at, number, running, running.course()))
        while agenda:
            yield from _advance(agenda)

    def _begin(self, life: Life) -> "_Running":
        return _Running(self._policy, self._ref, self._directory, life)


def _advance(agenda: "list[tuple[datetime, int, _Running, Iterator[datetime]]]") -> Iterator[Lived]:
    """Let the life whose turn it is do its next step; yields it when it has ended."""
    _, number, running, course = heappop(agenda)
    again = next(course, None)
    if again is None:
        yield running.lived()
    else:
        heappush(agenda, (again, number, running, course))


class _Running:
    """One life while it is replayed."""

    def __init__(self, policy: Policy, ref: PolicyRef, directory: Booking, life: Life) -> None:
        self.now = life.opened_at
        self._life = life
        self._policy = policy
        self._ref = ref
        self._directory = directory
        self._before: Lived | None = None
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._state: State | None = None
        self._armed: Mapping[ClockName, Due] = {}
        self._deadlines_of = DeadlineCache()
        self._events: list[Event] = []
        self._work: list[Work] = []
        self._refused: list[NotDone] = []
        self._taken = 0
        self._lacks: list[tuple[int, Lack]] = []
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
        decision = decide(
            self._state,
            command,
            policy=self._policy,
            now=self.now,
            ref=self._ref,
            deadlines_of=self._deadlines_of,
            life=len(self._before.escalations) + 1 if self._before else 1,
        )
        self._state, self._armed = decision.state, decision.armed
        self._events.extend(decision.events)
        if self._policy.quiet_hours.staff:  # else no message has to be written to be counted
            self._events.extend(filter(None, map(self._held, decision.effects)))
        for request in decision.requests:  # messages are not read here
            self._carry_out(request)
        if broken := violations(self.state, self._policy, self._armed):
            self._violations.update(dict.fromkeys(broken))

    def _held(self, effect: Effect) -> MessageHeld | None:
        """That a message waits for its reader's quiet hours to end. Only counts need it, so the case does not keep it."""
        if not isinstance(effect, Deliver) or not effect.message.quiet_week:
            return None
        message, zone = effect.message, self._directory.zone(effect.message.to)
        quiet_ends = quiet_until(message.quiet_week, zone, self.now) if zone else None
        if quiet_ends is None:
            return None
        shift_ends = self._directory.on_shift_until(message.to, self.now)
        until = waits_for(quiet_ends, shift_ends, self.now, is_offer=message.kind is MessageKind.OFFER)
        if until is None:
            return None
        return MessageHeld(at=self.now, key=message.key, message=message.kind, to=message.to, until=until)

    def course(self) -> Iterator[datetime]:
        """The life, step by step: says when the next one is, and takes it when asked for the one after.

        Raises:
            Refused: The opening makes no sense.
        """
        self.do(self._life.open)
        for step in self._life.steps:
            yield from self._wait(step.at)
            yield max(self.now, step.at)
            self.now = max(self.now, step.at)
            self.step(step.command)
        if self.state.stage not in ACTIVE:
            yield from self._wait(None)

    def _wait(self, until: datetime | None) -> Iterator[datetime]:
        """Let time pass: each threshold fires at its instant. Without an end, until nothing is due any more."""
        while (due := earliest(self._armed)) is not None and (until is None or due.at <= until):
            at = max(self.now, due.at)
            yield at
            self.now = at
            self.do(_FIRE)

    def step(self, command: SupportCommand) -> None:
        """One step of the log; a refusal is noted."""
        if isinstance(command, Reassign) and command.to in (self.state.owner, self.state.offered_to):
            return
        if isinstance(command, Reassign) and not self._directory.knows(command.to):
            self._refused.append(NotDone(command=command.kind, reason=f"`{command.to}` is not on the roster"))
            return
        if isinstance(command, Acknowledge) and command.by == OWNER and self.state.stage in _TAKEN:
            # The log says once more, or later than we did, that a person has the case.
            self._work.append(Work(at=self.now, person=self._person(), command=command.kind))
            return
        try:
            command = self._as_message(command)
            self._taken += self._take_first(command)
            named = replace(command, by=self._person()) if command.by == OWNER else command
            self.do(named)
        except CaseOver:
            self._escalate_again(command)
        except Refused as refusal:
            self._refused.append(NotDone(command=command.kind, reason=str(refusal)))
        else:
            self._work.append(Work(at=self.now, person=named.by, command=named.kind))

    def lived(self) -> Lived:
        return Lived(
            life=self._life,
            state=self.state,
            events=tuple(self._events),
            ended_at=self.now,
            work=tuple(self._work),
            taken=self._taken,
            lacks=tuple(self._lacks),
            refused=tuple(self._refused),
            violations=tuple(self._violations),
            doubled=doubled_thresholds(self._events),
            before=self._before,
        )

    @property
    def _booked_as(self) -> str:
        return self._life.open.ticket if self._before is None else self.state.escalation

    def _carry_out(self, request: Request) -> None:
        match request:
            case AssignOwner():
                self._answer(request)
            case ReleaseOwner(offer=offer):
                self._directory.release(self._booked_as, offer, self.now)
            case FindApprover():
                person = self._directory.approver(request, self.now) or ""
                self.do(RecordApprover(approval=request.approval, person=person))
            case _:
                assert_never(request)

    def _answer(self, wanted: AssignOwner) -> None:
        person = self._directory.book(self._booked_as, wanted, self.now)
        if person is None:
            if not (wanted.tried or wanted.person):  # the tier is skipped
                self._lacks.append((wanted.tier, self._directory.lack(wanted, self.now)))
            self.do(RecordNobodyAvailable(offer=wanted.offer))
        else:
            until = self._directory.on_shift_until(person, self.now) if wanted.tell_shift_end else None
            self.do(RecordAssignment(offer=wanted.offer, person=person, until=until))

    def _as_message(self, command: SupportCommand) -> SupportCommand:
        # What a customer says with a reopening is a message where the case is open, as the client sends it too.
        words = words_in(command, {}) if isinstance(command, Reopen) and self.state.stage in ACTIVE else None
        return words or command

    def _escalate_again(self, command: SupportCommand) -> None:
        # What the customer wrote after the end goes to the overseer, in the ticket's next escalation.
        words = words_in(command, self.state.offered)
        if words is None:
            raise TypeError(f"only what customers say can be too late, not {command.kind}")
        self._before = self.lived()
        view = view_of(self._before.state, self._policy)
        self._begin_anew()
        self.do(unjudged(next_request(view, words)))
        self.do(words)
        self._work.append(Work(at=self.now, person=words.by, command=command.kind))

    def _take_first(self, command: SupportCommand) -> bool:
        """The person with the offer takes the case first if the log has work on it."""
        offered = self.state.stage is Stage.OFFERED
        if command.by != OWNER or not offered or isinstance(command, Acknowledge | Decline):
            return False
        self.do(Acknowledge(by=self.state.offered_to, packet_read=True))
        return True

    def _person(self) -> str:
        return self.state.offered_to or self.state.owner or self.state.contact
