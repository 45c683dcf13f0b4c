"""Commands about how it ends, and begins again."""

from dataclasses import dataclass
from typing import Annotated, Literal

from escalation.bounds import ActorId, LongText, Number, Within
from escalation.vocabulary import CancelCause, Outcome

__all__ = [
    "AnswerSurvey",
    "Cancel",
    "ClosingCommand",
    "Reopen",
    "Resolve",
    "SubmitReview",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Record the solution and notify the customer.

    Attributes:
        outcome: How it ended.
        solution: What was done, in words for the customer.
        root_cause: What caused the problem, in words for the team.
    """

    kind: Literal["resolve"] = "resolve"
    by: ActorId
    outcome: Outcome
    solution: LongText
    root_cause: LongText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Reopen a case that is not solved; its previous owner gets it back.

    Attributes:
        why: What is not solved yet, in the words of who says so.
    """

    kind: Literal["reopen"] = "reopen"
    by: ActorId
    why: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """Record how satisfied the customer is, from 1 (not at all) to 5 (very).

    Attributes:
        score: 1 (worst) to 5.
    """

    kind: Literal["answer_survey"] = "answer_survey"
    score: Annotated[Number, Within(1, 5)]
    comment: LongText = ""
    by: ActorId = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Cancel the escalation.

    Attributes:
        cause: Why it ends; the customer's letter says it in words.
        why: More about it, for the team.
    """

    kind: Literal["cancel"] = "cancel"
    by: ActorId
    cause: CancelCause
    why: LongText = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview:
    """Record what was learned from a closed escalation."""

    kind: Literal["submit_review"] = "submit_review"
    by: ActorId
    root_cause: LongText
    prevention: LongText


ClosingCommand = Resolve | Reopen | AnswerSurvey | Cancel | SubmitReview
"""How the case ends, and whether it begins again."""
