"""What goes into activities and comes out of them: the wire contract between workflow and worker.

New fields get defaults; names already in a history are never reused.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.effects import AssignOwner, Message
from escalation.events import Event
from escalation.policy import Policy, PolicyRef
from escalation.view import CaseView
from escalation.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignInput:
    """Book somebody for an offer of this escalation."""

    escalation: str
    request: AssignOwner


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Who was booked; None when nobody fits."""

    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInput:
    """Give back the booking of an offer of this escalation."""

    escalation: str
    offer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverInput:
    """Send this message of this escalation on this channel. Who the customer is stands in the record."""

    escalation: str
    message: Message
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInput:
    """Append events to the timeline and replace the current view, in one transaction.

    Attributes:
        escalation: The escalation's id.
        first_seq: Number of the first event in its timeline; the others follow without a gap.
        events: In the order in which they happened.
        view: The escalation as it is after the last of them.
        as_of: When the workflow handed the batch over, aware UTC: its own time, the same in every repeat. Where two
            batches contradict each other, the later one is the workflow's; the other is of a task that was lost.
    """

    escalation: str
    first_seq: int
    events: tuple[Event, ...]
    view: CaseView
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPolicyInput:
    """Which policy; version 0 is the newest."""

    name: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPolicy:
    """A compiled policy and its exact name."""

    ref: PolicyRef
    policy: Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryInput:
    """Whose earlier escalations, as known before this one."""

    escalation: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerHistory:
    """What the record knows of a customer.

    Attributes:
        escalations: Ids of their other escalations, newest first, at most ten.
        total: How many there were.
        reopened: How many of them were reopened.
        breached: How many of them had a breach.
    """

    escalations: tuple[str, ...] = ()
    total: int = 0
    reopened: int = 0
    breached: int = 0
