"""Who wrote the words of a message. Receivers treat what a program wrote in another way than a person's own words."""

from enum import StrEnum
from typing import assert_never

from escalation.messages.facts import Facts
from escalation.vocabulary import MessageKind

BY_PEOPLE = frozenset(
    {
        MessageKind.UPDATE,
        MessageKind.QUESTION,
        MessageKind.OPTIONS,
        MessageKind.WITHDRAWN,
        MessageKind.RESOLVED,
        MessageKind.APPROVAL_GRANTED,
        MessageKind.APPROVAL_REFUSED,
    }
)
"""Letters whose words a person wrote; all others are automatic."""


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
    match said.kind:
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
        case MessageKind.THANKS | MessageKind.CONTACT_LIMITED:
            return Author.PROGRAM_IN_ANSWER
        case MessageKind.OPTION_CHOSEN:
            return Author.PROGRAM if said.by_default else Author.PROGRAM_IN_ANSWER
        case MessageKind.REOPENED:
            # Only what the customer wrote themselves is in it.
            return Author.PROGRAM_IN_ANSWER if said.why else Author.PROGRAM
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
        case kind:
            assert_never(kind)
