"""What each message says beyond the case itself: one type per kind of message, told apart by `kind`.

Values stay what they are, instants and enums and whole options, until a template puts them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator

from escalation.case.values import Impact, Option, OutcomeItem
from escalation.guidance import QuestionSet
from escalation.messages.notices import Notice
from escalation.messages.shown import PersonRef, Prose
from escalation.triage.keeping import History
from escalation.vocabulary import ApprovalKind, CancelCause, ClimbCause, MessageKind, Outcome, Reason, Withdrawable


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysWhenNext:
    """What comes next, by when, and what is still open: of every letter to the customer, filled in when it is rendered.

    Attributes:
        next_update_at: By when the customer hears from us again; the letter itself restarts that clock.
        known_owner: The owner the customer knows, while there is none.
        promise: What they were promised last, while that is still to come.
        promise_by: When it is due.
        asked: The question they have not answered; the beginning of a long one.
        remind_at: When they get a reminder of it.
        closes_at: When the case is paused without their answer.
        choices: Titles of the options they have not chosen from.
        choice_default: The title of the one that is taken where they do not choose.
        choose_by: By when they choose.
        pending: What a colleague has to approve for them.
        pending_amount: In whole units of the currency; 0 where it is not about money.
        decided_by: By when that is decided.
        reopen_until_at: Until when a reply reopens the case.
        check_back_at: When we ask whether all is well.
        currency: Of the amounts, such as `EUR`; empty where the policy names none.
    """

    next_update_at: datetime | None = None
    known_owner: PersonRef = ""
    promise: str = ""
    promise_by: datetime | None = None
    asked: str = ""
    remind_at: datetime | None = None
    closes_at: datetime | None = None
    choices: tuple[str, ...] = ()
    choice_default: str = ""
    choose_by: datetime | None = None
    pending: ApprovalKind | None = None
    pending_amount: int = 0
    decided_by: datetime | None = None
    reopen_until_at: datetime | None = None
    check_back_at: datetime | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(SaysWhenNext):
    """The case was opened.

    Attributes:
        undoes_cancel: Whether it continues one that was cancelled by mistake.
    """

    kind: Literal[MessageKind.RECEIPT] = MessageKind.RECEIPT
    undoes_cancel: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(SaysWhenNext):
    """The case moved up.

    Attributes:
        tier_words: What the policy has letters call the people there, by language.
    """

    kind: Literal[MessageKind.ESCALATED] = MessageKind.ESCALATED
    why: ClimbCause | Reason
    tier_name: str = ""
    tier_words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(SaysWhenNext):
    """A person answers for the case, the first one or another one.

    Attributes:
        owner: By name: another person may have the case when the letter is written.
        before: The owner the customer knew; empty for the first one.
    """

    kind: Literal[MessageKind.OWNER_CHANGED] = MessageKind.OWNER_CHANGED
    owner: PersonRef
    before: PersonRef = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingUpdate(SaysWhenNext):
    """There is no news.

    Attributes:
        is_rarer: Whether such letters come less often from now on.
        is_last: Whether no other one comes until a person has written.
    """

    kind: Literal[MessageKind.HOLDING_UPDATE] = MessageKind.HOLDING_UPDATE
    is_rarer: bool = False
    is_last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(SaysWhenNext):
    """News that a person wrote."""

    kind: Literal[MessageKind.UPDATE] = MessageKind.UPDATE
    text: Prose
    next_step: Prose = ""
    next_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayNotice(SaysWhenNext):
    """A promise was not kept."""

    kind: Literal[MessageKind.DELAY_NOTICE] = MessageKind.DELAY_NOTICE
    what: str
    promised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(SaysWhenNext):
    """A question to the customer."""

    kind: Literal[MessageKind.QUESTION] = MessageKind.QUESTION
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReminder(SaysWhenNext):
    """The question is not answered yet."""

    kind: Literal[MessageKind.QUESTION_REMINDER] = MessageKind.QUESTION_REMINDER
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(SaysWhenNext):
    """Solutions to choose from.

    Attributes:
        default: Id of the option that is taken where the customer does not choose; empty for none.
    """

    kind: Literal[MessageKind.OPTIONS, MessageKind.OPTIONS_REMINDER] = MessageKind.OPTIONS
    options: tuple[Option, ...]
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChosen(SaysWhenNext):
    """A solution was chosen: by the customer, or for them because they did not choose.

    Attributes:
        option: Its title.
        by_default: Whether it was chosen for them.
    """

    kind: Literal[MessageKind.OPTION_CHOSEN] = MessageKind.OPTION_CHOSEN
    option: str
    by_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(SaysWhenNext):
    """What was said before no longer holds.

    Attributes:
        subject: What was promised or asked; empty for options.
        promised_at: For when, where it is a promise.
    """

    kind: Literal[MessageKind.WITHDRAWN] = MessageKind.WITHDRAWN
    withdrawn: Withdrawable
    subject: Prose
    explanation: Prose
    promised_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(SaysWhenNext):
    """The case is resolved."""

    kind: Literal[MessageKind.RESOLVED] = MessageKind.RESOLVED
    solution: Prose
    outcome: Outcome
    items: tuple[OutcomeItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply(SaysWhenNext):
    """The case is paused because the customer did not answer."""

    kind: Literal[MessageKind.NO_REPLY] = MessageKind.NO_REPLY
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(SaysWhenNext):
    """Whether the solution has held, with or without the survey."""

    kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY] = MessageKind.FOLLOW_UP
    solution: Prose
    outcome: Outcome = Outcome.SOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks(SaysWhenNext):
    """The customer answered the survey, or wrote after the solution where the policy only thanks for that.

    Attributes:
        score: 1 to 5; 0 for a message.
        satisfied: Whether the policy counts the answer as satisfied.
        answered_by: By when a colleague answers a customer who is not satisfied.
    """

    kind: Literal[MessageKind.THANKS] = MessageKind.THANKS
    score: int = 0
    satisfied: bool = True
    answered_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(SaysWhenNext):
    """The case continues.

    Attributes:
        why: In the customer's own words; empty where a colleague reopened it.
        asked_owner: Who had it before and is asked to continue; empty for no one.
        unclear: Whether the customer may only have written something more, and nothing is known to be wrong.
    """

    kind: Literal[MessageKind.REOPENED] = MessageKind.REOPENED
    why: str = ""
    asked_owner: PersonRef = ""
    unclear: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(SaysWhenNext):
    """The case is closed.

    Attributes:
        confirmed: Whether the customer has just said that it works.
    """

    kind: Literal[MessageKind.CLOSED] = MessageKind.CLOSED
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(SaysWhenNext):
    """The case was called off."""

    kind: Literal[MessageKind.CANCELLED] = MessageKind.CANCELLED
    cause: CancelCause
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted(SaysWhenNext):
    """What was asked for is granted.

    Attributes:
        amount: In whole units of the currency; 0 where it is not about money.
    """

    kind: Literal[MessageKind.APPROVAL_GRANTED] = MessageKind.APPROVAL_GRANTED
    approval: ApprovalKind
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(SaysWhenNext):
    """What was asked for is refused."""

    kind: Literal[MessageKind.APPROVAL_REFUSED] = MessageKind.APPROVAL_REFUSED
    approval: ApprovalKind
    amount: int = 0
    explanation: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimited(SaysWhenNext):
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
        impact: How much of the customer's business is hit.
        history: Other escalations of the customer; None where no one looked.
        to_ask: Question sets for such a case.
        to_check: What has to be done before the case is resolved.
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
    impact: Impact = field(default_factory=Impact)
    history: History | None = None
    to_ask: tuple[QuestionSet, ...] = ()
    to_check: tuple[str, ...] = ()


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
    | OptionChosen
    | Withdrawn
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
