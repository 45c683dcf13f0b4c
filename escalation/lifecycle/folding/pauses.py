"""Folds the start and the end of a pause."""

from dataclasses import replace
from datetime import datetime

from escalation.case.state import State
from escalation.case.state_parts import PauseInterval
from escalation.copies import changed
from escalation.vocabulary import PauseCause


def begin_pause(state: State, cause: PauseCause, at: datetime, by: str) -> State:
    """The state with a pause of this cause; one that is open continues."""
    if state.is_paused_by(cause):
        return state
    return changed(state, pauses=(*state.pauses, PauseInterval(cause=cause, start=at, end=None, by=by)))


def end_pause(state: State, cause: PauseCause, at: datetime) -> State:
    """The state with the open pauses of this cause ended."""
    return _ended(state, at, {cause}) if state.is_paused_by(cause) else state


def end_all_pauses(state: State, at: datetime) -> State:
    """The state with nothing waited for any more."""
    return _ended(state, at, set(PauseCause)) if state.open_pauses else state


def _ended(state: State, at: datetime, causes: set[PauseCause]) -> State:
    pauses = (
        replace(pause, end=at) if pause.end is None and pause.cause in causes else pause for pause in state.pauses
    )
    return changed(state, pauses=tuple(pauses))
