"""What each message says beyond the case itself: one type per kind of message, told apart by `kind`.

Values stay what they are, instants and enums and whole options, until a template puts them into words.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator

from escalation.case.commands import Option
from escalation.messages.notices import Notice
from escalation.messages.shown import PersonRef, Prose
from escalation.vocabulary import ApprovalKind, CancelCause, ClimbCause, MessageKind, Outcome, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysWhenNext:
    """Says by when the customer hears from us again.

    Attributes:
        next_update_at: Filled in when the letter is rendered, because the letter itself restarts that clock.
    """

    next_update_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(SaysWhenNext):
    """The case was opened."""

    kind: Literal[MessageKind.RECEIPT] = MessageKind.RECEIPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(SaysWhenNext):
    """The case moved up."""

    kind: Literal[MessageKind.ESCALATED] = MessageKind.ESCALATED
    why: ClimbCause | Reason
    tier_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(SaysWhenNext):
    """Another person answers for the case.

    Attributes:
        owner: By name: another person may have the case when the letter is written.
    """

    kind: Literal[MessageKind.OWNER_CHANGED] = MessageKind.OWNER_CHANGED
    owner: PersonRef


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingUpdate(SaysWhenNext):
    """There is no news."""

    kind: Literal[MessageKind.HOLDING_UPDATE] = MessageKind.HOLDING_UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """News that a person wrote."""

    kind: Literal[MessageKind.UPDATE] = MessageKind.UPDATE
    text: Prose
    next_step: Prose = ""
    next_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayNotice:
    """A promise was not kept."""

    kind: Literal[MessageKind.DELAY_NOTICE] = MessageKind.DELAY_NOTICE
    what: str
    promised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question to the customer."""

    kind: Literal[MessageKind.QUESTION] = MessageKind.QUESTION
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReminder:
    """The question is not answered yet."""

    kind: Literal[MessageKind.QUESTION_REMINDER] = MessageKind.QUESTION_REMINDER
    question: Prose
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Solutions to choose from.

    Attributes:
        default: Id of the option that is taken where the customer does not choose; empty for none.
    """

    kind: Literal[MessageKind.OPTIONS, MessageKind.OPTIONS_REMINDER] = MessageKind.OPTIONS
    options: tuple[Option, ...]
    default: str = ""
    choose_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The case is resolved."""

    kind: Literal[MessageKind.RESOLVED] = MessageKind.RESOLVED
    solution: Prose
    outcome: Outcome
    reopen_until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply:
    """The case is paused because the customer did not answer."""

    kind: Literal[MessageKind.NO_REPLY] = MessageKind.NO_REPLY
    question: Prose
    reopen_until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Whether the solution has held, with or without the survey."""

    kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY] = MessageKind.FOLLOW_UP
    solution: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """The survey was answered, 1 to 5."""

    kind: Literal[MessageKind.THANKS] = MessageKind.THANKS
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """The case continues.

    Attributes:
        why: In the customer's own words; empty where a colleague reopened it.
    """

    kind: Literal[MessageKind.REOPENED] = MessageKind.REOPENED
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The case is closed."""

    kind: Literal[MessageKind.CLOSED] = MessageKind.CLOSED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """The case was called off."""

    kind: Literal[MessageKind.CANCELLED] = MessageKind.CANCELLED
    cause: CancelCause


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted:
    """What was asked for is granted."""

    kind: Literal[MessageKind.APPROVAL_GRANTED] = MessageKind.APPROVAL_GRANTED
    approval: ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused:
    """What was asked for is refused."""

    kind: Literal[MessageKind.APPROVAL_REFUSED] = MessageKind.APPROVAL_REFUSED
    approval: ApprovalKind
    explanation: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimited:
    """The customer writes more often than a limit allows.

    Attributes:
        read_at: When the messages are read together.
        answered_by: By when they are answered; None where the policy promises no answer.
    """

    kind: Literal[MessageKind.CONTACT_LIMITED] = MessageKind.CONTACT_LIMITED
    read_at: datetime
    answered_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A person of the team is asked to take the case.

    Attributes:
        why: Why it comes to them, in the words of a person.
        answer_by: By when the customer is to have an answer; None where that was done, or no clock says so.
        solve_by: By when they are to have a solution; None while that clock is paused.
        must_confirm: Whether they have to confirm that they have read the packet.
    """

    kind: Literal[MessageKind.OFFER] = MessageKind.OFFER
    tier_name: str
    acknowledge_by: datetime | None = None
    answer_by: datetime | None = None
    solve_by: datetime | None = None
    why: str = ""
    concern: Prose = ""
    tried: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    no_evidence: Prose = ""
    proposed: tuple[str, ...] = ()
    must_confirm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """All notices of one decision to one person."""

    kind: Literal[MessageKind.NOTICE] = MessageKind.NOTICE
    notices: tuple[Notice, ...]


CustomerFacts: TypeAlias = (
    Receipt
    | Escalated
    | OwnerChanged
    | HoldingUpdate
    | Update
    | DelayNotice
    | Question
    | QuestionReminder
    | Options
    | Resolved
    | NoReply
    | FollowUp
    | Thanks
    | Reopened
    | Closed
    | Cancelled
    | ApprovalGranted
    | ApprovalRefused
    | ContactLimited
)
"""What the customer may read."""

StaffFacts: TypeAlias = Offer | Notices
"""What only people of the team may read."""

Facts: TypeAlias = Annotated[CustomerFacts | StaffFacts, Discriminator("kind")]
