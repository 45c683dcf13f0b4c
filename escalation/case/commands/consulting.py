"""Commands about what a colleague is asked: for advice, or for what the owner may not decide alone."""

from dataclasses import dataclass
from typing import Literal

from escalation.bounds import ActorId, Amount, LongText, Person, Remark
from escalation.vocabulary import ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Ask a colleague for advice; the case stays with its owner. One is asked at a time: a new question replaces it."""

    kind: Literal["consult"] = "consult"
    by: ActorId
    to: Person
    question: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConsult:
    """The colleague answers, or the owner writes down what they said."""

    kind: Literal["answer_consult"] = "answer_consult"
    by: ActorId
    answer: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproval:
    """Ask for a refund or an exception: granted at once within the owner's authority, asked of a tier above otherwise.

    Attributes:
        what: What is to be granted.
        amount: In the policy's currency units. 0 for an exception that has no price: a tier above decides on it.
        why: What speaks for it; the approver reads it.
    """

    kind: Literal["request_approval"] = "request_approval"
    what: ApprovalKind
    amount: Amount = 0
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Grant what was asked for.

    Attributes:
        tell_customer: Whether the customer is told at once.
    """

    kind: Literal["approve"] = "approve"
    by: ActorId
    tell_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval:
    """Refuse what was asked for.

    Attributes:
        explanation: Why, in words for the customer, who is told at once.
    """

    kind: Literal["refuse_approval"] = "refuse_approval"
    by: ActorId
    explanation: LongText


ConsultingCommand = Consult | AnswerConsult | RequestApproval | Approve | RefuseApproval
"""What colleagues are asked."""
