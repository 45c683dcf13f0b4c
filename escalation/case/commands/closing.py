"""Commands that end a case or begin it again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from escalation.bounds import FEW, ActorId, Id, Line, LongText, Number, Person, Within
from escalation.case.values import OutcomeItem
from escalation.phrasing import called
from escalation.vocabulary import CancelCause, Judgement, Outcome, PromiseEnd


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """Record the solution and notify the customer.

    Attributes:
        outcome: The outcome.
        solution: What was done, in words for the customer.
        root_cause: What caused the problem, in words for the team.
        checked: Id of a checklist item that is done; repeat it for each.
        promise: What became of the open promise: kept, or withdrawn; if withdrawn, the letter says that it no longer applies.
        items: An item of the solution, as WHAT=AMOUNT CURRENCY, such as "Refund=49.90 EUR"; repeat it for each. The letter lists them.
        anyway: Send it despite the warning about its wording; the timeline records that.
    """

    labels = called(
        "Resolve the case",
        "Den Fall lösen",
        promise=("What became of the open promise", "Was aus der offenen Zusage wurde"),
    )
    kind: Literal["resolve"] = "resolve"
    by: ActorId
    outcome: Outcome
    solution: LongText
    root_cause: LongText = ""
    checked: Annotated[tuple[Id, ...], FEW] = ()
    promise: PromiseEnd | None = None
    items: Annotated[tuple[OutcomeItem, ...], FEW] = ()
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Reopen a case that is not solved; its previous owner gets it back.

    Attributes:
        why: What is not solved yet, in the words of the person who reports it.
    """

    labels = called(
        "Reopen the case",
        "Den Fall wieder öffnen",
        why=("What is not solved, in their words", "Was noch nicht gelöst ist, in den eigenen Worten"),
    )
    kind: Literal["reopen"] = "reopen"
    by: ActorId
    why: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSurvey:
    """Record how satisfied the customer is, from 1 (not at all) to 5 (very).

    Attributes:
        score: 1 (worst) to 5.
        comment: What they wrote with it.
        sounds: How frustrated they sound, 0 (calm) to 4 (furious); overrides the worker's own reading.
    """

    labels = called("Record the rating", "Bewertung festhalten")
    kind: Literal["answer_survey"] = "answer_survey"
    score: Annotated[Number, Within(1, 5)]
    comment: LongText = ""
    by: ActorId = "customer"
    sounds: Annotated[Number, Within(0, 4)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Cancel the escalation.

    Attributes:
        cause: Why it ends; the customer's letter gives the reason.
        why: Details, for the team only.
        duplicate_of: For a duplicate, the ticket in which work continues; the customer's letter names it, and its owner is
            notified.
        anyway: Cancel a duplicate although no one can answer this customer there; the letter then names no other case.
    """

    labels = called(
        "Cancel the escalation",
        "Die Eskalation abbrechen",
        why=("Why; only for the team", "Warum; nur für das Team"),
        anyway=(
            "End it although no one can answer the customer in the other case; the letter then names no other case",
            "Beenden, obwohl die Kundin oder der Kunde im anderen Fall keine Antwort bekommt; der Brief nennt dann keinen anderen Fall",
        ),
    )
    kind: Literal["cancel"] = "cancel"
    by: ActorId
    cause: CancelCause
    why: LongText = ""
    duplicate_of: Id = ""
    anyway: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitReview:
    """Record what was learned from a resolved or closed escalation, whether a review is due or not.

    You need not say whether the first answer came in time: `escalations lessons` reads that from the timeline.

    Attributes:
        root_cause: What caused the problem.
        prevention: What will prevent it next time.
        understood: Whether the concern was understood from the beginning.
        calmed: Whether the customer's frustration was dealt with well.
        right_people: Whether the right people had the case at the right time.
    """

    labels = called("Write the review", "Rückblick schreiben")
    kind: Literal["submit_review"] = "submit_review"
    by: ActorId
    root_cause: LongText
    prevention: LongText
    understood: Judgement | None = None
    calmed: Judgement | None = None
    right_people: Judgement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeAction:
    """Agree on an action that prevents the problem next time; its owner is reminded until it is done.

    Attributes:
        owner: Id of the person who will do it.
        what: What will be done.
        due_by: The due instant, aware UTC.
    """

    labels = called("Agree on an action", "Eine Maßnahme vereinbaren", what=("What will be done", "Was getan wird"))
    kind: Literal["agree_action"] = "agree_action"
    by: ActorId
    owner: Person
    what: Line
    due_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteAction:
    """Record that an action of the review is done.

    Attributes:
        number: Number of the action, from 1.
    """

    labels = called("An action is done", "Eine Maßnahme ist erledigt")
    kind: Literal["complete_action"] = "complete_action"
    by: ActorId
    number: Annotated[Number, Within(1, 1000)]


ClosingCommand = Resolve | Reopen | AnswerSurvey | Cancel | SubmitReview | AgreeAction | CompleteAction
"""How the case ends, and whether it begins again."""
