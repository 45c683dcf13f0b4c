"""Letters about the course of a case: it was opened, moved up, has an owner, has no news, a request was decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.message_kinds import MessageKind
from escalation.messages.facts.whats_next import SaysWhenNext
from escalation.messages.shown import PersonRef, Prose
from escalation.vocabulary import ApprovalKind, ClimbCause, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt(SaysWhenNext):
    """The case was opened."""

    kind: Literal[MessageKind.RECEIPT] = MessageKind.RECEIPT
    undoes_cancel: bool = False  # whether it continues one that was cancelled by mistake
    asked_owner: PersonRef = ""  # who had it before that and is asked to continue; empty for no one


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(SaysWhenNext):
    """The case moved up."""

    kind: Literal[MessageKind.ESCALATED] = MessageKind.ESCALATED
    why: ClimbCause | Reason
    tier_name: str = ""
    # what the policy has letters call the people there, by language
    tier_words: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged(SaysWhenNext):
    """A person answers for the case, the first one or another one."""

    kind: Literal[MessageKind.OWNER_CHANGED] = MessageKind.OWNER_CHANGED
    owner: PersonRef  # by name: another person may have the case when the letter is written
    before: PersonRef = ""  # the owner the customer knew; empty for the first one


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldingUpdate(SaysWhenNext):
    """There is no news."""

    kind: Literal[MessageKind.HOLDING_UPDATE] = MessageKind.HOLDING_UPDATE
    is_rarer: bool = False  # whether such letters come less often from now on
    is_last: bool = False  # whether no other one comes until a person has written
    # when the customer wrote what no one has answered yet, aware UTC; None where nothing waits for an answer
    wrote_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayNotice(SaysWhenNext):
    """A promise was not kept."""

    kind: Literal[MessageKind.DELAY_NOTICE] = MessageKind.DELAY_NOTICE
    what: str
    promised_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted(SaysWhenNext):
    """A refund or an exception is granted."""

    kind: Literal[MessageKind.APPROVAL_GRANTED] = MessageKind.APPROVAL_GRANTED
    approval: ApprovalKind
    amount: int = 0  # in whole units of the currency; 0 where it is not about money


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(SaysWhenNext):
    """A refund or an exception is refused."""

    kind: Literal[MessageKind.APPROVAL_REFUSED] = MessageKind.APPROVAL_REFUSED
    approval: ApprovalKind
    amount: int = 0
    explanation: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactLimited(SaysWhenNext):
    """The customer writes more often than a limit allows."""

    kind: Literal[MessageKind.CONTACT_LIMITED] = MessageKind.CONTACT_LIMITED
    read_at: datetime  # when the messages are read together
    answered_by: datetime | None = None  # by when they are answered; None where the policy promises no answer


CourseFacts = (
    Receipt
    | Escalated
    | OwnerChanged
    | HoldingUpdate
    | DelayNotice
    | ApprovalGranted
    | ApprovalRefused
    | ContactLimited
)
"""Letters about the course of a case."""
