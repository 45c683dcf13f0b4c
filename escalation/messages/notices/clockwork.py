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
    """A clock has reached one of its thresholds."""

    kind: ClockNoticeKind
    clock: ClockName
    basis: Basis = Basis.PERCENT  # what the threshold is measured from
    percent: int = 100  # with `Basis.PERCENT`, the share of the target
    by: Duration | None = None  # with the other bases, how long before or after
    approval: Approval | None = None  # what is asked for, where the clock is about that
    incident: str = ""  # name of the incident whose bulletin promised it, where the clock is about that
    is_author: bool = False  # whether the reader wrote that bulletin


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatesSlowed(TeamNotice):
    """Automatic updates to the customer are rarer from now on, or have ended."""

    kind: Literal[NoticeKind.UPDATES_SLOWED, NoticeKind.UPDATES_ENDED]
    in_a_row: int  # how many went out since a person wrote
    next_by: datetime | None = None  # by when the next one goes out, aware UTC; None for none
    dead_address: str = ""  # address at which no letter arrives; empty where they do


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRaised(TeamNotice):
    """A rule of the policy raised the severity."""

    kind: Literal[NoticeKind.SEVERITY_RAISED] = NoticeKind.SEVERITY_RAISED
    old: Severity
    new: Severity
    # how long the case was open as `old`, where its age is the rule; None for a reopening
    within: Duration | None = None
    reopened: int = 0
