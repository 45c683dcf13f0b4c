"""Folds events of the linked incident."""

from typing import assert_never

from escalation.case.events import (
    BulletinRelayed,
    IncidentLinked,
    IncidentUnlinked,
    LinkingEvent,
    ProposalWithdrawn,
    ResolutionProposed,
)
from escalation.case.state import State
from escalation.copies import changed


def keep(state: State, event: LinkingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case IncidentLinked():
            return changed(state, incident=event.incident)
        case IncidentUnlinked():
            return changed(state, incident="", proposal="")
        case BulletinRelayed():
            return _taken(state, event)
        case ResolutionProposed():
            return changed(_taken(state, event), proposal=event.solution)
        case ProposalWithdrawn():
            return changed(_taken(state, event), proposal="")
        case _:
            assert_never(event)


def _taken(state: State, event: BulletinRelayed | ResolutionProposed | ProposalWithdrawn) -> State:
    return changed(state, bulletins={**state.bulletins, event.incident: event.number})
