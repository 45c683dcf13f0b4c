"""Who wrote the words of a message. Receivers treat what a program wrote in another way than a person's own words."""

from enum import StrEnum
from typing import assert_never

from escalation.messages.facts import Facts, OptionChosen, Reopened
from escalation.vocabulary import MessageKind


class Author(StrEnum):
    """Who wrote the words of a message.

    Attributes:
        PERSON: A person of the team, for this recipient.
        PROGRAM: The program, by itself.
        PROGRAM_IN_ANSWER: The program, because the recipient has just written.
    """

    PERSON = "person"
    PROGRAM = "program"
    PROGRAM_IN_ANSWER = "program_in_answer"


def author_of(said: Facts) -> Author:
    """Who wrote the words of a message that says this."""
    match said:
        case OptionChosen(by_default=True) | Reopened(why="", score=0) | Reopened(in_answer=False):
            # The customer has not just written: a choice by default, a case that a colleague or a clock reopened.
            return Author.PROGRAM
        case _:
            return _usual(said.kind)


def _usual(kind: MessageKind) -> Author:
    match kind:
        case (
            MessageKind.UPDATE
            | MessageKind.QUESTION
            | MessageKind.OPTIONS
            | MessageKind.WITHDRAWN
            | MessageKind.RESOLVED
            | MessageKind.APPROVAL_GRANTED
            | MessageKind.APPROVAL_REFUSED
        ):
            return Author.PERSON
        case MessageKind.THANKS | MessageKind.CONTACT_LIMITED | MessageKind.OPTION_CHOSEN | MessageKind.REOPENED:
            return Author.PROGRAM_IN_ANSWER
        case (
            MessageKind.RECEIPT
            | MessageKind.ESCALATED
            | MessageKind.OWNER_CHANGED
            | MessageKind.HOLDING_UPDATE
            | MessageKind.DELAY_NOTICE
            | MessageKind.QUESTION_REMINDER
            | MessageKind.OPTIONS_REMINDER
            | MessageKind.NO_REPLY
            | MessageKind.FOLLOW_UP
            | MessageKind.FOLLOW_UP_SURVEY
            | MessageKind.CLOSED
            | MessageKind.CANCELLED
            | MessageKind.OFFER
            | MessageKind.NOTICE
        ):
            return Author.PROGRAM
        case _:
            assert_never(kind)


BY_PEOPLE = frozenset(kind for kind in MessageKind if _usual(kind) is Author.PERSON)
"""Letters whose words a person wrote; all others are automatic."""
