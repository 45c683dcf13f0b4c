"""How it ended, and began again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened
from escalation.case.values import OutcomeItem
from escalation.vocabulary import CancelCause, ClockName, CloseCause, Judgement, Outcome

__all__ = [
    "ActionAgreed",
    "ActionCompleted",
    "ActionLapsed",
    "Cancelled",
    "Closed",
    "ClosingEvent",
    "ReopenWindowEnded",
    "Reopened",
    "Resolved",
    "ReviewSkipped",
    "Reviewed",
    "SurveyAnswered",
    "SurveyExpired",
    "SurveySent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Happened):
    """A solution was recorded, or the customer never answered.

    Attributes:
        items: What it comes to, each with its amount and currency.
        checked: Checklist items that are done.
    """

    kind: Literal["resolved"] = "resolved"
    outcome: Outcome
    solution: str
    root_cause: str
    by: str
    items: tuple[OutcomeItem, ...] = ()
    checked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySent(Happened):
    """The customer was asked how it went."""

    kind: Literal["survey_sent"] = "survey_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(Happened):
    """The customer said how it went.

    Attributes:
        satisfied: Whether the score is one of those that the policy counts as satisfied.
        objection: Whether the comment says that the solution did not hold.
        asks: Whether the comment asks something.
    """

    kind: Literal["survey_answered"] = "survey_answered"
    score: int
    comment: str
    satisfied: bool
    objection: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyExpired(Happened):
    """The survey was not answered."""

    kind: Literal["survey_expired"] = "survey_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Happened):
    """It was not solved; a new cycle began.

    Attributes:
        continued: Clocks that go on where the solution stopped them, with the seconds of open time that they get on top.
        disputed: The promise that the solution was said to keep; it no longer counts as kept.
    """

    kind: Literal["reopened"] = "reopened"
    cycle: int
    why: str
    by: str
    continued: Mapping[ClockName, int] = field(default_factory=dict)
    disputed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """It is over.

    Attributes:
        review_due: Whether a review is asked for.
    """

    kind: Literal["closed"] = "closed"
    cause: CloseCause
    review_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenWindowEnded(Happened):
    """It can no longer be reopened."""

    kind: Literal["reopen_window_ended"] = "reopen_window_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Happened):
    """It was called off."""

    kind: Literal["cancelled"] = "cancelled"
    cause: CancelCause
    why: str
    by: str
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Happened):
    """The team wrote down what it learned."""

    kind: Literal["reviewed"] = "reviewed"
    by: str
    root_cause: str
    prevention: str
    understood: Judgement | None = None
    calmed: Judgement | None = None
    right_people: Judgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewSkipped(Happened):
    """No review came."""

    kind: Literal["review_skipped"] = "review_skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAgreed(Happened):
    """An action was agreed that prevents the problem next time."""

    kind: Literal["action_agreed"] = "action_agreed"
    number: int
    owner: str
    what: str
    due: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCompleted(Happened):
    """An agreed action is done.

    Attributes:
        left: How many actions are still waited for.
    """

    kind: Literal["action_completed"] = "action_completed"
    number: int
    by: str
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLapsed(Happened):
    """An agreed action was not done in time.

    Attributes:
        left: How many actions are still waited for.
    """

    kind: Literal["action_lapsed"] = "action_lapsed"
    number: int
    left: int


ClosingEvent = (
    Resolved
    | SurveySent
    | SurveyAnswered
    | SurveyExpired
    | Reopened
    | Closed
    | ReopenWindowEnded
    | Cancelled
    | Reviewed
    | ReviewSkipped
    | ActionAgreed
    | ActionCompleted
    | ActionLapsed
)
"""How the case ends, and whether it begins again."""
