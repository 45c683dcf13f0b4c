"""What may be asked of an escalation. Imperative names; `decide` answers with events or refuses.

Each command is plain frozen data with its wire name in `kind`. `by` is the id of the person who asks, or
`customer`, or `system`. The first group comes from support tools, the second from the workflow shell, which
reports what its activities and timers found.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from escalation.vocabulary import (
    SYSTEM,
    CancelCause,
    Category,
    Outcome,
    Reason,
    Severity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who the escalation is for.

    Attributes:
        id: The customer's id in the help desk.
        name: How to address them.
        address: Where messages go: a mail address.
        language: Language tag of their messages, such as `en`.
        zone: IANA zone in which times are told to them.
        tier: Their contract tier, matched by targets; empty for none.
    """

    id: str
    name: str
    address: str
    language: str = "en"
    zone: str = "UTC"
    tier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The hand-off packet: what the next owner must know, so that nobody starts again from nothing.

    Attributes:
        concern: What the customer needs, best in their own words.
        tried: Steps already taken.
        evidence: Errors seen, logs, links.
        proposed: Possible solutions.
    """

    concern: str
    tried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One solution offered to the customer.

    Attributes:
        id: Short, unique in its offer; what `Choose` names.
        title: What it is.
        pros: What speaks for it.
        cons: What speaks against it.
    """

    id: str
    title: str
    pros: str = ""
    cons: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Escalate a ticket."""

    kind: Literal["open"] = "open"
    ticket: str
    summary: str
    customer: Customer
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    by: str
    contact: str = ""
    frustration: int = 0
    our_fault: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Take the case that was offered."""

    kind: Literal["acknowledge"] = "acknowledge"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """Give the offer back; it goes to the next person at once."""

    kind: Literal["decline"] = "decline"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Write down progress. The customer does not see it; it counts as a sign of life.

    Attributes:
        tried: A step that was taken, kept for the hand-off packet.
    """

    kind: Literal["note"] = "note"
    by: str
    text: str
    tried: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCustomer:
    """Send the customer an update.

    Attributes:
        next_step: What happens next.
        next_by: When; becomes a promise.
        fulfils_promise: Whether this is what was promised.
    """

    kind: Literal["tell_customer"] = "tell_customer"
    by: str
    text: str
    next_step: str = ""
    next_by: datetime | None = None
    fulfils_promise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """Ask the customer something; the case waits on them until they answer."""

    kind: Literal["request_information"] = "request_information"
    by: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCustomerReply:
    """The customer wrote."""

    kind: Literal["customer_replied"] = "customer_replied"
    text: str
    by: str = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    """Correct the severity; running clocks get their new targets."""

    kind: Literal["change_severity"] = "change_severity"
    severity: Severity
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFrustration:
    """Correct how frustrated the customer is, 0 (calm) to 4 (furious)."""

    kind: Literal["change_frustration"] = "change_frustration"
    level: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePromise:
    """Give the customer an ETA; it replaces one that has not lapsed."""

    kind: Literal["promise"] = "promise"
    what: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOptions:
    """Offer the customer solutions to choose from.

    Attributes:
        default: The option taken when the customer does not choose in time; empty gives it back to the owner.
    """

    kind: Literal["offer_options"] = "offer_options"
    options: tuple[Option, ...]
    by: str
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The customer chose an option."""

    kind: Literal["choose"] = "choose"
    option: str
    by: str = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Hand the case to the next tier."""

    kind: Literal["escalate"] = "escalate"
    by: str
    why: str
    packet: Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassign:
    """Offer the case to a particular person."""

    kind: Literal["reassign"] = "reassign"
    to: str
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Wait for a third party; clocks that the policy lets pause stand still."""

    kind: Literal["pause"] = "pause"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The third party delivered; clocks go on."""

    kind: Literal["resume"] = "resume"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Record the solution and tell the customer."""

    kind: Literal["resolve"] = "resolve"
    by: str
    outcome: Outcome
    solution: str
    root_cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It is not solved after all: back to the previous owner, in a new cycle."""

    kind: Literal["reopen"] = "reopen"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """The customer answered the survey.

    Attributes:
        score: 1 (worst) to 5.
    """

    kind: Literal["answer_survey"] = "answer_survey"
    score: int
    comment: str = ""
    by: str = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Call the escalation off."""

    kind: Literal["cancel"] = "cancel"
    by: str
    cause: CancelCause
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview:
    """What the team learned from a closed escalation."""

    kind: Literal["submit_review"] = "submit_review"
    by: str
    root_cause: str
    prevention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FireDueClocks:
    """Carry out every threshold that is due now, in order."""

    kind: Literal["fire_due_clocks"] = "fire_due_clocks"
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssignment:
    """The directory booked a person for the offer."""

    kind: Literal["record_assignment"] = "record_assignment"
    offer: int
    person: str
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNobodyAvailable:
    """The directory found nobody for the offer."""

    kind: Literal["record_nobody_available"] = "record_nobody_available"
    offer: int
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssignmentDelayed:
    """The directory could not be asked for a while; the search goes on."""

    kind: Literal["record_assignment_delayed"] = "record_assignment_delayed"
    offer: int
    error: str
    by: str = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDeliveryFailed:
    """A message could not be delivered on any channel.

    Attributes:
        key: The message's key.
        error: What the last channel said; no addresses in it.
    """

    kind: Literal["record_delivery_failed"] = "record_delivery_failed"
    key: str
    to: str
    error: str
    by: str = SYSTEM


SupportCommand = (
    Acknowledge
    | Decline
    | AddNote
    | TellCustomer
    | RequestInformation
    | RecordCustomerReply
    | ChangeSeverity
    | ChangeFrustration
    | MakePromise
    | OfferOptions
    | Choose
    | Escalate
    | Reassign
    | Pause
    | Resume
    | Resolve
    | Reopen
    | AnswerSurvey
    | Cancel
    | SubmitReview
)
"""What support tools may ask of an open escalation."""

ShellCommand = FireDueClocks | RecordAssignment | RecordNobodyAvailable | RecordAssignmentDelayed | RecordDeliveryFailed
"""What the workflow shell reports."""

Command = Open | SupportCommand | ShellCommand


def wire_name(command_type: type[Command]) -> str:
    """The `kind` of a command type."""
    return str(command_type.__dataclass_fields__["kind"].default)


SUPPORT_COMMANDS: Mapping[str, type[SupportCommand]] = {wire_name(one): one for one in get_args(SupportCommand)}
"""Support commands by wire name."""
