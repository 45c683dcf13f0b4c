"""Inputs and outputs of activities: the wire contract between workflow and worker.

New fields get defaults; names already in a history are never reused.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.case.events import Event
from escalation.case.state import State
from escalation.case.values import PolicyRef
from escalation.incident.events import IncidentEvent
from escalation.incident.values import Outcome
from escalation.incident.view import IncidentSummary
from escalation.lifecycle.view import CaseView
from escalation.messages.effects import AssignOwner, FindApprover, Message
from escalation.policy import Policy
from escalation.vocabulary import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignInput:
    """Book a person for an offer of this escalation."""

    escalation: str
    request: AssignOwner


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The person who was booked, or None."""

    person: str | None = None
    until: datetime | None = None  # when their shift ends, aware, where that was asked for; None while nothing ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproverInput:
    """Find a person who can decide on a request of this escalation; no one is booked."""

    escalation: str
    request: FindApprover


@dataclass(frozen=True, slots=True, kw_only=True)
class Approver:
    """The person who can decide, or None."""

    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseInput:
    """Give back the booking of an offer of this escalation."""

    escalation: str
    offer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverInput:
    """Send this message of this escalation. The customer's data is in the record."""

    escalation: str
    message: Message
    channel: Channel  # to the customer, the channel; to a colleague, the one for those who have no order of their own
    turn: int = 0  # to a colleague, which of their addresses, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInput:
    """Append events to the timeline and replace the current view, in one transaction."""

    escalation: str
    first_seq: int  # number of the first event in its timeline; the others follow without a gap
    events: tuple[Event, ...]
    view: CaseView
    # when the workflow handed the batch over, aware UTC: its own time, the same in every repeat. Where two batches
    # contradict each other, the later one is the workflow's; the other is of a run that was reset
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Follow-up work after events were recorded."""

    settle: bool = False  # whether messages that were sent show now what is no longer true


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepTextInput:
    """Store a long text of this escalation outside its history; the same text is stored once."""

    escalation: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLifeInput:
    """Number an escalation of a ticket."""

    ticket: str
    run: str  # first run id of its workflow; the same run gets the same number again, also after a reset
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedLife:
    """The number of the escalation among those of its ticket, from 1."""

    life: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallInput:
    """One escalation of a ticket; life 0 is the latest."""

    ticket: str
    life: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """An escalation as the record has it."""

    state: State | None = None  # none where the record does not know it
    recent: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPolicyInput:
    """One version of a policy; 0 is the newest."""

    name: str
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPolicy:
    """A compiled policy and its exact name.

    Attributes:
        rules: Version of our own rules that cases follow from now on; see `escalation.lifecycle.rules_version`.
        pages: Address of the server with the pages, without a slash at the end; empty for none.
    """

    ref: PolicyRef
    policy: Policy
    rules: int = 1
    pages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandReport:
    """The result of an incident's errand."""

    outcomes: tuple[Outcome, ...] = ()  # one for each escalation; while it is under way, of those that are done
    pages: tuple[str, ...] = ()
    # version of our own rules that incidents follow from now on; see `escalation.lifecycle.rules_version`
    rules: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRecordInput:
    """Append events to the timeline of an incident, and replace its summary, in one transaction."""

    incident: str
    first_seq: int  # number of the first event in its timeline; the others follow without a gap
    events: tuple[IncidentEvent, ...]
    summary: IncidentSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyInput:
    """Apply what a source sent about a ticket."""

    source: str
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """Whether there is more to do."""

    has_more: bool = False  # whether more events are waiting
    again_in: float | None = None  # seconds until the first of them is to be tried again; None where none failed


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepInStepInput:
    """Keep the help desk's ticket in step with this ticket's newest escalation."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepInStepReport:
    """Whether there is more to do."""

    has_more: bool = False  # whether there is more to write
