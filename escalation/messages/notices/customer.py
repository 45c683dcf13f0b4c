"""Notices of what the customer did: they answered the survey, or wrote more often than a limit allows."""

from dataclasses import dataclass
from typing import Literal

from escalation.messages.notices.base import TeamNotice
from escalation.messages.shown import PersonRef, Quote
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Category, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class NotSatisfied(TeamNotice):
    """The customer's answer to the survey, 1 to 5, and what they wrote with it."""

    kind: Literal[NoticeKind.NOT_SATISFIED] = NoticeKind.NOT_SATISFIED
    score: int
    comment: Quote = ""
    acts: PersonRef = ""  # who speaks to the customer; empty for the reader


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(TeamNotice):
    """The answer of a customer who is satisfied, 1 to 5, and what they wrote with it."""

    kind: Literal[NoticeKind.SURVEY_ANSWERED] = NoticeKind.SURVEY_ANSWERED
    score: int
    comment: Quote = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimited(TeamNotice):
    """The customer reached a limit on contacts."""

    kind: Literal[NoticeKind.CONTACT_LIMITED] = NoticeKind.CONTACT_LIMITED
    lane: Reason | Category  # the reason or category it is set for


@dataclass(frozen=True, slots=True, kw_only=True)
class PutForward(TeamNotice):
    """Messages of the customer that waited can be read now."""

    kind: Literal[NoticeKind.MESSAGES_PUT_FORWARD] = NoticeKind.MESSAGES_PUT_FORWARD
    count: int
