"""Letters of the conversation: news, questions, solutions to choose from, what is taken back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from escalation.case.values import Option
from escalation.message_kinds import MessageKind
from escalation.messages.facts.whats_next import SaysWhenNext
from escalation.messages.shown import Prose
from escalation.vocabulary import Withdrawable


@dataclass(frozen=True, slots=True, kw_only=True)
class Update(SaysWhenNext):
    """News that a person wrote."""

    kind: Literal[MessageKind.UPDATE] = MessageKind.UPDATE
    text: Prose
    next_step: Prose = ""
    next_by: datetime | None = None
    replaces: Prose = ""  # what was promised before and no longer holds
    replaces_at: datetime | None = None  # for when that was
    replaced_because: Prose = ""  # why it no longer holds; may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(SaysWhenNext):
    """A question to the customer."""

    kind: Literal[MessageKind.QUESTION] = MessageKind.QUESTION
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionReminder(SaysWhenNext):
    """The question is not answered yet."""

    kind: Literal[MessageKind.QUESTION_REMINDER] = MessageKind.QUESTION_REMINDER
    question: Prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(SaysWhenNext):
    """Solutions to choose from."""

    kind: Literal[MessageKind.OPTIONS, MessageKind.OPTIONS_REMINDER] = MessageKind.OPTIONS
    options: tuple[Option, ...]
    default: str = ""  # id of the option that is taken where the customer does not choose; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionChosen(SaysWhenNext):
    """A solution was chosen: by the customer, or for them because they did not choose."""

    kind: Literal[MessageKind.OPTION_CHOSEN] = MessageKind.OPTION_CHOSEN
    option: str  # its title
    by_default: bool = False  # whether it was chosen for them


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(SaysWhenNext):
    """A promise, a question or options no longer hold."""

    kind: Literal[MessageKind.WITHDRAWN] = MessageKind.WITHDRAWN
    withdrawn: Withdrawable
    subject: Prose  # what was promised or asked; empty for options
    explanation: Prose
    promised_at: datetime | None = None  # for when, where it is a promise


ConversationFacts = Update | Question | QuestionReminder | Options | OptionChosen | Withdrawn
"""Letters of the conversation."""
