"""Folds events of consults and approvals."""

from dataclasses import replace
from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import OpenApproval, OpenConsult
from escalation.copies import changed, shared
from escalation.lifecycle.folding.kept import NOTES_KEPT, WORDS_KEPT


def keep(state: State, event: events.ConsultingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.Consulted():
            return changed(state, consult=OpenConsult(to=event.to, question=event.question, by=event.by))
        case events.ConsultAnswered():
            said = f"{event.to}: {event.answer}"[:WORDS_KEPT]
            return changed(state, consult=None, notes=(*state.notes, said)[-NOTES_KEPT:])
        case events.ApprovalRequested():
            asked = OpenApproval(**shared(event, OpenApproval))
            return changed(state, approval=asked, approvals=event.number)
        case events.ApproverAsked():
            if state.approval is None:
                return state
            return changed(state, approval=replace(state.approval, approver=event.person))
        case events.ApprovalGranted() | events.ApprovalRefused():
            return changed(state, approval=None)
        case events.GrantedWithinAuthority():
            return state
        case _:
            assert_never(event)
