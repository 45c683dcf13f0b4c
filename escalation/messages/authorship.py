"""Who wrote the words of a message. Receivers treat what a program wrote in another way than a person's own words."""

from collections.abc import Mapping
from enum import StrEnum

from escalation.messages.effects import Message
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


_AUTHORS: Mapping[MessageKind, Author] = {
    MessageKind.RECEIPT: Author.PROGRAM,
    MessageKind.ESCALATED: Author.PROGRAM,
    MessageKind.OWNER_CHANGED: Author.PROGRAM,
    MessageKind.UPDATE: Author.PERSON,
    MessageKind.HOLDING_UPDATE: Author.PROGRAM,
    MessageKind.DELAY_NOTICE: Author.PROGRAM,
    MessageKind.QUESTION: Author.PERSON,
    MessageKind.QUESTION_REMINDER: Author.PROGRAM,
    MessageKind.OPTIONS: Author.PERSON,
    MessageKind.OPTIONS_REMINDER: Author.PROGRAM,
    MessageKind.RESOLVED: Author.PERSON,
    MessageKind.NO_REPLY: Author.PROGRAM,
    MessageKind.FOLLOW_UP: Author.PROGRAM,
    MessageKind.FOLLOW_UP_SURVEY: Author.PROGRAM,
    MessageKind.THANKS: Author.PROGRAM_IN_ANSWER,
    MessageKind.REOPENED: Author.PROGRAM,
    MessageKind.CLOSED: Author.PROGRAM,
    MessageKind.CANCELLED: Author.PROGRAM,
    MessageKind.APPROVAL_GRANTED: Author.PERSON,
    MessageKind.APPROVAL_REFUSED: Author.PERSON,
    MessageKind.CONTACT_LIMITED: Author.PROGRAM_IN_ANSWER,
    MessageKind.OFFER: Author.PROGRAM,
    MessageKind.NOTICE: Author.PROGRAM,
}


def author_of(message: Message) -> Author:
    """Who wrote the words of this message."""
    if message.message is MessageKind.REOPENED and message.facts.get("why"):
        # Only what the customer wrote themselves is in it.
        return Author.PROGRAM_IN_ANSWER
    return _AUTHORS[message.message]
