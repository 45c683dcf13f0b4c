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
    """The case is resolved.

    Attributes:
        dropped: What was promised and no longer holds.
        dropped_at: For when that was.
        unanswered: How many messages of the customer had no answer of their own before it.
        late_choice: Title of the solution that they chose when there was no choice any more; empty for none.
    """

    kind: Literal[MessageKind.RESOLVED] = MessageKind.RESOLVED
    dropped: Prose = ""
    dropped_at: datetime | None = None
    solution: Prose
    outcome: Outcome
    items: tuple[OutcomeItem, ...] = ()
    unanswered: int = 0
    late_choice: str = ""


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
    """The customer answered the survey, or wrote after the solution where the policy only thanks for that.

    Attributes:
        score: 1 to 5; 0 for a message.
        satisfied: Whether the policy counts the answer as satisfied.
        answered_by: By when a colleague answers a customer who is not satisfied.
    """

    kind: Literal[MessageKind.THANKS] = MessageKind.THANKS
    score: int = 0
    satisfied: bool = True
    answered_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(SaysWhenNext):
    """The case continues.

    Attributes:
        why: In the customer's own words; empty where a colleague reopened it.
        asked_owner: Who had it before and is asked to continue; empty for no one.
        unclear: Whether the customer may only have written something more, and nothing is known to be wrong.
        score: What the customer gave us, 1 to 5, where no one has answered that; 0 for nothing.
        chose: Whether `why` is the title of a solution that they chose when there was no choice any more.
        answer_was_due: By when they should have had an answer and had none; None where none was missed.
        in_answer: Whether the customer has just written.
    """

    kind: Literal[MessageKind.REOPENED] = MessageKind.REOPENED
    why: Quote = ""
    asked_owner: PersonRef = ""
    unclear: bool = False
    score: int = 0
    chose: bool = False
    answer_was_due: datetime | None = None
    in_answer: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(SaysWhenNext):
    """The case is closed.

    Attributes:
        confirmed: Whether the customer has just said that it works.
    """

    kind: Literal[MessageKind.CLOSED] = MessageKind.CLOSED
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled(SaysWhenNext):
    """The case was called off; `dropped` as in `Resolved`.

    Attributes:
        continues: Whether the customer is answered in the case that a duplicate names.
    """

    kind: Literal[MessageKind.CANCELLED] = MessageKind.CANCELLED
    dropped: Prose = ""
    dropped_at: datetime | None = None
    cause: CancelCause
    duplicate_of: str = ""
    continues: bool = True


EndingFacts = Resolved | NoReply | FollowUp | Thanks | Reopened | Closed | Cancelled
"""Letters about the end of a case."""
