"""What a colleague was asked, and what they said."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from escalation.case.events.base import Happened
from escalation.phrasing import Sentences
from escalation.vocabulary import ApprovalKind

__all__ = [
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalRequested",
    "ApproverAsked",
    "ConsultAnswered",
    "Consulted",
    "ConsultingEvent",
    "GrantedWithinAuthority",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted(Happened):
    """A colleague was asked for advice."""

    sentences: ClassVar[Sentences] = {
        "en": '{by} asked {to}: "{question}"',
        "de": "{by} hat {to} gefragt: „{question}“",
    }
    kind: Literal["consulted"] = "consulted"
    by: str
    to: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultAnswered(Happened):
    """The advice came.

    Attributes:
        to: Who had been asked; `by` wrote it down.
    """

    sentences: ClassVar[Sentences] = {
        "en": '{by} advised: "{answer}"',
        "de": "{by} rät: „{answer}“",
    }
    kind: Literal["consult_answered"] = "consult_answered"
    by: str
    to: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequested(Happened):
    """The owner asked for what they may not decide alone.

    Attributes:
        number: Counts the requests of this escalation, from 1.
        tier: The tier whose authority is asked for; 0 where only the overseer can decide.
    """

    kind: Literal["approval_requested"] = "approval_requested"
    number: int
    what: ApprovalKind
    amount: int
    tier: int
    why: str
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproverAsked(Happened):
    """A particular person was asked to decide on the request."""

    sentences: ClassVar[Sentences] = {
        "en": "{person} was asked to decide",
        "de": "{person} soll entscheiden",
    }
    kind: Literal["approver_asked"] = "approver_asked"
    number: int
    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedWithinAuthority(Happened):
    """The owner granted what their tier may decide alone; no approver was asked."""

    kind: Literal["granted_within_authority"] = "granted_within_authority"
    what: ApprovalKind
    amount: int
    why: str
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGranted(Happened):
    """What was asked for was granted."""

    kind: Literal["approval_granted"] = "approval_granted"
    number: int
    what: ApprovalKind
    amount: int
    by: str
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRefused(Happened):
    """It was refused.

    Attributes:
        explanation: The reason, as sent to the customer.
    """

    kind: Literal["approval_refused"] = "approval_refused"
    number: int
    what: ApprovalKind
    amount: int
    explanation: str
    by: str
    currency: str = ""


ConsultingEvent = (
    Consulted
    | ConsultAnswered
    | GrantedWithinAuthority
    | ApprovalRequested
    | ApproverAsked
    | ApprovalGranted
    | ApprovalRefused
)
"""What colleagues are asked."""
