"""Notices of requests to a colleague, and of their outcome: advice, approval, an agreed action."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from escalation.messages.notices.base import TeamNotice
from escalation.messages.shown import PersonRef, Quote
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, LeftBehind

ActionNoticeKind: TypeAlias = Literal[NoticeKind.ACTION_AGREED, NoticeKind.ACTION_DUE, NoticeKind.ACTION_OVERDUE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A request for approval."""

    what: ApprovalKind
    amount: int  # in whole units of the policy's currency; 0 where the request is not about money
    by: PersonRef  # who asked
    why: str  # in their words
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice(TeamNotice):
    """A colleague's advice."""

    kind: Literal[NoticeKind.CONSULT_ANSWERED, NoticeKind.CONSULT_OVERDUE]
    colleague: PersonRef  # who was asked
    text: Quote  # the answer; the question while there is none


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
    """Work of a colleague who left goes to another: to the reader, or to whom the reader's request goes instead."""

    kind: Literal[NoticeKind.HANDED_ON, NoticeKind.ASKED_INSTEAD]
    colleague: PersonRef  # who left
    tasks: tuple[LeftBehind, ...]  # what it is
    instead: PersonRef = ""  # who is asked instead; empty for the reader, and while a person is sought


@dataclass(frozen=True, slots=True, kw_only=True)
class NoLongerNeeded(TeamNotice):
    """A question or a request for approval needs no answer any more."""

    kind: Literal[NoticeKind.NO_LONGER_NEEDED] = NoticeKind.NO_LONGER_NEEDED
    question: str = ""
    approval: Approval | None = None
    is_replaced: bool = False  # whether another one takes its place; otherwise the case has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAction(TeamNotice):
    """An action that was agreed to prevent the problem next time."""

    kind: ActionNoticeKind
    owner: PersonRef  # who does it
    action: str
