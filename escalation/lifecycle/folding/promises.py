"""Folds promises to the customer and their outcome."""

from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.copies import changed
from escalation.vocabulary import ClockName


def keep(state: State, event: events.PromiseEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.Promised():
            return changed(state, owed_time="") if state.owed_time else state
        case events.PromiseKept():
            return changed(state, kept_at_solution=event.what) if event.at_solution else state
        case events.PromiseLapsed():
            return changed(
                state,
                owed_time="" if event.settled else event.what,
                breaches={**state.breaches, ClockName.PROMISE: state.breaches.get(ClockName.PROMISE, 0) + 1},
            )
        case events.PromiseReplaced() | events.PromiseDropped():
            return state
        case _:
            assert_never(event)
