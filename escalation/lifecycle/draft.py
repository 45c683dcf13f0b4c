"""An unfinished decision: each event is folded as it is drafted, so each step sees the effect of the previous one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from escalation.case.events import Event, MessageHeld, MessageQueued
from escalation.case.state import State
from escalation.clocks.answers import moved_targets, stopped_clocks
from escalation.clocks.deadlines import DeadlinesOf, Due, deadlines
from escalation.lifecycle.evolution import evolve
from escalation.message_kinds import Author, MessageKind
from escalation.messages import keys
from escalation.messages.authorship import author_of
from escalation.messages.effects import Deliver, Effect, Request
from escalation.messages.facts import CustomerFacts, Notices, Offer, Update
from escalation.messages.letters import Letter, due_at, to_customer, to_person
from escalation.messages.merging import AFTER_SEARCH, Drafted, merged
from escalation.messages.notices import Notice
from escalation.messages.obsolete import not_overtaken
from escalation.notice_kinds import NoticeKind
from escalation.people import PersonId, colleague
from escalation.phrasing import minute
from escalation.policy import Policy
from escalation.quiet_hours import Week
from escalation.vocabulary import CUSTOMER, ClockName


@dataclass(frozen=True, kw_only=True)  # no slots: `effects` is kept once it was asked for
class Decision:
    """The result of a command."""

    state: State  # the state after it: the one before with `events` folded
    policy: Policy  # the policy that holds from now on
    armed: Mapping[ClockName, Due]  # `deadlines` of the two
    events: tuple[Event, ...] = ()
    asked: tuple[Request | Letter, ...] = ()  # what the world has to do now, in order; messages are not written yet
    warnings: tuple[str, ...] = ()  # what the sender should know, a sentence each; the command was still executed

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """The side effects, in order; the same objects on every access."""
        return tuple([Deliver(message=one()) if callable(one) else one for one in self.asked])

    @property
    def requests(self) -> tuple[Request, ...]:
        """Those `effects` that get an answer; this renders no message."""
        return tuple([one for one in self.asked if not callable(one)])


class Draft:
    """Collects events and effects of one decision.

    Attributes:
        state: The state after the events drafted so far.
        now: The instant of the decision, aware UTC.
    """

    def __init__(self, state: State, policy: Policy, now: datetime, deadlines_of: DeadlinesOf = deadlines) -> None:
        """A draft that begins with this state."""
        self.state = state
        self.policy = policy
        self.now = now
        self._deadlines_of = deadlines_of
        self._events: list[Event] = []
        self._asked: list[Request | Letter] = []
        self._warnings: list[str] = []
        self._letters: list[Drafted] = []
        self._letter_at = 0
        self._notices: dict[PersonId, list[Notice]] = {}
        self._notice_keys: dict[PersonId, str] = {}

    @property
    def armed(self) -> Mapping[ClockName, Due]:
        """The next threshold of each clock now."""
        return self._deadlines_of(self.state, self.policy)

    @property
    def writes(self) -> bool:
        """Whether the customer gets a letter by this decision, which begins their clock of updates again."""
        return bool(self._letters)

    def due_at(self, clock: ClockName) -> datetime | None:
        """When the target of a running clock is due, aware UTC; None if there is no such instant."""
        return due_at(self.state, self.policy, clock)

    def record(self, event: Event, policy: Policy | None = None) -> None:
        """Record an event, and after it what it means for the clocks; another policy may hold from then on."""
        before, old = self.state, self.policy
        self._append(event)
        if policy is not None:
            self.policy = policy
        for stopped in stopped_clocks(before, self.state, old, event):
            self._append(stopped)
        for moved in moved_targets(before, self.state, old, self.policy, event):
            self._append(moved)

    def ask(self, request: Request) -> None:
        """Ask something of the world."""
        self._asked.append(request)

    def send(self, letter: Letter) -> None:
        """Send a message whose queueing is recorded already."""
        self._asked.append(letter)

    def warn(self, sentence: str) -> None:
        """Add a warning for the sender; the command is still executed."""
        self._warnings.append(sentence)

    def tell_customer(self, facts: CustomerFacts, *, key: str = "") -> None:
        """Send the customer a letter, one for each decision; it has the key of a threshold, or a number."""
        if not self._letters:
            self._letter_at = len(self._asked)
        self._letters.append(Drafted(facts=facts, key=key))

    def offer_to(self, person: str, facts: Callable[[], Offer]) -> None:
        """Ask a person to take the case; the facts are computed when the offer is written."""
        asked = colleague(person)
        if asked is None:
            raise AssertionError(f"`{person}` is a role, and the booking of a role is refused")
        key = self._queued(MessageKind.OFFER, asked, keys.offered(self.state.offer, asked))
        self._asked.append(to_person(key, asked, facts, self.policy, self._quiet_week()))

    def notify(self, person: str, notice: Notice, *, key: str = "") -> None:
        """Add a notice to a person; all their notices of one decision become one message.

        Args:
            person: Their id; no one is notified where it is empty or the name of a role.
            key: The business key, where a threshold causes it; the first one names the message.
        """
        notified = colleague(person)
        if notified is None:
            return
        self._notices.setdefault(notified, []).append(notice)
        if key:
            self._notice_keys.setdefault(notified, key)

    def finish(self) -> Decision:
        """The decision."""
        if self._letters:
            self._write_letter()
        armed = self.armed  # before the notices: notices to the team move no clock
        for person, notices in self._notices.items():
            key = keys.addressed(self._notice_keys.get(person) or self._numbered(MessageKind.NOTICE), person)
            self._queued(MessageKind.NOTICE, person, key)
            facts, week = (
                partial(Notices, notices=not_overtaken(notices)),
                self._quiet_week(*(one.kind for one in notices)),
            )
            self._asked.append(to_person(key, person, facts, self.policy, week))
        return Decision(
            state=self.state,
            policy=self.policy,
            armed=armed,
            events=tuple(self._events),
            asked=tuple(self._asked),
            warnings=tuple(self._warnings),
        )

    def _write_letter(self) -> None:
        letter, also = merged(self._letters)
        key, owed = letter.key or keys.addressed(self._numbered(letter.kind)), self.state.owes_apology
        said = (replace(letter.facts, new_contact=self.state.owes_contact), *also)
        kinds = tuple(one.kind for one in said)
        self._append(MessageQueued(at=self.now, key=key, message=letter.kind, to=CUSTOMER, also=kinds[1:]))
        until = self._customer_waits_until(said)
        if until is not None:
            if any(isinstance(one, Update) and one.next_by is not None and one.next_by <= until for one in said):
                self.warn(f"the customer reads it at {minute(until)}, after the time that it names")
            self._append(MessageHeld(at=self.now, key=key, message=letter.kind, to=CUSTOMER, until=until))
        written = to_customer(
            key,
            said,
            self.state,
            self.policy,
            admits_fault=owed and not self.state.owes_apology,
            not_before=until,
            after_search=until is None and AFTER_SEARCH.issuperset(kinds),
        )
        self._asked.insert(self._letter_at, written)

    def _customer_waits_until(self, said: Sequence[CustomerFacts]) -> datetime | None:
        # Until when a letter waits: for quiet hours to end, or with what still waits for that.
        quiet, state = self.policy.quiet_hours, self.state
        if any(author_of(one) is Author.PROGRAM_IN_ANSWER for one in said):
            return None
        kinds = [one.kind for one in said]
        until = quiet.customer_waits_until(kinds, state.severity, state.customer.zone, self.now)
        if until is None and not quiet.is_at_once(kinds, state.severity):
            until = max((one.until for one in state.held if one.to == CUSTOMER), default=None)
        return until

    def _quiet_week(self, *kinds: NoticeKind) -> Week:
        return self.policy.quiet_hours.staff_week(kinds, self.state.severity)

    def _numbered(self, kind: MessageKind) -> str:
        return keys.numbered(kind, self.state.sent.get(kind, 0) + 1)

    def _queued(self, kind: MessageKind, to: str, key: str) -> str:
        self._append(MessageQueued(at=self.now, key=key, message=kind, to=to))
        return key

    def _append(self, event: Event) -> None:
        self.state = evolve(self.state, event)
        self._events.append(event)
