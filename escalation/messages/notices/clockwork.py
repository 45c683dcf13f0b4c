"""Notices about clocks: a threshold was reached, updates slow down, the severity went up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from escalation.business_time import Duration
from escalation.clock_rules import Basis
from escalation.messages.notices.asked import Approval
from escalation.messages.notices.base import TeamNotice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, Severity

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(TeamNotice):
    """A clock has reached one of its thresholds.

    Attributes:
        basis: What the threshold is measured from.
        percent: With `Basis.PERCENT`, the share of the target.
        by: With the other bases, how long before or after.
        approval: What is asked for, where the clock is about that.
        incident: Name of the incident whose bulletin promised it, where the clock is about that.
        is_author: Whether the reader wrote that bulletin.
    """

    kind: ClockNoticeKind
    clock: ClockName
    basis: Basis = Basis.PERCENT
    percent: int = 100
    by: Duration | None = None
    approval: Approval | None = None
    incident: str = ""
    is_author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesSlowed(TeamNotice):
    """Automatic updates to the customer are rarer from now on, or have ended.

    Attributes:
        in_a_row: How many went out since a person wrote.
        next_by: By when the next one goes out, aware UTC; None for none.
        dead_address: Address at which no letter arrives; empty where they do.
    """

    kind: Literal[NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED]
    in_a_row: int
    next_by: datetime | None = None
    dead_address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRaised(TeamNotice):
    """A rule of the policy raised the severity.

    Attributes:
        within: How long the case was open as `old`, where its age is the rule; None for a reopening.
    """

    kind: Literal[NoticeKind.SEVERITY_RAISED] = NoticeKind.SEVERITY_RAISED
    old: Severity
    new: Severity
    within: Duration | None = None
    reopened: int = 0
