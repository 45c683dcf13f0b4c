"""Facts that a colleague needs before they act on a case, read from its timeline: the conversation, not the clockwork.

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
    """A message from one side to the other."""

    at: datetime | None  # when; None where it was before the opening, and no one knows when
    text: Prose
    by: PersonRef = ""  # who wrote it; empty for the customer
    answers: Prose = ""  # the question it answers; empty for none
    # whether it is the title of a solution that the customer chose when there was no choice any more
    chose: bool = False
    ticked: tuple[str, ...] = ()  # ids of the checklist items that were ticked with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """An ETA that the customer was given."""

    what: str
    eta: datetime
    by: PersonRef
    fate: PromiseFate = PromiseFate.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A person who had the case, or was asked to take it, and does not have it any more."""

    person: PersonRef
    # wire name of the event by which it left them; `climbed` for those who had it when it moved up, `reopened` for
    # those who had solved it
    how: str
    why: str = ""  # in their words, or in those of the person who moved it


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """The way in which the case came to where it is now."""

    how: str  # wire name of the event, the cause of a climb, or `undone` for a cancellation by mistake
    by: PersonRef = ""  # the person who moved it; empty where no person did
    why: Quote = ""  # in their words
    trigger: Reason | None = None  # the hard reason, where one moved it


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
    """A case in the words of its people; each list holds the latest, oldest first."""

    came: Came | None = None  # what brought it to where it is now; None for a case that never moved
    said: tuple[Said, ...] = ()  # what the customer wrote and answered
    unanswered: tuple[Said, ...] = ()  # what of it no one has answered
    aside: tuple[Said, ...] = ()  # what a contact limit holds back
    told: tuple[Said, ...] = ()  # what people of the team wrote to them
    notes: tuple[Said, ...] = ()  # what people of the team noted for each other
    advice: tuple[Said, ...] = ()  # questions to colleagues, answered
    promises: tuple[Promise, ...] = ()
    owed_time: str = ""  # what was promised and did not come, while the customer waits for a new time
    options: tuple[Option, ...] = ()  # solutions that the customer may choose from now
    default: str = ""  # id of the one taken where they do not choose
    chosen: str = ""  # the solution chosen last
    solution: str = ""  # what the letter to the customer said when it was resolved last
    question: Prose = ""  # what the customer is asked now
    decided: tuple[Decided, ...] = ()
    passed: tuple[Passed, ...] = ()  # who had it, or was asked to take it, before
    missed: tuple[Missed, ...] = ()  # promises about time that were broken
    waits_for: str = ""  # what a third party is waited for
    owner: str = ""
    consulted: Said | None = None  # what a colleague is asked now, and by whom
    incident: str = ""  # name of the incident that the case is linked to
    fix: Prose = ""  # what the incident proposed as the solution
