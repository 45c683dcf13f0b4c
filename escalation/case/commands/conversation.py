"""Commands of the conversation with the customer: updates, questions, promises, options, pauses, and notes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import FEW, PACKET, ActorId, Id, Line, LongText, Number, Remark, Within
from escalation.case.values import Option
from escalation.phrasing import called
from escalation.vocabulary import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Record progress; the customer does not see it.

    It counts as activity on the case.

    Attributes:
        text: What you did or found.
        tried: A step you took, kept for the hand-off packet.
        checked: Id of a checklist item that is done; repeat it for each.
        duplicate: Ticket that was cancelled as a duplicate of this case; the person who has the case is notified.
        undone: With a duplicate: the ticket is not one after all.
        apart: With a duplicate: its customer gets no answer in this case, for example because they are another customer.
    """

    labels = called(
        "Note progress",
        "Fortschritt notieren",
        text=(
            "What you did or found; the customer does not see it",
            "Was Sie getan oder gefunden haben; nur für das Team",
        ),
        duplicate=(
            "The ticket that was cancelled as a duplicate of this case; the person who has the case is notified",
            "Das Ticket, das als Duplikat dieses Falls beendet wurde; wer den Fall hat, wird benachrichtigt",
        ),
        undone=("With a duplicate: it is not one after all", "Mit einem Duplikat: Es ist doch keines"),
        apart=(
            "With a duplicate: its customer gets no answer in this case",
            "Mit einem Duplikat: Wer dort schrieb, bekommt in diesem Fall keine Antwort",
        ),
    )
    kind: Literal["note"] = "note"
    by: ActorId
    text: LongText
    tried: Remark = ""
    checked: Annotated[tuple[Id, ...], FEW] = ()
    duplicate: Id = ""
    undone: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCustomer:
    """Send the customer an update.

    Attributes:
        text: The update.
        next_step: What happens next.
        next_by: The instant by which it happens, with its offset; the next step becomes a promise.
        fulfils_promise: Mark the promise as kept by this update.
        replaces: With a time: replace the open promise; the letter says that the old one no longer applies.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called(
        "Write to the customer",
        "An die Kundin oder den Kunden schreiben",
        text=("Your message; they read it word for word", "Ihre Nachricht; sie wird Wort für Wort gelesen"),
    )
    kind: Literal["tell_customer"] = "tell_customer"
    by: ActorId
    text: LongText
    next_step: Remark = ""
    next_by: datetime | None = None
    fulfils_promise: bool = False
    replaces: bool = False
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """Ask the customer a question; the case waits for the answer.

    Attributes:
        question: The question; with a question set, the text above its questions.
        question_set: Name of a question set of the policy, in the customer's language.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called("Ask the customer", "Nachfragen")
    kind: Literal["request_information"] = "request_information"
    by: ActorId
    question: LongText = ""
    question_set: Id = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCustomerReply:
    """Record what the customer wrote.

    The case stops waiting for them. Messages over the contact limit are set aside for later, and the answer warns of that.

    Attributes:
        text: What they wrote.
        automatic: Mark it as automatic, such as an out-of-office reply; it is recorded and changes no clock.
        as_: What the message means; overrides the rules that read it.
        sounds: How frustrated they sound, 0 (calm) to 4 (furious); overrides the worker's own reading.
        for_superior: They ask for a person in charge: the case moves up, or the overseer is notified.
    """

    labels = called(
        "Record what the customer said",
        "Festhalten, was gesagt wurde",
        text=("What they said, word for word", "Was gesagt wurde, Wort für Wort"),
    )
    kind: Literal["customer_replied"] = "customer_replied"
    text: LongText
    by: ActorId = "customer"
    automatic: bool = False
    as_: Reading | None = None
    sounds: Annotated[Number, Within(0, 4)] | None = None
    for_superior: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBounce:
    """Report that a letter to the customer bounced; the clocks it had stopped run again.

    Attributes:
        key: Key of the letter, as the timeline shows it; without one, the latest letter, once.
        to: Id of the colleague whom the message was for; empty for a letter to the customer.
    """

    labels = called("Report that a letter came back", "Melden, dass ein Brief zurückkam")
    kind: Literal["delivery_bounced"] = "delivery_bounced"
    key: Line = ""
    by: ActorId
    to: Id = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFrustration:
    """Correct the customer's frustration, from 0 (calm) to 4 (furious).

    Attributes:
        level: How frustrated they are: 0 calm, 4 furious.
    """

    labels = called("Correct the frustration", "Verärgerung berichtigen")
    kind: Literal["change_frustration"] = "change_frustration"
    level: Annotated[Number, Within(0, 4)]
    by: ActorId


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePromise:
    """Give the customer an ETA; it can replace an open promise, but not be added to one.

    Attributes:
        what: What is promised.
        at: The promised instant, with its offset, such as 2026-03-27T16:00+01:00.
        replaces: Replace the open promise; the letter says that the old one no longer applies.
        why: Why the old one no longer applies, in words for the customer.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called(
        "Promise something",
        "Etwas zusagen",
        why=(
            "Why the open promise no longer holds, in words for the customer",
            "Warum die offene Zusage nicht mehr gilt, in Worten für die Kundin oder den Kunden",
        ),
        what=("What you promise", "Was Sie zusagen"),
    )
    kind: Literal["promise"] = "promise"
    what: Remark
    at: datetime
    by: ActorId
    replaces: bool = False
    why: Remark = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOptions:
    """Offer the customer solutions to choose from.

    Attributes:
        default: The option taken if the customer does not choose in time; if empty, the owner decides.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called("Offer solutions to choose from", "Lösungen zur Wahl stellen")
    kind: Literal["offer_options"] = "offer_options"
    options: Annotated[tuple[Option, ...], FEW, PACKET]
    by: ActorId
    default: Id = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Record the option that the customer chose, by its id.

    Attributes:
        option: Id of the option, as `status` shows it.
    """

    labels = called("Record the customer's choice", "Die Wahl festhalten")
    kind: Literal["choose"] = "choose"
    option: Id
    by: ActorId = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldUpdates:
    """Pause automatic updates to the customer for a time; every deadline keeps running.

    Attributes:
        until: When they resume automatically, as an instant with its offset; a new hold replaces this one.
        why: Why the customer gets no automatic updates until then.
    """

    labels = called("Hold automatic letters", "Automatische Briefe aussetzen")
    kind: Literal["hold_updates"] = "hold_updates"
    until: datetime
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Wait for a third party; clocks pause if the policy allows it.

    Attributes:
        why: Whom the case waits for, and for what.
    """

    labels = called(
        "Wait for a third party",
        "Auf Dritte warten",
        why=("Whom you wait for, and what they do", "Auf wen Sie warten und was dort geschieht"),
    )
    kind: Literal["pause"] = "pause"
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """End the wait for a third party; clocks continue."""

    labels = called("End the wait", "Das Warten beenden")
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
    | HoldUpdates
    | Pause
    | Resume
)
"""What is said to and by the customer, and noted among ourselves."""
