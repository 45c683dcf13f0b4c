"""A decision in the making: events are folded as they are drafted, so each step sees what the one before did."""

from dataclasses import dataclass, field
from datetime import datetime

from escalation.deadlines import target_instant
from escalation.effects import Deliver, Effect, Message, Notice
from escalation.events import DueChanged, Event, MessageQueued
from escalation.evolution import evolve
from escalation.policy import Policy
from escalation.state import State
from escalation.vocabulary import CUSTOMER, ClockName, MessageKind

RETARGETING = frozenset(
    {
        *("information_requested", "customer_replied", "paused", "resumed", "severity_changed"),
        *("owner_sought", "offered", "overseer_held"),  # they end a wait for the customer
    }
)
"""Events after which a clock that runs on may fall due at another instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What follows from a command.

    Attributes:
        events: What happened, in order; fold them.
        effects: What the world has to do now.
    """

    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(slots=True)
class Draft:
    """Collects events and effects of one decision.

    Attributes:
        state: The state after the events drafted so far.
        now: The instant of the decision, aware UTC.
    """

    state: State
    policy: Policy
    now: datetime
    _events: list[Event] = field(default_factory=list)
    _effects: list[Effect] = field(default_factory=list)
    _notices: dict[str, list[Notice]] = field(default_factory=dict)
    _notice_keys: dict[str, str] = field(default_factory=dict)

    def record(self, event: Event) -> None:
        """Something happened."""
        dues = _targets(self.state, self.policy) if event.kind in RETARGETING else {}
        self._append(event)
        for clock, (cycle, old) in dues.items():
            run = self.state.runs.get(clock)
            if run is None or run.cycle != cycle:
                continue
            new = target_instant(self.state, self.policy, clock)
            if new != old:
                self._append(DueChanged(at=self.now, clock=clock, cycle=cycle, old=old, new=new, cause=event.kind))

    def ask(self, effect: Effect) -> None:
        """The world has to do something."""
        self._effects.append(effect)

    def tell_customer(self, kind: MessageKind, *, key: str = "", **facts: str) -> None:
        """Send the customer a message.

        Args:
            kind: Which one.
            key: The business key, where a threshold causes it; otherwise it is numbered.
            facts: What the template needs; empty ones are left out.
        """
        key = key or f"{kind}/{self.state.sent.get(kind, 0) + 1}/{CUSTOMER}"
        self._deliver(
            Message(
                key=key,
                message=kind,
                to=CUSTOMER,
                channels=self.policy.customer_channels,
                facts={name: fact for name, fact in facts.items() if fact},
            )
        )

    def offer_to(self, person: str, key: str, **facts: str) -> None:
        """Ask a person to take the case."""
        self._deliver(
            Message(
                key=key,
                message=MessageKind.OFFER,
                to=person,
                channels=self.policy.staff_channels,
                facts={name: fact for name, fact in facts.items() if fact},
            )
        )

    def notify(self, person: str, notice: Notice, *, key: str = "") -> None:
        """Tell a person of the team something; all they are told by one decision is one message.

        Args:
            person: Their id; nobody is told where it is empty.
            notice: What they are told.
            key: The business key, where a threshold causes it; the first one names the message.
        """
        if not person:
            return
        self._notices.setdefault(person, []).append(notice)
        if key:
            self._notice_keys.setdefault(person, key)

    def finish(self) -> Decision:
        """The decision."""
        for person, notices in self._notices.items():
            number = self.state.sent.get(MessageKind.NOTICE, 0) + 1
            key = self._notice_keys.get(person) or f"{MessageKind.NOTICE}/{number}"
            self._deliver(
                Message(
                    key=f"{key}/{person}",
                    message=MessageKind.NOTICE,
                    to=person,
                    channels=self.policy.staff_channels,
                    notices=tuple(notices),
                )
            )
        return Decision(events=tuple(self._events), effects=tuple(self._effects))

    def _deliver(self, message: Message) -> None:
        self._append(MessageQueued(at=self.now, key=message.key, message=message.message, to=message.to))
        self.ask(Deliver(message=message))

    def _append(self, event: Event) -> None:
        self.state = evolve(self.state, event)
        self._events.append(event)


def _targets(state: State, policy: Policy) -> dict[ClockName, tuple[int, datetime | None]]:
    return {clock: (run.cycle, target_instant(state, policy, clock)) for clock, run in state.runs.items()}
