"""Commands about what happened to the ticket in the help desk."""

from dataclasses import dataclass
from typing import Literal

from escalation.bounds import ActorId, Id, LongText, Remark
from escalation.vocabulary import TicketNews


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUpdate:
    """Record what a colleague wrote to the customer elsewhere, such as in the help desk.

    It counts as an update to the customer; nothing is sent.

    Attributes:
        text: The colleague's message, word for word.
    """

    kind: Literal["record_update"] = "record_update"
    by: ActorId
    text: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTicketNews:
    """Record what happened to the ticket in the help desk; the person who has the case is notified and decides what to do.

    While the ticket is deleted or marked as spam, nothing is written to it.

    Attributes:
        news: What happened.
        text: The text that came with it.
        other_ticket: The ticket into which it was merged, if known.
    """

    kind: Literal["ticket_news"] = "ticket_news"
    by: ActorId
    news: TicketNews
    text: Remark = ""
    other_ticket: Id = ""


DeskCommand = RecordUpdate | RecordTicketNews  # what happened in the help desk
