"""The kinds of messages, and who writes their words."""

from enum import StrEnum
from typing import Self, assert_never


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


class MessageKind(StrEnum):
    """The subject of a message; each has its own template."""

    name_in_german: str  # what the agent's page calls it

    def __new__(cls, value: str, *german: str) -> Self:
        """A kind without its German name cannot be imported."""
        (name,) = german
        member = str.__new__(cls, value)
        member._value_ = value
        member.name_in_german = name
        return member

    # To the customer.
    RECEIPT = "receipt", "Eingangsbestätigung"
    ESCALATED = "escalated", "Übergabe nach oben"
    OWNER_CHANGED = "owner_changed", "Wer zuständig ist"
    UPDATE = "update", "Neuigkeit"
    HOLDING_UPDATE = "holding_update", "Zwischenstand"
    DELAY_NOTICE = "delay_notice", "Verspätung"
    QUESTION = "question", "Frage"
    QUESTION_REMINDER = "question_reminder", "Erinnerung an die Frage"
    OPTIONS = "options", "Lösungen zur Wahl"
    OPTIONS_REMINDER = "options_reminder", "Erinnerung an die Wahl"
    OPTION_CHOSEN = "option_chosen", "Wahl bestätigt"
    WITHDRAWN = "withdrawn", "Zurückgenommen"
    RESOLVED = "resolved", "Lösung"
    NO_REPLY = "no_reply", "Ohne Antwort beendet"
    FOLLOW_UP = "follow_up", "Nachfrage"
    FOLLOW_UP_SURVEY = "follow_up_survey", "Nachfrage mit Bewertung"
    THANKS = "thanks", "Dank"
    REOPENED = "reopened", "Wieder geöffnet"
    CLOSED = "closed", "Abschluss"
    CANCELLED = "cancelled", "Abbruch"
    APPROVAL_GRANTED = "approval_granted", "Genehmigung"
    APPROVAL_REFUSED = "approval_refused", "Keine Genehmigung"
    CONTACT_LIMITED = "contact_limited", "Nachrichten gesammelt"
    # To people of the support team.
    OFFER = "offer", "Anfrage"
    NOTICE = "notice", "Hinweis"

    @property
    def author(self) -> Author:
        """Who writes its words; `escalation.messages.authorship` knows the exceptions."""
        match self:
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
            case MessageKind.OPTION_CHOSEN | MessageKind.THANKS | MessageKind.REOPENED | MessageKind.CONTACT_LIMITED:
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
                assert_never(self)
