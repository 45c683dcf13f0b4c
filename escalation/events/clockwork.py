"""What clocks did, and what became of messages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.events.base import Happened
from escalation.vocabulary import ClockName, MessageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdReached(Happened):
    """A threshold of a clock fired, once in its cycle.

    Attributes:
        due: The instant it was due, aware UTC; `at` is when it fired.
        breach: Whether a promise was broken by it.
        late: Whether it fired later than the policy tolerates.
    """

    kind: Literal["threshold_reached"] = "threshold_reached"
    clock: ClockName
    cycle: int
    threshold: str
    due: datetime
    breach: bool
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DueChanged(Happened):
    """A running clock's target falls due at another instant than before; None stands for paused.

    Attributes:
        old: The due instant before, aware UTC.
        new: The due instant now, aware UTC.
        cause: Wire name of the event that changed it.
    """

    kind: Literal["due_changed"] = "due_changed"
    clock: ClockName
    cycle: int
    old: datetime | None
    new: datetime | None
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(Happened):
    """A message is on its way; the delivery ledger says what became of it.

    Attributes:
        key: Unique in the escalation; also the key under which receivers can recognise a repeat.
        to: `customer`, or a person's id.
    """

    kind: Literal["message_queued"] = "message_queued"
    key: str
    message: MessageKind
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Happened):
    """A message reached nobody on any channel."""

    kind: Literal["delivery_failed"] = "delivery_failed"
    key: str
    to: str
    error: str
