"""The current state of messages sent to colleagues: whether an offer is open, who has the case, whether it has ended.

A chat or a pager shows what was true when the message was sent. These are the words of what is true now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from escalation.case.events import (
    EVENTS,
    Acknowledged,
    AcknowledgementDecayed,
    Cancelled,
    Climbed,
    Closed,
    Declined,
    Event,
    Offered,
    OfferLapsed,
    OwnerSought,
    Reassigned,
    Reopened,
    Resolved,
    ShiftEnded,
)
from escalation.messages.buttons import offer_in


class State(StrEnum):
    """Of a message, the most pressing first."""

    OPEN = "open"
    ACCEPTED = "accepted"
    NEWS = "news"
    TAKEN = "taken"
    DECLINED = "declined"
    LAPSED = "lapsed"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Fate:
    """The state of a sent message, and who brought it there."""

    state: State
    by: str = ""  # id of the person who accepted, declined or has the case; empty for no one


_ENDS = (Resolved, Cancelled, Closed)
_MOVES = (OwnerSought, Reassigned, Climbed, AcknowledgementDecayed, ShiftEnded)
_ANSWERS = (Acknowledged, Declined, OfferLapsed)

CHANGING = frozenset(kind for kind, type_ in EVENTS.items() if issubclass(type_, (*_ENDS, *_MOVES, *_ANSWERS)))
"""Kinds of events after which a message may have another fate."""
READ = CHANGING | {kind for kind, type_ in EVENTS.items() if type_ in (Offered, Reopened)}
"""Kinds of events that `fates_of` reads."""


def fates_of(keys: Iterable[str], events: Iterable[Event]) -> dict[str, Fate]:
    """The fate of each message, by its key.

    Args:
        keys: Of messages to colleagues.
        events: Those of the kinds in `READ`, in order.
    """
    offers, is_over = dict[int, Fate](), False
    now = 0
    for event in events:
        if isinstance(event, Offered):
            now, offers[event.offer] = event.offer, Fate(State.OPEN)
        elif isinstance(event, Reopened):
            is_over = False
        else:
            is_over = is_over or isinstance(event, _ENDS)
            _follow(offers, now, event)
    news = Fate(State.OVER if is_over else State.NEWS)
    return {key: offers.get(offer_in(key), Fate(State.OPEN)) if offer_in(key) else news for key in keys}


def together(fates: Iterable[Fate]) -> Fate:
    """The fate that counts where several messages are one alert."""
    return min(fates, key=lambda fate: list(State).index(fate.state))


def _follow(offers: dict[int, Fate], now: int, event: Event) -> None:
    """Change what an event changes; `now` numbers the newest offer."""
    match event:
        case Acknowledged(person=person):
            offers.update({one: Fate(State.TAKEN, person) for one, fate in offers.items() if _missed(fate)})
            offers[now] = Fate(State.ACCEPTED, person)
        case Declined(person=person):
            offers[now] = Fate(State.DECLINED, person)
        case OfferLapsed():
            offers[now] = Fate(State.LAPSED)
        case Resolved() | Cancelled() | Closed():
            offers.update(dict.fromkeys(offers, Fate(State.OVER)))
        case _:
            offers.update({one: Fate(State.LAPSED) for one, fate in offers.items() if _holds(fate)})


def _missed(fate: Fate) -> bool:
    return fate.state in {State.LAPSED, State.TAKEN}


def _holds(fate: Fate) -> bool:
    return fate.state in {State.OPEN, State.ACCEPTED}
