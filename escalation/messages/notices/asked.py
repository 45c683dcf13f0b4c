"""What a person of the team is asked, and what became of it: advice, approval, an agreed action."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from escalation.messages.notices.base import TeamNotice
from escalation.messages.shown import PersonRef, Quote
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, LeftBehind

ActionNoticeKind: TypeAlias = Literal[NoticeKind.ACTION_AGREED, NoticeKind.ACTION_DUE, NoticeKind.ACTION_OVERDUE]


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
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(TeamNotice):
    """A colleague's advice.

    Attributes:
        colleague: Who was asked.
        text: The answer; the question while there is none.
    """

    kind: Literal[NoticeKind.CONSULT_ANSWERED, NoticeKind.CONSULT_OVERDUE]
    colleague: PersonRef
    text: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(TeamNotice):
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
class HandedOn(TeamNotice):
    """What a colleague who left had to do goes to another: to the reader, or to whom the reader's request goes instead.

    Attributes:
        colleague: Who left.
        instead: Who is asked instead; empty for the reader, and while a person is sought.
        tasks: What it is.
    """

    kind: Literal[NoticeKind.HANDED_ON, NoticeKind.ASKED_INSTEAD]
    colleague: PersonRef
    tasks: tuple[LeftBehind, ...]
    instead: PersonRef = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLongerNeeded(TeamNotice):
    """What need not be answered any more: a question, or a request for approval.

    Attributes:
        is_replaced: Whether another one takes its place; otherwise the case has ended.
    """

    kind: Literal[NoticeKind.NO_LONGER_NEEDED] = NoticeKind.NO_LONGER_NEEDED
    question: str = ""
    approval: Approval | None = None
    is_replaced: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAction(TeamNotice):
    """An action that was agreed to prevent the problem next time.

    Attributes:
        owner: Who does it.
    """

    kind: ActionNoticeKind
    owner: PersonRef
    action: str
