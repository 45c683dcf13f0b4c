"""What a colleague has to know of a case before they act on it, read from its timeline: the conversation, not the clockwork.

Offers and notices to the team have it beside their own facts. It is read when they are written, so that none of it
travels through a workflow.
"""

from dataclasses import dataclass
from datetime import datetime

from escalation.case.values import Option
from escalation.messages.shown import PersonRef, Prose, Quote
from escalation.vocabulary import ApprovalKind, ClockName, PromiseFate, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side wrote to the other.

    Attributes:
        at: When; None where it was before the opening, and no one knows when.
        by: Who wrote it; empty for the customer.
        answers: The question it answers; empty for none.
        chose: Whether it is the title of a solution that the customer chose when there was no choice any more.
        ticked: Ids of the checklist items that were ticked with it.
    """

    at: datetime | None
    text: Prose
    by: PersonRef = ""
    answers: Prose = ""
    chose: bool = False
    ticked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An ETA that the customer was given."""

    what: str
    eta: datetime
    by: PersonRef
    fate: PromiseFate = PromiseFate.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A person who had the case, or was asked to take it, and does not have it any more.

    Attributes:
        how: Wire name of the event by which it left them; `climbed` for those who had it when it moved up, `reopened` for those
            who had solved it.
        why: In their words, or in those of the person who moved it.
    """

    person: PersonRef
    how: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What brought the case to where it is now.

    Attributes:
        how: Wire name of the event, the cause of a climb, or `undone` for a cancellation by mistake.
        by: The person who moved it; empty where no person did.
        why: In their words.
        trigger: The hard reason, where one moved it.
    """

    how: str
    by: PersonRef = ""
    why: Quote = ""
    trigger: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision on what needed an approval."""

    what: ApprovalKind
    amount: int
    is_granted: bool
    by: PersonRef
    explanation: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A promise about time that was broken."""

    clock: ClockName
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A case in the words of its people; each list holds the latest, oldest first.

    Attributes:
        came: What brought it to where it is now; None for a case that never moved.
        said: What the customer wrote and answered.
        unanswered: What of it no one has answered.
        aside: What a contact limit holds back.
        told: What people of the team wrote to them.
        notes: What people of the team noted for each other.
        advice: Questions to colleagues, answered.
        owed_time: What was promised and did not come, while the customer waits for a new time.
        options: Solutions that the customer may choose from now.
        default: Id of the one taken where they do not choose.
        chosen: The solution chosen last.
        solution: What the letter to the customer said when it was resolved last.
        question: What the customer is asked now.
        passed: Who had it, or was asked to take it, before.
        missed: Promises about time that were broken.
        waits_for: What a third party is waited for.
        consulted: What a colleague is asked now, and by whom.
        incident: Name of the incident that the case is linked to.
        fix: What the incident proposed as the solution.
    """

    came: Came | None = None
    said: tuple[Said, ...] = ()
    unanswered: tuple[Said, ...] = ()
    aside: tuple[Said, ...] = ()
    told: tuple[Said, ...] = ()
    notes: tuple[Said, ...] = ()
    advice: tuple[Said, ...] = ()
    promises: tuple[Promise, ...] = ()
    owed_time: str = ""
    options: tuple[Option, ...] = ()
    default: str = ""
    chosen: str = ""
    solution: str = ""
    question: Prose = ""
    decided: tuple[Decided, ...] = ()
    passed: tuple[Passed, ...] = ()
    missed: tuple[Missed, ...] = ()
    waits_for: str = ""
    owner: str = ""
    consulted: Said | None = None
    incident: str = ""
    fix: Prose = ""
