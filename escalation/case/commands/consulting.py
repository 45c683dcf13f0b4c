"""Commands that ask a colleague for advice or approval, and their answers."""

from dataclasses import dataclass
from typing import Annotated, Literal

from escalation.bounds import ActorId, Amount, LongText, Person, Remark, Within
from escalation.phrasing import called
from escalation.vocabulary import ApprovalKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """Ask a colleague for advice; the case stays with its owner.

    Attributes:
        to: Id of the colleague. A new question replaces an unanswered one.
        question: What you want to know.
    """

    labels = called("Ask a colleague", "Um Rat fragen")
    kind: Literal["consult"] = "consult"
    by: ActorId
    to: Person
    question: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerConsult:
    """Answer a request for advice; an owner may record a colleague's answer.

    Attributes:
        answer: The advice, in the colleague's words.
    """

    labels = called(
        "Give advice",
        "Rat geben",
        (
            "no request for advice is open; write a `note`",
            "No one is asked for advice any more. Write a note instead.",
            "Es ist kein Rat mehr gefragt. Schreiben Sie stattdessen eine Notiz.",
        ),
    )
    kind: Literal["answer_consult"] = "answer_consult"
    by: ActorId
    answer: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproval:
    """Ask for a refund or an exception; within the authority of the owner's tier it is granted at once.

    Attributes:
        what: What is to be granted.
        amount: The amount, in whole units of the policy's currency; an exception may have none, and then a tier above decides.
        why: The reasons; the approver reads them.
    """

    labels = called(
        "Ask for approval", "Um Genehmigung bitten", what=("What is to be granted", "Was gewährt werden soll")
    )
    kind: Literal["request_approval"] = "request_approval"
    what: ApprovalKind
    amount: Annotated[Amount, Within(0)] = 0
    by: ActorId
    why: Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve:
    """Approve a request for approval that was sent to you.

    Attributes:
        tell_customer: Write to the customer at once.
    """

    labels = called("Approve it", "Genehmigen")
    kind: Literal["approve"] = "approve"
    by: ActorId
    tell_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseApproval:
    """Refuse a request for approval that was sent to you.

    Attributes:
        explanation: The reason; the customer gets it word for word at once.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called("Refuse it", "Nicht genehmigen")
    kind: Literal["refuse_approval"] = "refuse_approval"
    by: ActorId
    explanation: LongText
    anyway: bool = False


ConsultingCommand = Consult | AnswerConsult | RequestApproval | Approve | RefuseApproval  # what colleagues are asked
