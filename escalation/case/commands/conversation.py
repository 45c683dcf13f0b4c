"""Commands about what is said, asked, promised, offered, waited for and judged."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import FEW, PACKET, ActorId, Id, Line, LongText, Number, Remark
from escalation.case.commands.values import Option


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Write down progress. The customer does not see it; it counts as a sign of life.

    Attributes:
        tried: A step that was taken, kept for the hand-off packet.
    """

    kind: Literal["note"] = "note"
    by: ActorId
    text: LongText
    tried: Remark = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCustomer:
    """Send the customer an update.

    Attributes:
        next_step: What happens next.
        next_by: When; becomes a promise.
        fulfils_promise: Whether this is what was promised.
    """

    kind: Literal["tell_customer"] = "tell_customer"
    by: ActorId
    text: LongText
    next_step: Remark = ""
    next_by: datetime | None = None
    fulfils_promise: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """Ask the customer something; the case waits on them until they answer."""

    kind: Literal["request_information"] = "request_information"
    by: ActorId
    question: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCustomerReply:
    """The customer wrote. Where that goes over a limit on contacts, it is kept and set aside, and the answer warns of it.

    Attributes:
        automatic: Whether a machine wrote it, such as an absence note: it is kept, answers nothing and moves no clock.
    """

    kind: Literal["customer_replied"] = "customer_replied"
    text: LongText
    by: ActorId = "customer"
    automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBounce:
    """A letter to the customer came back after it had been accepted.

    Attributes:
        key: The letter's key, as the timeline shows it; the latest letter where it is empty, unless that failed already.
    """

    kind: Literal["delivery_bounced"] = "delivery_bounced"
    key: Line = ""
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFrustration:
    """Correct how frustrated the customer is, 0 (calm) to 4 (furious)."""

    kind: Literal["change_frustration"] = "change_frustration"
    level: Number
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePromise:
    """Give the customer an ETA; it replaces one that has not lapsed."""

    kind: Literal["promise"] = "promise"
    what: Remark
    at: datetime
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOptions:
    """Offer the customer solutions to choose from.

    Attributes:
        default: The option taken when the customer does not choose in time; empty gives it back to the owner.
    """

    kind: Literal["offer_options"] = "offer_options"
    options: Annotated[tuple[Option, ...], FEW, PACKET]
    by: ActorId
    default: Id = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """The customer chose an option."""

    kind: Literal["choose"] = "choose"
    option: Id
    by: ActorId = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Wait for a third party; clocks that the policy lets pause stand still."""

    kind: Literal["pause"] = "pause"
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The third party delivered; clocks go on."""

    kind: Literal["resume"] = "resume"
    by: ActorId


ConversationCommand = (
    AddNote
    | TellCustomer
    | RequestInformation
    | RecordCustomerReply
    | RecordBounce
    | ChangeFrustration
    | MakePromise
    | OfferOptions
    | Choose
    | Pause
    | Resume
)
"""What is said to and by the customer, and noted among ourselves."""
