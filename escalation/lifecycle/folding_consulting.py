"""What consults and approvals add to the state; `escalation.lifecycle.evolution` loads it beside `escalation.lifecycle.folding`."""

from dataclasses import replace

from escalation.case import events
from escalation.case.state import OpenApproval, OpenConsult, State
from escalation.copies import changed
from escalation.lifecycle.folding import NOTES_KEPT, WORDS_KEPT, keep_facts


@keep_facts.register
def _(event: events.Consulted, state: State) -> State:
    return changed(state, consult=OpenConsult(to=event.to, question=event.question, by=event.by))


@keep_facts.register
def _(event: events.ConsultAnswered, state: State) -> State:
    said = f"{event.to}: {event.answer}"[:WORDS_KEPT]
    return changed(state, consult=None, notes=(*state.notes, said)[-NOTES_KEPT:])


@keep_facts.register
def _(event: events.ApprovalRequested, state: State) -> State:
    asked = OpenApproval(
        number=event.number, what=event.what, amount=event.amount, tier=event.tier, why=event.why, by=event.by
    )
    return changed(state, approval=asked, approvals=event.number)


@keep_facts.register
def _(event: events.ApproverAsked, state: State) -> State:
    if state.approval is None:
        return state
    return changed(state, approval=replace(state.approval, approver=event.person))


@keep_facts.register(events.ApprovalGranted)
@keep_facts.register(events.ApprovalRefused)
def _(_: events.ApprovalGranted | events.ApprovalRefused, state: State) -> State:
    return changed(state, approval=None)
