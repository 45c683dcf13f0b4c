"""Commands about what happened to the ticket in the help desk."""

from dataclasses import dataclass
from typing import Literal

from escalation.bounds import ActorId, Id, LongText, Remark
from escalation.vocabulary import TicketNews

__all__ = [
    "DeskCommand",
    "RecordTicketNews",
    "RecordUpdate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUpdate:
    """Record what a colleague wrote to the customer elsewhere, such as in the help desk.

    It counts as an update to them; nothing is sent.

    Attributes:
        text: What the customer got, in the colleague's words.
    """

    kind: Literal["record_update"] = "record_update"
    by: ActorId
    text: LongText


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordTicketNews:
    """Record what happened to the ticket in the help desk; who has the case is notified and decides what follows.

    Once it is deleted or marked as spam, nothing more is written to it there, until it is restored.

    Attributes:
        news: What happened.
        text: What was written with it.
        other_ticket: The ticket into which it was merged, where that is known.
    """

    kind: Literal["ticket_news"] = "ticket_news"
    by: ActorId
    news: TicketNews
    text: Remark = ""
    other_ticket: Id = ""


DeskCommand = RecordUpdate | RecordTicketNews
"""What happened in the help desk."""
