"""Letters about the end of a case, and follow-ups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.values import OutcomeItem
from escalation.message_kinds import MessageKind
from escalation.messages.facts.whats_next import SaysWhenNext
from escalation.messages.shown import PersonRef, Prose, Quote
from escalation.vocabulary import CancelCause, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(SaysWhenNext):
    """The case is resolved."""

    kind: Literal[MessageKind.RESOLVED] = MessageKind.RESOLVED
    dropped: Prose = ""  # what was promised and no longer holds
    dropped_at: datetime | None = None  # for when that was
    solution: Prose
    outcome: Outcome
    items: tuple[OutcomeItem, ...] = ()
    unanswered: int = 0  # how many messages of the customer had no answer of their own before it
    late_choice: str = ""  # title of the solution that they chose when there was no choice any more; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class NoReply(SaysWhenNext):
    """The case is paused because the customer did not answer; `dropped` as in `Resolved`."""

    kind: Literal[MessageKind.NO_REPLY] = MessageKind.NO_REPLY
    dropped: Prose = ""
    dropped_at: datetime | None = None
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(SaysWhenNext):
    """Whether the solution has held, with or without the survey."""

    kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY] = MessageKind.FOLLOW_UP
    solution: Prose
    outcome: Outcome = Outcome.SOLVED


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks(SaysWhenNext):
    """The customer answered the survey, or wrote after the solution where the policy only thanks for that."""

    kind: Literal[MessageKind.THANKS] = MessageKind.THANKS
    score: int = 0  # 1 to 5; 0 for a message
    satisfied: bool = True  # whether the policy counts the answer as satisfied
    answered_by: datetime | None = None  # by when a colleague answers a customer who is not satisfied


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(SaysWhenNext):
    """The case continues."""

    kind: Literal[MessageKind.REOPENED] = MessageKind.REOPENED
    why: Quote = ""  # in the customer's own words; empty where a colleague reopened it
    asked_owner: PersonRef = ""  # who had it before and is asked to continue; empty for no one
    unclear: bool = False  # whether the customer may only have written something more, and nothing is known to be wrong
    score: int = 0  # what the customer gave us, 1 to 5, where no one has answered that; 0 for nothing
    chose: bool = False  # whether `why` is the title of a solution that they chose when there was no choice any more
    # by when they should have had an answer and had none; None where none was missed
    answer_was_due: datetime | None = None
    in_answer: bool = True  # whether the customer has just written


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(SaysWhenNext):
    """The case is closed."""

    kind: Literal[MessageKind.CLOSED] = MessageKind.CLOSED
    confirmed: bool = False  # whether the customer has just said that it works


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(SaysWhenNext):
    """The case was called off; `dropped` as in `Resolved`."""

    kind: Literal[MessageKind.CANCELLED] = MessageKind.CANCELLED
    dropped: Prose = ""
    dropped_at: datetime | None = None
    cause: CancelCause
    duplicate_of: str = ""
    continues: bool = True  # whether the customer is answered in the case that a duplicate names


EndingFacts = Resolved | NoReply | FollowUp | Thanks | Reopened | Closed | Cancelled  # letters about the end of a case
