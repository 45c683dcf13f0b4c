"""Folds events of the ticket in the help desk."""

from typing import assert_never

from escalation.case.events import CustomerToldElsewhere, DeskEvent, TicketNewsCame
from escalation.case.state import State
from escalation.copies import changed
from escalation.vocabulary import TicketNews

# News that say nothing about the state of the ticket.
_CHANGES_NOTHING = frozenset({TicketNews.UNKNOWN_AUTHOR, TicketNews.NEW_REQUESTER, TicketNews.FLOODED})


def keep(state: State, event: DeskEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case CustomerToldElsewhere():
            return state
        case TicketNewsCame():
            known = state.ticket_news if event.news in _CHANGES_NOTHING else event.news
            return changed(state, ticket_news=known)
        case _:
            assert_never(event)
