"""Notices about the course of a case: messages, a correction, news of its incident, its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from escalation.messages.notices.base import TeamNotice
from escalation.messages.shown import PersonRef, Quote
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CancelCause, CloseCause, Outcome

TicketNoticeKind: TypeAlias = Literal[
    NoticeKind.TICKET_SOLVED,
    NoticeKind.TICKET_MERGED,
    NoticeKind.TICKET_DELETED,
    NoticeKind.TICKET_SPAM,
    NoticeKind.TICKET_REOPENED,
    NoticeKind.TICKET_RESTORED,
    NoticeKind.TICKET_COMMENTED,
    NoticeKind.TICKET_REQUESTER,
    NoticeKind.TICKET_UNWRITABLE,
    NoticeKind.TICKET_FLOODED,
]
"""What happened to the ticket in the help desk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(TeamNotice):
    """The words of a person, or the name of something."""

    kind: Literal[
        TicketNoticeKind,
        NoticeKind.CUSTOMER_REPLIED,
        NoticeKind.CUSTOMER_THANKED,
        NoticeKind.FOR_OVERSEER,
        NoticeKind.UNANSWERED,
        NoticeKind.DUPLICATE,
        NoticeKind.DUPLICATE_APART,
        NoticeKind.NO_DUPLICATE,
        NoticeKind.CLIMBED,
        NoticeKind.TIER_SKIPPED,
        NoticeKind.OPTION_CHOSEN,
        NoticeKind.CHOSE_LATE,
        NoticeKind.RESOLUTION_PROPOSED,
        NoticeKind.PROPOSAL_WITHDRAWN,
        NoticeKind.CONSULTED,
        NoticeKind.GIVEN_BACK,
        NoticeKind.UNASKED,
    ]
    text: Quote
    words: Mapping[str, str] = field(default_factory=dict)  # what it is called by language, where the policy says so


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledOff(TeamNotice):
    """A case was cancelled."""

    kind: Literal[NoticeKind.CANCELLED] = NoticeKind.CANCELLED
    text: Quote  # why, in words; may be empty
    cause: CancelCause | None = None
    by: PersonRef = ""  # who did it
    duplicate_of: str = ""  # ticket of which it is a duplicate; empty for none
    continues: bool = True  # whether the customer is answered there


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected(TeamNotice):
    """Facts of the case were corrected."""

    kind: Literal[NoticeKind.CORRECTED] = NoticeKind.CORRECTED
    colleague: PersonRef  # who did it
    changed: tuple[str, ...] = ()  # names of the fields of `escalation.case.commands.Particulars` that changed


@dataclass(frozen=True, slots=True, kw_only=True)
class OverseerHolds(TeamNotice):
    """No one took the case."""

    kind: Literal[NoticeKind.OVERSEER_HOLDS] = NoticeKind.OVERSEER_HOLDS
    again: bool = False  # whether they held it before: a reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin(TeamNotice):
    """An incident's news went to its linked cases."""

    kind: Literal[NoticeKind.BULLETIN] = NoticeKind.BULLETIN
    incident: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(TeamNotice):
    """A case was resolved or closed."""

    kind: Literal[NoticeKind.RESOLVED, NoticeKind.CLOSED]
    result: Outcome | CloseCause
