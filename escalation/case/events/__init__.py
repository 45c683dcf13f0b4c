"""What happened. Past-tense names; the only truth: folding them gives the state, exactly.

Each event is plain frozen data with its wire name in `kind` and its instant in `at` (aware UTC). Names and
fields that were ever written are never reused for something else; new fields get defaults.
"""

from collections.abc import Mapping
from typing import Annotated, get_args

from pydantic import Discriminator

from escalation.case.events.base import Happened
from escalation.case.events.clockwork import (
    ClockStopped,
    ClockworkEvent,
    DeliveryFailed,
    DueChanged,
    DueSet,
    GaveUp,
    MessageQueued,
    PolicyApplied,
    ThresholdReached,
)
from escalation.case.events.closing import (
    Cancelled,
    Closed,
    ClosingEvent,
    Reopened,
    ReopenWindowEnded,
    Resolved,
    Reviewed,
    ReviewSkipped,
    SurveyAnswered,
    SurveyExpired,
    SurveySent,
)
from escalation.case.events.consulting import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApproverAsked,
    ConsultAnswered,
    Consulted,
    ConsultingEvent,
    GrantedWithinAuthority,
)
from escalation.case.events.conversation import (
    ChoiceLapsed,
    ConversationEvent,
    CustomerReplied,
    CustomerTold,
    FrustrationChanged,
    InformationRequested,
    MessagesPutForward,
    Noted,
    OptionChosen,
    OptionsOffered,
    Paused,
    Promised,
    PromiseKept,
    PromiseLapsed,
    Resumed,
    SeverityChanged,
    StepRepeated,
)
from escalation.case.events.linking import (
    BulletinRelayed,
    IncidentLinked,
    IncidentUnlinked,
    LinkingEvent,
    ProposalWithdrawn,
    ResolutionProposed,
)
from escalation.case.events.ownership import (
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
    OwnershipEvent,
    OwnerSought,
    Reassigned,
    ShiftEnded,
    ShiftNoted,
    TierSkipped,
    Triaged,
)

Event = Annotated[
    ClockworkEvent | OwnershipEvent | ConsultingEvent | ConversationEvent | ClosingEvent | LinkingEvent,
    Discriminator("kind"),
]
"""Anything that can be in a timeline."""

EVENTS: Mapping[str, type[Happened]] = {
    str(one.__dataclass_fields__["kind"].default): one for one in get_args(get_args(Event)[0])
}
"""Event types by wire name."""

__all__ = [
    "EVENTS",
    "Acknowledged",
    "AcknowledgementDecayed",
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalRequested",
    "ApproverAsked",
    "AssignmentDelayed",
    "BulletinRelayed",
    "Cancelled",
    "ChoiceLapsed",
    "Climbed",
    "ClockStopped",
    "ClockworkEvent",
    "Closed",
    "ClosingEvent",
    "ConsultAnswered",
    "Consulted",
    "ConsultingEvent",
    "ConversationEvent",
    "CustomerReplied",
    "CustomerTold",
    "Declined",
    "DeliveryFailed",
    "DueChanged",
    "DueSet",
    "Event",
    "FrustrationChanged",
    "GaveUp",
    "GrantedWithinAuthority",
    "Happened",
    "IncidentLinked",
    "IncidentUnlinked",
    "InformationRequested",
    "LadderRestarted",
    "LinkingEvent",
    "MessageQueued",
    "MessagesPutForward",
    "Noted",
    "OfferLapsed",
    "Offered",
    "Opened",
    "OptionChosen",
    "OptionsOffered",
    "OverseerHeld",
    "OwnerSought",
    "OwnershipEvent",
    "Paused",
    "PolicyApplied",
    "PromiseKept",
    "PromiseLapsed",
    "Promised",
    "ProposalWithdrawn",
    "Reassigned",
    "ReopenWindowEnded",
    "Reopened",
    "ResolutionProposed",
    "Resolved",
    "Resumed",
    "ReviewSkipped",
    "Reviewed",
    "SeverityChanged",
    "ShiftEnded",
    "ShiftNoted",
    "StepRepeated",
    "SurveyAnswered",
    "SurveyExpired",
    "SurveySent",
    "ThresholdReached",
    "TierSkipped",
    "Triaged",
]
