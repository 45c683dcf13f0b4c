"""What happened. Past-tense names; the only truth: folding them gives the state, exactly.

Each event is plain frozen data with its wire name in `kind` and its instant in `at` (aware UTC). Names and
fields that were ever written are never reused for something else; new fields get defaults.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Discriminator

from escalation.events.base import Happened
from escalation.events.clockwork import DeliveryFailed, DueChanged, MessageQueued, ThresholdReached
from escalation.events.closing import (
    Cancelled,
    Closed,
    Reopened,
    ReopenWindowEnded,
    Resolved,
    Reviewed,
    ReviewSkipped,
    SurveyAnswered,
    SurveyExpired,
    SurveySent,
)
from escalation.events.conversation import (
    ChoiceLapsed,
    CustomerReplied,
    CustomerTold,
    FrustrationChanged,
    InformationRequested,
    Noted,
    OptionChosen,
    OptionsOffered,
    Paused,
    Promised,
    PromiseKept,
    PromiseLapsed,
    Resumed,
    SeverityChanged,
)
from escalation.events.ownership import (
    Acknowledged,
    AcknowledgementDecayed,
    AssignmentDelayed,
    Climbed,
    Declined,
    LadderRestarted,
    Offered,
    OfferLapsed,
    Opened,
    OverseerHeld,
    OwnerSought,
    Reassigned,
    TierSkipped,
)

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

__all__ = [
    "EVENTS",
    "Acknowledged",
    "AcknowledgementDecayed",
    "AssignmentDelayed",
    "Cancelled",
    "ChoiceLapsed",
    "Climbed",
    "Closed",
    "CustomerReplied",
    "CustomerTold",
    "Declined",
    "DeliveryFailed",
    "DueChanged",
    "Event",
    "FrustrationChanged",
    "Happened",
    "InformationRequested",
    "LadderRestarted",
    "MessageQueued",
    "Noted",
    "OfferLapsed",
    "Offered",
    "Opened",
    "OptionChosen",
    "OptionsOffered",
    "OverseerHeld",
    "OwnerSought",
    "Paused",
    "PromiseKept",
    "PromiseLapsed",
    "Promised",
    "Reassigned",
    "ReopenWindowEnded",
    "Reopened",
    "Resolved",
    "Resumed",
    "ReviewSkipped",
    "Reviewed",
    "SeverityChanged",
    "SurveyAnswered",
    "SurveyExpired",
    "SurveySent",
    "ThresholdReached",
    "TierSkipped",
]
