"""Who was asked, who took it, where the case went on the ladder."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened
from escalation.case.values import Customer, Impact, Packet
from escalation.policy import PolicyRef
from escalation.triage.keeping import KeptVerdict
from escalation.vocabulary import Category, ClimbCause, LeftBehind, PauseCause, Reason, Severity

__all__ = [
    "Acknowledged",
    "AcknowledgementDecayed",
    "AssignmentDelayed",
    "Climbed",
    "Declined",
    "HandedOn",
    "LadderRestarted",
    "OfferLapsed",
    "Offered",
    "Opened",
    "OverseerHeld",
    "OwnerSought",
    "OwnershipEvent",
    "Reassigned",
    "ShiftEnded",
    "ShiftNoted",
    "TierSkipped",
    "Triaged",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """A ticket became an escalation.

    Attributes:
        since: Where the clocks count from an earlier instant than `at`, that instant, aware UTC.
        waiting_on: What it waited for already.
        question: What the customer was asked, if it waited for them.
        evidence: What led to severity, category and reasons, in the opener's words.
        subcategory: More exactly than the category; empty for none.
        undoes: Id of the escalation whose cancellation it undoes; empty for none.
        impact: How much of the customer's business is hit.
        rules: Version of our own rules that it follows; see `escalation.lifecycle.rules_version`.
        life: Which escalation of the ticket it is, from 1.
        customer_words: What the customer wrote, word for word; empty where no one passed it on.
    """

    kind: Literal["opened"] = "opened"
    ticket: str
    summary: str
    customer: Customer
    contact: str
    severity: Severity
    category: Category
    reasons: tuple[Reason, ...]
    tier: int
    policy: PolicyRef
    frustration: int
    our_fault: bool
    by: str
    since: datetime | None = None
    waiting_on: PauseCause | None = None
    question: str = ""
    evidence: tuple[str, ...] = ()
    subcategory: str = ""
    undoes: str = ""
    impact: Impact = field(default_factory=Impact)
    rules: int = 1
    life: int = 1
    customer_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triaged(Happened):
    """Triage had said that the ticket should escalate; as what, the opening says.

    Attributes:
        verdict: What led to it: the rules that matched and what they found.
    """

    kind: Literal["triaged"] = "triaged"
    verdict: KeptVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSought(Happened):
    """The search for an owner began; `offer` numbers the searches of this escalation from 1."""

    kind: Literal["owner_sought"] = "owner_sought"
    offer: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered(Happened):
    """A person was asked to take the case."""

    kind: Literal["offered"] = "offered"
    offer: int
    tier: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Happened):
    """The person took it and is the owner now.

    Attributes:
        packet_read: Whether they confirmed that they read the hand-off packet.
    """

    kind: Literal["acknowledged"] = "acknowledged"
    person: str
    packet_read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Happened):
    """The person gave the offer back."""

    kind: Literal["declined"] = "declined"
    person: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLapsed(Happened):
    """The person did not answer in time, or was not there."""

    kind: Literal["offer_lapsed"] = "offer_lapsed"
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementDecayed(Happened):
    """The owner showed no sign of progress; the case is taken back, with a packet for the next one."""

    kind: Literal["acknowledgement_decayed"] = "acknowledgement_decayed"
    person: str
    packet: Packet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNoted(Happened):
    """The end of the shift became known, of the owner or the person who has the offer.

    Attributes:
        until: The instant it ends, aware UTC.
    """

    kind: Literal["shift_noted"] = "shift_noted"
    person: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEnded(Happened):
    """The owner's shift ended; the case is handed over, with a packet for the next one."""

    kind: Literal["shift_ended"] = "shift_ended"
    person: str
    packet: Packet


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSkipped(Happened):
    """No one in the tier was available; it is skipped at once."""

    kind: Literal["tier_skipped"] = "tier_skipped"
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderRestarted(Happened):
    """The top tier was exhausted; the ladder is walked again."""

    kind: Literal["ladder_restarted"] = "ladder_restarted"
    round: int
    tier: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OverseerHeld(Happened):
    """No one took it; the overseer owns it.

    Attributes:
        unsaid: Whether they held it before and heard nothing this time, because reminders slow down.
    """

    kind: Literal["overseer_held"] = "overseer_held"
    person: str
    unsaid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDelayed(Happened):
    """The directory could not be asked; the search continues."""

    kind: Literal["assignment_delayed"] = "assignment_delayed"
    offer: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed(Happened):
    """The case moved up the ladder.

    Attributes:
        trigger: The hard reason that moved it, where one did; it is one of the case's reasons from then on.
    """

    kind: Literal["climbed"] = "climbed"
    from_tier: int
    to_tier: int
    cause: ClimbCause
    why: str
    packet: Packet
    by: str
    trigger: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Happened):
    """A particular person was named for the case; they get a packet too."""

    kind: Literal["reassigned"] = "reassigned"
    to: str
    why: str
    by: str
    packet: Packet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOn(Happened):
    """What a person who left still had to do went to another.

    Attributes:
        to: Who has it now.
        what: What that is; the new approver follows as `approver_asked`.
        adviser: Who is asked for advice instead; empty where no one else is left to ask, and the request ends.
    """

    kind: Literal["handed_on"] = "handed_on"
    person: str
    to: str
    what: tuple[LeftBehind, ...]
    why: str
    by: str
    adviser: str = ""


OwnershipEvent = (
    Opened
    | Triaged
    | OwnerSought
    | Offered
    | Acknowledged
    | Declined
    | OfferLapsed
    | AcknowledgementDecayed
    | TierSkipped
    | LadderRestarted
    | OverseerHeld
    | AssignmentDelayed
    | Climbed
    | Reassigned
    | HandedOn
    | ShiftNoted
    | ShiftEnded
)
"""Who has the case, and where on the ladder it is."""
