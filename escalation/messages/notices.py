"""The content of a notice to a person in the team: one type for all kinds with the same facts, distinguished by `kind`.

A notice that is about an instant names it as `due`; one that is sent later than it should have been is `late`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator

from escalation.business_time import Duration
from escalation.clock_rules import Basis
from escalation.messages.shown import PersonRef
from escalation.vocabulary import (
    ApprovalKind,
    Category,
    ClockName,
    CloseCause,
    Errand,
    MessageKind,
    NoticeKind,
    Outcome,
    Reason,
    Severity,
)

ClockNoticeKind: TypeAlias = Literal[
    NoticeKind.REMINDER,
    NoticeKind.WARNING,
    NoticeKind.BREACH,
    NoticeKind.OFFER_LAPSED,
    NoticeKind.RELEASED,
    NoticeKind.PROMISE_LAPSED,
    NoticeKind.HOLDING_UPDATE_SENT,
    NoticeKind.CHECK_BACK,
    NoticeKind.REVIEW_DUE,
    NoticeKind.REVIEW_SKIPPED,
    NoticeKind.SHIFT_ENDED,
]

ActionNoticeKind: TypeAlias = Literal[NoticeKind.ACTION_AGREED, NoticeKind.ACTION_DUE, NoticeKind.ACTION_OVERDUE]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Notice:
    due: datetime | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A request for approval.

    Attributes:
        amount: In whole units of the policy's currency; 0 where the request is not about money.
        by: Who asked.
        why: In their words.
    """

    what: ApprovalKind
    amount: int
    by: PersonRef
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(_Notice):
    """A clock has reached one of its thresholds.

    Attributes:
        basis: What the threshold is measured from.
        percent: With `Basis.PERCENT`, the share of the target.
        by: With the other bases, how long before or after.
        approval: What is asked for, where the clock is about that.
    """

    kind: ClockNoticeKind
    clock: ClockName
    basis: Basis = Basis.PERCENT
    percent: int = 100
    by: Duration | None = None
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesSlowed(_Notice):
    """Automatic updates to the customer are rarer from now on, or have ended.

    Attributes:
        in_a_row: How many went out since a person wrote.
        next_by: By when the next one goes out, aware UTC; None for none.
    """

    kind: Literal[NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED]
    in_a_row: int
    next_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(_Notice):
    """What a person wrote, or what something is called."""

    kind: Literal[
        NoticeKind.CUSTOMER_REPLIED,
        NoticeKind.CUSTOMER_THANKED,
        NoticeKind.FOR_OVERSEER,
        NoticeKind.UNANSWERED,
        NoticeKind.CANCELLED,
        NoticeKind.CLIMBED,
        NoticeKind.TIER_SKIPPED,
        NoticeKind.OPTION_CHOSEN,
        NoticeKind.RESOLUTION_PROPOSED,
        NoticeKind.PROPOSAL_WITHDRAWN,
        NoticeKind.CONSULTED,
        NoticeKind.GIVEN_BACK,
    ]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(_Notice):
    """Facts of the case were corrected.

    Attributes:
        colleague: Who did it.
        changed: Names of the fields of `escalation.case.commands.Particulars` that changed.
    """

    kind: Literal[NoticeKind.CORRECTED] = NoticeKind.CORRECTED
    colleague: PersonRef
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(_Notice):
    """A colleague's advice.

    Attributes:
        colleague: Who was asked.
        text: The answer; the question while there is none.
    """

    kind: Literal[NoticeKind.CONSULT_ANSWERED, NoticeKind.CONSULT_OVERDUE]
    colleague: PersonRef
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(_Notice):
    """A request for approval, and why it was refused where it was."""

    kind: Literal[
        NoticeKind.APPROVAL_ASKED,
        NoticeKind.APPROVAL_GRANTED,
        NoticeKind.APPROVAL_REFUSED,
        NoticeKind.APPROVAL_OVERDUE,
    ]
    approval: Approval
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLongerNeeded(_Notice):
    """What need not be answered any more: a question, or a request for approval."""

    kind: Literal[NoticeKind.NO_LONGER_NEEDED] = NoticeKind.NO_LONGER_NEEDED
    question: str = ""
    approval: Approval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverseerHolds(_Notice):
    """No one took the case."""

    kind: Literal[NoticeKind.OVERSEER_HOLDS] = NoticeKind.OVERSEER_HOLDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(_Notice):
    """Something beside the case fails.

    Attributes:
        error: Name of the error.
        what: What the program gave up; None while the search for an owner continues.
    """

    kind: Literal[NoticeKind.ASSIGNMENT_DELAYED, NoticeKind.GAVE_UP]
    error: str
    what: Errand | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(_Notice):
    """A message reached no one.

    Attributes:
        letter: Which one; None where its key does not say.
        to: Whom it was meant for; empty for the customer.
        error: Name of the error.
    """

    kind: Literal[NoticeKind.DELIVERY_FAILED] = NoticeKind.DELIVERY_FAILED
    letter: MessageKind | None
    to: PersonRef
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSatisfied(_Notice):
    """The customer's answer to the survey, 1 to 5, and what they wrote with it."""

    kind: Literal[NoticeKind.NOT_SATISFIED] = NoticeKind.NOT_SATISFIED
    score: int
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(_Notice):
    """The answer of a customer who is satisfied, 1 to 5, and what they wrote with it."""

    kind: Literal[NoticeKind.SURVEY_ANSWERED] = NoticeKind.SURVEY_ANSWERED
    score: int
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(_Notice):
    """An incident's news went to its linked cases."""

    kind: Literal[NoticeKind.BULLETIN] = NoticeKind.BULLETIN
    incident: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimited(_Notice):
    """The customer reached a limit on contacts.

    Attributes:
        lane: The reason or category it is set for.
    """

    kind: Literal[NoticeKind.CONTACT_LIMITED] = NoticeKind.CONTACT_LIMITED
    lane: Reason | Category


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward(_Notice):
    """How many messages of the customer can be read now."""

    kind: Literal[NoticeKind.MESSAGES_PUT_FORWARD] = NoticeKind.MESSAGES_PUT_FORWARD
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAction(_Notice):
    """An action that was agreed to prevent the problem next time.

    Attributes:
        owner: Who does it.
    """

    kind: ActionNoticeKind
    owner: PersonRef
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRaised(_Notice):
    """A rule of the policy raised the severity.

    Attributes:
        within: How long the case was open as `old`, where its age is the rule; None for a reopening.
        reopened: How often it was reopened.
    """

    kind: Literal[NoticeKind.SEVERITY_RAISED] = NoticeKind.SEVERITY_RAISED
    old: Severity
    new: Severity
    within: Duration | None = None
    reopened: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(_Notice):
    """How a case ended."""

    kind: Literal[NoticeKind.RESOLVED, NoticeKind.CLOSED]
    result: Outcome | CloseCause


Notice: TypeAlias = Annotated[
    Clock
    | UpdatesSlowed
    | Words
    | Corrected
    | Advice
    | Decision
    | NoLongerNeeded
    | OverseerHolds
    | Failure
    | Undelivered
    | NotSatisfied
    | SurveyAnswered
    | Bulletin
    | ContactLimited
    | PutForward
    | ReviewAction
    | SeverityRaised
    | Ended,
    Discriminator("kind"),
]
"""One thing a person of the team learns."""
