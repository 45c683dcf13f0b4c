"""Notices about failures around a case: a search, a delivery."""

from dataclasses import dataclass
from typing import Literal

from escalation.message_kinds import MessageKind
from escalation.messages.notices.base import TeamNotice
from escalation.messages.shown import PersonRef
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import Errand


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure(TeamNotice):
    """Something beside the case fails."""

    kind: Literal[NoticeKind.ASSIGNMENT_DELAYED, NoticeKind.GAVE_UP]
    error: str
    what: Errand | None = None  # what the program gave up; None while the search for an owner continues


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered(TeamNotice):
    """A message reached no one."""

    kind: Literal[NoticeKind.DELIVERY_FAILED] = NoticeKind.DELIVERY_FAILED
    letter: MessageKind | None  # which one; None where its key does not say
    to: PersonRef  # whom it was meant for; empty for the customer
    error: str
    address: str = ""  # where the customer's letters go
