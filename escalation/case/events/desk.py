"""Events of the ticket in the help desk."""

from dataclasses import dataclass
from typing import Literal

from escalation.case.events.base import Happened, said
from escalation.vocabulary import TicketNews


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerToldElsewhere(Happened):
    """A person wrote to the customer elsewhere, such as in the help desk; no letter follows."""

    sentences = said(
        '{by} wrote to the customer in the help desk: "{text}"', "{by} hat im Helpdesk geschrieben: „{text}“"
    )
    kind: Literal["customer_told_elsewhere"] = "customer_told_elsewhere"
    by: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketNewsCame(Happened):
    """Something happened to the ticket in the help desk.

    Attributes:
        text: The text that came with it.
        other_ticket: The ticket into which it was merged; empty where that is not known.
    """

    sentences = said(
        "the ticket in the help desk: {news}[ into {other_ticket}][: {text}]",
        "Das Ticket im Helpdesk: {news}[ mit {other_ticket}][: {text}]",
    )
    kind: Literal["ticket_news_came"] = "ticket_news_came"
    news: TicketNews
    by: str
    text: str = ""
    other_ticket: str = ""


DeskEvent = CustomerToldElsewhere | TicketNewsCame  # what happened in the help desk
