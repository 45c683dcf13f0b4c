"""Folds events of the linked incident."""

from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.copies import changed


def keep(state: State, event: events.LinkingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.IncidentLinked():
            return changed(state, incident=event.incident)
        case events.IncidentUnlinked():
            return changed(state, incident="", proposal="")
        case events.BulletinRelayed():
            return _taken(state, event)
        case events.ResolutionProposed():
            return changed(_taken(state, event), proposal=event.solution)
        case events.ProposalWithdrawn():
            return changed(_taken(state, event), proposal="")
        case _:
            assert_never(event)


def _taken(state: State, event: events.BulletinRelayed | events.ResolutionProposed | events.ProposalWithdrawn) -> State:
    return changed(state, bulletins={**state.bulletins, event.incident: event.number})
