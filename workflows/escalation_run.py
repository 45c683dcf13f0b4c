"""One escalation while its workflow runs: its state, and what of it still has to reach the world."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from activities.contracts import LoadedPolicy
from escalation.case.commands import Cancel, Command, FireDueClocks, Open, Resolve
from escalation.case.events import Event
from escalation.case.state import State
from escalation.clocks.cache import DeadlineCache
from escalation.clocks.deadlines import Due, earliest
from escalation.errors import NoRoom
from escalation.lifecycle.answering import done
from escalation.lifecycle.decide import decide, decide_in_order
from escalation.lifecycle.draft import Decision
from escalation.lifecycle.held_messages import hold, release
from escalation.lifecycle.rehearsing import Rehearsal, rehearsed
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_with
from escalation.messages.effects import AssignOwner, Deliver, Effect, Message
from escalation.policy import Policy
from escalation.vocabulary import ClockName
from workflows.carried import Carried
from workflows.contract import Answer
from workflows.memory import RECENT_BYTES, Memory, size_of

RECENT_EVENTS = 200  # how many of the latest events the `timeline` query can answer with; the record has them all
MOST_WAITING = 400_000
"""Bytes of events and messages on their way, beyond which commands with long texts are refused.

What is handed over stays below 1 MiB, half of what the server takes.
"""
SHORT = 4_000
"""Bytes of a command that is accepted beyond that too, so that a case can still be acknowledged or answered."""
MOST_WAITING_OF_ALL = 600_000  # bytes on their way, beyond which every command is refused
MOST_UNKEPT = 1_800_000
"""Bytes of long texts on their way to the store, beyond which another one is refused: as much as one command may have."""
MOST_KEPT = 700_000
"""Bytes of the state, beyond which a case can only be ended: thousands of pauses or cycles, each of them short."""
CARRIED_EVENTS = 30  # how many of them are kept at continue-as-new


@dataclass(slots=True, kw_only=True)
class EscalationRun(Memory[Event, Answer]):
    """State, policy, and everything that is under way."""

    state: State
    policy: Policy
    # works out when clocks are due, and remembers it
    deadlines_of: DeadlineCache = field(default_factory=DeadlineCache)
    pending: dict[str, Effect] = field(default_factory=dict)  # effects started and not finished, by key
    # long texts that are not stored yet, oldest first. No run hands over to the next one before they are
    unkept: list[str] = field(default_factory=list)
    recent: deque[Event] = field(default_factory=lambda: deque(maxlen=RECENT_EVENTS))
    pages: str = ""  # address of the server with the pages; empty for none

    @classmethod
    def opened(cls, request: Open, loaded: LoadedPolicy, now: datetime, life: int) -> tuple["EscalationRun", Decision]:
        """A new escalation, and what follows from its opening.

        Raises:
            Refused: The request makes no sense.
        """
        decision = decide(None, request, policy=loaded.policy, ref=loaded.ref, now=now, rules=loaded.rules, life=life)
        case = cls(state=decision.state, policy=loaded.policy, pages=loaded.pages)
        case._remember(decision)
        return case, decision

    @classmethod
    def resumed(cls, carried: Carried) -> "EscalationRun":
        """The escalation as the run before left it."""
        return cls(
            state=carried.state,
            policy=carried.policy,
            pages=carried.pages,
            pending={effect.key: effect for effect in carried.effects},
            unrecorded=list(carried.unrecorded),
            recorded=carried.recorded,
            answers=dict(carried.answers),
            recent=deque(carried.recent, maxlen=RECENT_EVENTS),
        )

    @property
    def armed(self) -> Mapping[ClockName, Due]:
        """The next threshold of each clock."""
        return self.deadlines_of(self.state, self.policy)

    @property
    def due(self) -> Due | None:
        """The threshold that fires first."""
        return earliest(self.armed)

    def is_due(self, now: datetime) -> bool:
        """Whether a threshold has been reached at an instant, aware UTC."""
        return self.due is not None and self.due.at <= now

    @property
    def is_searching(self) -> bool:
        """Whether an owner is being looked for right now."""
        return any(isinstance(effect, AssignOwner) for effect in self.pending.values())

    @property
    def sending(self) -> int:
        """The number of effects on their way that do not wait for quiet hours to end."""
        held = [one for one in self.pending.values() if isinstance(one, Deliver) and one.message.not_before]
        return len(self.pending) - len(held)

    def waiting(self, to: str, now: datetime) -> tuple[Message, ...]:
        """The messages to someone that waited and may go out at an instant, aware UTC, the oldest first."""
        messages = (one.message for one in self.pending.values() if isinstance(one, Deliver) and one.message.to == to)
        return tuple(one for one in messages if one.waits and (one.not_before is None or one.not_before <= now))

    def release(self, to: str, now: datetime) -> tuple[Decision, ...]:
        """Send what waited for one reader as one message; what is due now is said in it too."""
        due = (self.apply(FireDueClocks(), now),) if self.is_due(now) else ()
        waited = self.waiting(to, now)
        released = release(waited, self.state, self.policy, now, deadlines_of=self.deadlines_of)
        for one in waited:
            del self.pending[one.key]
        return (*due, self._follow(released))

    def begin(self, message: Message) -> Deliver:
        """The effect of a message that has nothing left to wait for; from now on none other may take it along."""
        effect = Deliver(message=replace(message, after_search=False))
        self.pending[effect.key] = effect
        return effect

    def hold(self, message: Message, until: datetime, now: datetime) -> Decision:
        """Keep a message to a colleague until their quiet hours end, aware UTC."""
        return self._follow(hold(message, until, self.state, self.policy, now, deadlines_of=self.deadlines_of))

    def longest_wait(self, now: datetime, search_limit: timedelta) -> timedelta | None:
        """The time to wait for the next threshold; None where nothing is due, or the answer to a search comes first."""
        if self.due is None:
            return None
        left = self.due.at - now
        # The answer to a search comes first and mostly changes what is due: no timer for what is further off.
        return None if self.is_searching and left > search_limit else left

    @property
    def view(self) -> CaseView:
        """The current view."""
        return view_with(self.state, self.policy, self.due)

    def check(self, command: Command, now: datetime) -> None:
        """Refuse a command that would not be accepted; nothing changes."""
        _ = self._decide(command, now).effects

    def rehearse(self, command: Command, now: datetime) -> Rehearsal:
        """The letters the customer would get for the command; nothing changes.

        Raises:
            Refused: Nothing, for it would not be accepted.
        """
        return rehearsed(self._decide(command, now))

    def must_have_room(self, command: Command, long_texts: Sequence[str] = ()) -> None:
        """Refuse more while much waits for the record or for channels, so that one run can always hand over to the next.

        Args:
            command: What is about to be accepted, without its long texts.
            long_texts: Those texts.
        """
        if size_of((self.state,)) > MOST_KEPT and not isinstance(command, Cancel | Resolve):
            raise NoRoom("the case has become too long to continue; resolve or cancel it, and open the ticket again")
        waiting = size_of((*self.unrecorded, *self.pending.values()))
        is_short = not long_texts and size_of((command,)) <= SHORT
        if waiting > (MOST_WAITING_OF_ALL if is_short else MOST_WAITING):
            raise NoRoom(
                f"{waiting:,} bytes of this case wait for the database or for a mail relay that does not answer; "
                "send it again once they do"
            )
        if long_texts and self.unkept and size_of((*self.unkept, *long_texts)) > MOST_UNKEPT:
            raise NoRoom("a long text of this case waits for the database; send this one again once it answers")

    def apply(self, command: Command, now: datetime) -> Decision:
        """Decide, fold, and remember what has to reach the world.

        Raises:
            Refused: It cannot be done; nothing changed.
        """
        return self._follow(self._decide(command, now))

    def keep_apart(self, long_texts: Sequence[str]) -> None:
        """These texts are to be stored, each once; the command just applied has only their beginnings."""
        self.unkept.extend(text for text in long_texts if text not in self.unkept)

    def answer(self, command_id: str, decision: Decision, before: State) -> Answer:
        """The answer to a command just applied to the case as it was before, remembered under its id."""
        overseer = self.policy.ladder.overseer if self.state.incident else ""
        answer = Answer(
            stage=self.state.stage,
            seq=self.state.seq,
            warnings=decision.warnings,
            overseer=overseer,
            escalation=self.state.escalation,
            done=done(decision.events, before, self.state, self.policy),
        )
        return self.remember_answer(command_id, answer)

    def carried(self) -> Carried:
        """All that the next run needs."""
        return Carried(
            state=self.state,
            policy=self.policy,
            effects=tuple(self.pending.values()),
            unrecorded=tuple(self.unrecorded),
            recorded=self.recorded,
            answers=self.latest_answers(),
            recent=self.latest(CARRIED_EVENTS, RECENT_BYTES),
            pages=self.pages,
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing will ever happen by itself again, and all that happened has reached the world."""
        return not (self.state.is_open or self.due or self.pending or self.unrecorded)

    def _decide(self, command: Command, now: datetime) -> Decision:
        decided = decide_in_order if self.is_due(now) else decide
        return decided(self.state, command, policy=self.policy, now=now, deadlines_of=self.deadlines_of)

    def _follow(self, decision: Decision) -> Decision:
        _ = decision.effects  # letters are written here: where that fails, nothing has changed yet
        self.state, self.policy = decision.state, decision.policy
        self._remember(decision)
        return decision

    def _remember(self, decision: Decision) -> None:
        self.remember(decision.events)
        self.pending.update((effect.key, effect) for effect in decision.effects)
