"""Folds the facts of each event into the state. `escalation.lifecycle.evolution` does the rest.

A module for each area of events, with one exhaustive match: mypy refuses an event that none of them handles.
"""

from typing import assert_never

from escalation.case import events
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


def keep_facts(state: State, event: events.Event) -> State:
    """The state with the facts of the event; its stage and its clocks are as before."""
    if isinstance(event, events.ClockworkEvent):  # first: four of five events of a life
        return clockwork.keep(state, event)
    if isinstance(event, events.OwnershipEvent):
        return ownership.keep(state, event)
    if isinstance(event, events.ConversationEvent):
        return conversation.keep(state, event)
    if isinstance(event, events.PromiseEvent):
        return promises.keep(state, event)
    if isinstance(event, events.CorrectingEvent):
        return correcting.keep(state, event)
    if isinstance(event, events.ClosingEvent):
        return closing.keep(state, event)
    if isinstance(event, events.ConsultingEvent):
        return consulting.keep(state, event)
    if isinstance(event, events.LinkingEvent):
        return linking.keep(state, event)
    if isinstance(event, events.DeskEvent):
        return desk.keep(state, event)
    assert_never(event)
