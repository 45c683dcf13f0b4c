"""Who was asked, who took it, where the case went on the ladder."""

from dataclasses import dataclass
from typing import Literal

from escalation.commands import Customer, Packet
from escalation.events.base import Happened
from escalation.policy import PolicyRef
from escalation.vocabulary import Category, ClimbCause, Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened(Happened):
    """A ticket became an escalation."""

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
    """The person took it and is the owner now."""

    kind: Literal["acknowledged"] = "acknowledged"
    person: str


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
    """The owner showed no sign of progress; the case is taken back."""

    kind: Literal["acknowledgement_decayed"] = "acknowledgement_decayed"
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierSkipped(Happened):
    """Nobody of the tier was there; it is passed over at once."""

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
    """Nobody took it; the overseer owns it."""

    kind: Literal["overseer_held"] = "overseer_held"
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentDelayed(Happened):
    """The directory could not be asked; the search goes on."""

    kind: Literal["assignment_delayed"] = "assignment_delayed"
    offer: int
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Climbed(Happened):
    """The case moved up the ladder."""

    kind: Literal["climbed"] = "climbed"
    from_tier: int
    to_tier: int
    cause: ClimbCause
    why: str
    packet: Packet
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reassigned(Happened):
    """A particular person was named for the case."""

    kind: Literal["reassigned"] = "reassigned"
    to: str
    why: str
    by: str
