"""Commands about how it ends, and begins again."""

from dataclasses import dataclass
from typing import Literal

from escalation.vocabulary import CancelCause, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Record the solution and tell the customer."""

    kind: Literal["resolve"] = "resolve"
    by: str
    outcome: Outcome
    solution: str
    root_cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It is not solved after all: back to the previous owner, in a new cycle."""

    kind: Literal["reopen"] = "reopen"
    by: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """The customer answered the survey.

    Attributes:
        score: 1 (worst) to 5.
    """

    kind: Literal["answer_survey"] = "answer_survey"
    score: int
    comment: str = ""
    by: str = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Call the escalation off."""

    kind: Literal["cancel"] = "cancel"
    by: str
    cause: CancelCause
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview:
    """What the team learned from a closed escalation."""

    kind: Literal["submit_review"] = "submit_review"
    by: str
    root_cause: str
    prevention: str
