"""Events that end a case or begin it again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.case.values import OutcomeItem
from escalation.vocabulary import CancelCause, ClockName, CloseCause, Judgement, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Happened):
    """A solution was recorded, or the customer never answered.

    Attributes:
        items: What it comes to, each with its amount and currency.
    """

    sentences = said(
        '{by} resolved it ({outcome}): "{solution}"[; cause: {root_cause}][; done on the checklist: {checked}]',
        "{by} hat den Fall gelöst, Ergebnis {outcome}: „{solution}“[; Ursache: {root_cause}][; von der Prüfliste erledigt: {checked}]",
    )
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

    sentences = said("the customer was asked for a rating", "Um eine Bewertung wurde gebeten")
    is_machinery = True
    kind: Literal["survey_sent"] = "survey_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(Happened):
    """The customer said how it went.

    Attributes:
        satisfied: Whether the score is one of those that the policy counts as satisfied.
        objection: Whether the comment says that the solution did not hold.
    """

    sentences = said('the customer gave {score} of 5[: "{comment}"]', "Bewertung: {score} von 5[: „{comment}“]")
    kind: Literal["survey_answered"] = "survey_answered"
    score: int
    comment: str
    satisfied: bool
    objection: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyExpired(Happened):
    """The survey was not answered."""

    sentences = said("the survey was not answered", "Es kam keine Bewertung")
    kind: Literal["survey_expired"] = "survey_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Happened):
    """The case was reopened; a new cycle began.

    Attributes:
        continued: Clocks that go on where the solution stopped them, with the seconds of open time that they get on top.
        disputed: The promise that the solution was said to keep; it no longer counts as kept.
    """

    sentences = said(
        '{by} reopened it (cycle {cycle})[: {why}][; the promise "{disputed}" no longer counts as kept]',
        "{by} hat den Fall wieder geöffnet (Durchgang {cycle})[: {why}][; die Zusage „{disputed}“ gilt nicht mehr als eingehalten]",
    )
    kind: Literal["reopened"] = "reopened"
    cycle: int
    why: str
    by: str
    continued: Mapping[ClockName, int] = field(default_factory=dict)
    disputed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Happened):
    """The case was closed.

    Attributes:
        review_due: Whether a review is asked for.
    """

    sentences = said(
        "closed ({cause})",
        "Abgeschlossen",
        review_due=("closed ({cause}); a review is due", "Abgeschlossen; ein Rückblick ist zu schreiben"),
    )
    kind: Literal["closed"] = "closed"
    cause: CloseCause
    review_due: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenWindowEnded(Happened):
    """The time to reopen the case is over."""

    sentences = said("it can no longer be reopened", "Der Fall kann nicht mehr wieder geöffnet werden")
    kind: Literal["reopen_window_ended"] = "reopen_window_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(Happened):
    """The case was cancelled."""

    sentences = said(
        "{by} cancelled it ({cause}[ of {duplicate_of}])[: {why}]",
        "{by} hat abgebrochen ({cause}[ von {duplicate_of}])[: {why}]",
    )
    kind: Literal["cancelled"] = "cancelled"
    cause: CancelCause
    why: str
    by: str
    duplicate_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed(Happened):
    """The team wrote down what it learned."""

    sentences = said(
        "{by} reviewed it: cause: {root_cause}; prevention: {prevention}",
        "{by} hat den Rückblick geschrieben: Ursache: {root_cause}; künftig: {prevention}",
    )
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

    sentences = said("no review was written", "Es wurde kein Rückblick geschrieben")
    kind: Literal["review_skipped"] = "review_skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionAgreed(Happened):
    """An action was agreed that prevents the problem next time."""

    sentences = said("{by} agreed with {owner}: {what}, by {due}", "{by} hat mit {owner} vereinbart: {what}, bis {due}")
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

    sentences = said(
        "{by} completed action {number}; {left} left", "{by} hat Maßnahme {number} erledigt; offen: {left}"
    )
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

    sentences = said(
        "MISSED: action {number} was not done in time", "VERPASST: Maßnahme {number} wurde nicht rechtzeitig erledigt"
    )
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
