"""Events of clocks and messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.state_parts import Unanswered
from escalation.case.values import PolicyRef
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, ClockName, Errand


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdReached(Happened):
    """A threshold of a clock fired, once in its cycle.

    Attributes:
        due: The instant it was due, aware UTC; `at` is when it fired.
        breach: Whether a promise was broken by it.
        late: Whether it fired later than the policy tolerates.
        left_out: The letter that it asks for and that waits, because the customer is owed an answer first.
    """

    sentences = said(breach=("MISSED: {clock}, due {due}", "VERPASST: {clock}, fällig war {due}"))
    kind: Literal["threshold_reached"] = "threshold_reached"
    clock: ClockName
    cycle: int
    threshold: str
    due: datetime
    breach: bool
    late: bool
    left_out: MessageKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChanged(Happened):
    """A running clock's target is due at another instant than before; None stands for paused.

    Attributes:
        old: The due instant before, aware UTC.
        new: The due instant now, aware UTC.
        cause: Wire name of the event that changed it.
    """

    sentences = said(
        "{clock} due {new}: {cause}",
        "Frist: {clock}, fällig {new}",
        no_new=("{clock} paused: {cause}", "Frist angehalten: {clock}"),
    )
    is_machinery = True
    kind: Literal["due_changed"] = "due_changed"
    clock: ClockName
    cycle: int
    old: datetime | None
    new: datetime | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped(Happened):
    """A measured clock ended; how long it took, in both times.

    Attributes:
        started_at: The instant it counted from, aware UTC.
        business_seconds: What counted: open time, without its pauses.
        wall_seconds: What a watch would have shown.
        breached: Whether its promise was broken before.
        cause: Wire name of the event that ended it.
    """

    sentences = said(
        "{clock} ended: {cause}",
        "Frist zu Ende: {clock}",
        breached=("{clock} missed, now ended: {cause}", "Frist zu Ende, verpasst: {clock}"),
    )
    is_machinery = True
    kind: Literal["clock_stopped"] = "clock_stopped"
    clock: ClockName
    cycle: int
    started_at: datetime
    business_seconds: int
    wall_seconds: int
    breached: bool
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSet(Happened):
    """A person named the instant at which a running clock is due; it sticks until they take it back.

    Attributes:
        due: The instant, aware UTC; None leaves it to the policy again.
    """

    sentences = said(
        "{by} set the {clock} due {due}[: {why}]",
        "{by} hat die Frist gesetzt: {clock}, fällig {due}[: {why}]",
        no_due=(
            "{by} set the {clock} due as the policy says again[: {why}]",
            "{by} hat die Frist wieder der Richtlinie überlassen: {clock}[: {why}]",
        ),
    )
    kind: Literal["due_set"] = "due_set"
    clock: ClockName
    cycle: int
    due: datetime | None
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyApplied(Happened):
    """Another policy, another version of it, or another version of our own rules holds from now on.

    Attributes:
        restarted: Clocks that start a new cycle because the new policy says so.
        rules: Version of our own rules that the case follows now; see `escalation.lifecycle.rules_version`.
    """

    sentences = said("{by} applied {policy}[: {why}]", "{by} hat eine Richtlinie angewandt: {policy}[: {why}]")
    kind: Literal["policy_applied"] = "policy_applied"
    policy: PolicyRef
    why: str
    by: str
    restarted: tuple[ClockName, ...] = ()
    rules: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(Happened):
    """A message is on its way; the delivery ledger says what became of it.

    Attributes:
        key: Unique in the escalation; also the key under which receivers can recognise a repeat.
        to: `customer`, or a person's id.
        also: What else a letter says that was due at the same instant.
    """

    sentences = said(to_customer=("letter to the customer: {message}[, {also}]", "Brief: {message}[, {also}]"))
    kind: Literal["message_queued"] = "message_queued"
    key: str
    message: MessageKind
    to: str
    also: tuple[MessageKind, ...] = ()

    @property
    def to_customer(self) -> bool:
        """Whether it is a letter."""
        return self.to == CUSTOMER


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageHeld(Happened):
    """A message waits for the end of the recipient's quiet hours.

    Attributes:
        until: When it goes out, aware UTC.
    """

    sentences = said(
        "{message} to {to} is held until {until}, because of quiet hours",
        "{message} für {to} wird bis {until} zurückgehalten, wegen der Ruhezeit",
    )
    kind: Literal["message_held"] = "message_held"
    key: str
    message: MessageKind
    to: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagesReleased(Happened):
    """Messages that waited go out as one.

    Attributes:
        keys: Of all that waited.
        key: The key under which they go out; empty where nothing of them was left to say.
        message: What it is about; None where nothing goes out.
        also: What else it says.
        left_out: What was no longer true.
    """

    sentences = said(
        "what waited for {to} goes out as one: {message}[, {also}][; no longer needed: {left_out}]",
        "Was für {to} gewartet hatte, geht zusammen hinaus: {message}[, {also}][; nicht mehr nötig: {left_out}]",
        no_message=(
            "what was held for {to} does not go out[; no longer needed: {left_out}]",
            "Was für {to} gewartet hatte, geht nicht hinaus[; nicht mehr nötig: {left_out}]",
        ),
    )
    kind: Literal["messages_released"] = "messages_released"
    to: str
    keys: tuple[str, ...]
    key: str = ""
    message: MessageKind | None = None
    also: tuple[MessageKind, ...] = ()
    left_out: tuple[MessageKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingUpdateWithheld(Happened):
    """The interval for an update passed, and no holding update went out: the customer had several in a row, or a person holds them.

    Attributes:
        in_a_row: How many went out since a person wrote.
        ended: Whether it would have been the turn of one, but they have ended; staff are notified.
        held: Whether a person holds them.
    """

    sentences = said(
        "no automatic update to the customer, after {in_a_row} in a row without news",
        "Kein automatischer Brief, nach {in_a_row} hintereinander ohne Neues",
        held=(
            "no automatic update to the customer, because a person holds them",
            "Kein automatischer Brief, weil jemand sie zurückhält",
        ),
    )
    kind: Literal["holding_update_withheld"] = "holding_update_withheld"
    in_a_row: int
    ended: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(Happened):
    """Something beside the case could not be done in the stated time, or never can be."""

    sentences = said("GAVE UP: {what} ({error})", "AUFGEGEBEN: {what} ({error})")
    kind: Literal["gave_up"] = "gave_up"
    what: Errand
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Happened):
    """A message reached no one on any channel, or came back later.

    Attributes:
        restarted: Clocks that the message had ended and that run again from their old start.
        unanswered: What the customer said that the message had answered.
    """

    sentences = said("NOT DELIVERED: {key} to {to} ({error})", "NICHT ZUGESTELLT: {key} für {to} ({error})")
    kind: Literal["delivery_failed"] = "delivery_failed"
    key: str
    to: str
    error: str
    restarted: tuple[ClockName, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()


ClockworkEvent = (
    MessageQueued
    | ThresholdReached
    | ClockStopped
    | DueChanged
    | DueSet
    | PolicyApplied
    | DeliveryFailed
    | GaveUp
    | HoldingUpdateWithheld
    | MessageHeld
    | MessagesReleased
)
"""What clocks, policies and messages did."""
