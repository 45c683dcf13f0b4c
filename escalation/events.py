"""What happened. Past-tense names; the only truth: folding them gives the state, exactly.

Each event is plain frozen data with its wire name in `kind` and its instant in `at` (aware UTC). Names and
fields that were ever written are never reused for something else; new fields get defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Discriminator

from escalation.commands import Customer, Option, Packet
from escalation.policy import PolicyRef
from escalation.vocabulary import (
    CancelCause,
    Category,
    ClimbCause,
    ClockName,
    CloseCause,
    MessageKind,
    Outcome,
    PauseCause,
    Reason,
    Severity,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What all events have.

    Attributes:
        at: When it happened, aware UTC.
    """

    at: datetime


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted(Happened):
    """Progress was written down."""

    kind: Literal["noted"] = "noted"
    by: str
    text: str
    tried: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerTold(Happened):
    """A person sent the customer an update."""

    kind: Literal["customer_told"] = "customer_told"
    by: str
    text: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested(Happened):
    """The customer was asked something."""

    kind: Literal["information_requested"] = "information_requested"
    by: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerReplied(Happened):
    """The customer wrote."""

    kind: Literal["customer_replied"] = "customer_replied"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(Happened):
    """A cause to wait began."""

    kind: Literal["paused"] = "paused"
    cause: PauseCause
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Happened):
    """A cause to wait ended."""

    kind: Literal["resumed"] = "resumed"
    cause: PauseCause
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(Happened):
    """The severity is another now.

    Attributes:
        restarted: Clocks that start a new cycle because the policy says so.
    """

    kind: Literal["severity_changed"] = "severity_changed"
    old: Severity
    new: Severity
    why: str
    by: str
    restarted: tuple[ClockName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FrustrationChanged(Happened):
    """The customer's frustration is judged differently now."""

    kind: Literal["frustration_changed"] = "frustration_changed"
    old: int
    new: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Happened):
    """The customer was given an ETA.

    Attributes:
        eta: The instant promised, aware UTC.
    """

    kind: Literal["promised"] = "promised"
    what: str
    eta: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseKept(Happened):
    """What was promised came in time."""

    kind: Literal["promise_kept"] = "promise_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLapsed(Happened):
    """The ETA passed without the promised thing."""

    kind: Literal["promise_lapsed"] = "promise_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsOffered(Happened):
    """The customer was given solutions to choose from."""

    kind: Literal["options_offered"] = "options_offered"
    options: tuple[Option, ...]
    default: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChosen(Happened):
    """An option was chosen, by the customer or by default."""

    kind: Literal["option_chosen"] = "option_chosen"
    option: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceLapsed(Happened):
    """The customer did not choose, and there was no default; it is the owner's turn."""

    kind: Literal["choice_lapsed"] = "choice_lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Happened):
    """A solution was recorded, or the customer never answered."""

    kind: Literal["resolved"] = "resolved"
    outcome: Outcome
    solution: str
    root_cause: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySent(Happened):
    """The customer was asked how it went."""

    kind: Literal["survey_sent"] = "survey_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(Happened):
    """The customer said how it went."""

    kind: Literal["survey_answered"] = "survey_answered"
    score: int
    comment: str
    satisfied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyExpired(Happened):
    """The survey was not answered."""

    kind: Literal["survey_expired"] = "survey_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Happened):
    """It was not solved; a new cycle began."""

    kind: Literal["reopened"] = "reopened"
    cycle: int
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """It is over.

    Attributes:
        review_due: Whether a review is asked for.
    """

    kind: Literal["closed"] = "closed"
    cause: CloseCause
    review_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenWindowEnded(Happened):
    """It can no longer be reopened."""

    kind: Literal["reopen_window_ended"] = "reopen_window_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Happened):
    """It was called off."""

    kind: Literal["cancelled"] = "cancelled"
    cause: CancelCause
    why: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Happened):
    """The team wrote down what it learned."""

    kind: Literal["reviewed"] = "reviewed"
    by: str
    root_cause: str
    prevention: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSkipped(Happened):
    """No review came."""

    kind: Literal["review_skipped"] = "review_skipped"


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


Event = Annotated[
    Opened
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
    | Noted
    | CustomerTold
    | InformationRequested
    | CustomerReplied
    | Paused
    | Resumed
    | SeverityChanged
    | FrustrationChanged
    | Promised
    | PromiseKept
    | PromiseLapsed
    | OptionsOffered
    | OptionChosen
    | ChoiceLapsed
    | Resolved
    | SurveySent
    | SurveyAnswered
    | SurveyExpired
    | Reopened
    | Closed
    | ReopenWindowEnded
    | Cancelled
    | Reviewed
    | ReviewSkipped
    | ThresholdReached
    | DueChanged
    | MessageQueued
    | DeliveryFailed,
    Discriminator("kind"),
]
"""Anything that can stand in a timeline."""

EVENTS: Mapping[str, type[Happened]] = {
    str(one.__dataclass_fields__["kind"].default): one for one in get_args(get_args(Event)[0])
}
"""Event types by wire name."""
