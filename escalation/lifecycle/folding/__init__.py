"""What each event adds to the state: its own facts. `escalation.lifecycle.evolution` does the rest.

A module for each area of events, with one exhaustive match: mypy refuses an event that none of them handles.
"""

from typing import assert_never

from escalation.case.events import (
    ClockworkEvent,
    ClosingEvent,
    ConsultingEvent,
    ConversationEvent,
    CorrectingEvent,
    DeskEvent,
    Event,
    LinkingEvent,
    OwnershipEvent,
    PromiseEvent,
)
from escalation.case.state import State
from escalation.lifecycle.folding import (
    clockwork,
    closing,
    consulting,
    conversation,
    correcting,
    desk,
    linking,
    ownership,
    promises,
)


def keep_facts(state: State, event: Event) -> State:
    """The state with the facts of the event; its stage and its clocks are as before."""
    if isinstance(event, ClockworkEvent):  # first: four of five events of a life
        return clockwork.keep(state, event)
    if isinstance(event, OwnershipEvent):
        return ownership.keep(state, event)
    if isinstance(event, ConversationEvent):
        return conversation.keep(state, event)
    if isinstance(event, PromiseEvent):
        return promises.keep(state, event)
    if isinstance(event, CorrectingEvent):
        return correcting.keep(state, event)
    if isinstance(event, ClosingEvent):
        return closing.keep(state, event)
    if isinstance(event, ConsultingEvent):
        return consulting.keep(state, event)
    if isinstance(event, LinkingEvent):
        return linking.keep(state, event)
    if isinstance(event, DeskEvent):
        return desk.keep(state, event)
    assert_never(event)
