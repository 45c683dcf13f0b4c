"""Folds events of consults and approvals."""

from dataclasses import replace
from typing import assert_never

from escalation.case.events import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApproverAsked,
    ConsultAnswered,
    Consulted,
    ConsultingEvent,
    GrantedWithinAuthority,
)
from escalation.case.state import State
from escalation.case.state_parts import OpenApproval, OpenConsult
from escalation.copies import changed
from escalation.lifecycle.folding.kept import NOTES_KEPT, WORDS_KEPT


def keep(state: State, event: ConsultingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case Consulted():
            return changed(state, consult=OpenConsult(to=event.to, question=event.question, by=event.by))
        case ConsultAnswered():
            said = f"{event.to}: {event.answer}"[:WORDS_KEPT]
            return changed(state, consult=None, notes=(*state.notes, said)[-NOTES_KEPT:])
        case ApprovalRequested():
            asked = OpenApproval(
                number=event.number,
                what=event.what,
                amount=event.amount,
                tier=event.tier,
                why=event.why,
                by=event.by,
                currency=event.currency,
            )
            return changed(state, approval=asked, approvals=event.number)
        case ApproverAsked():
            if state.approval is None:
                return state
            return changed(state, approval=replace(state.approval, approver=event.person))
        case ApprovalGranted() | ApprovalRefused():
            return changed(state, approval=None)
        case GrantedWithinAuthority():
            return state
        case _:
            assert_never(event)
