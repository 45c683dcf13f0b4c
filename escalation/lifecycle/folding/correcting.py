"""Folds corrections and withdrawals."""

from typing import assert_never

from escalation.case.events import Corrected, CorrectingEvent, GivenBack, Withdrawn
from escalation.case.state import State
from escalation.copies import changed
from escalation.lifecycle.folding.ownership import with_packet, without_owner
from escalation.lifecycle.folding.pauses import end_pause
from escalation.vocabulary import PauseCause, Withdrawable


def keep(state: State, event: CorrectingEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case Corrected():
            return _corrected(state, event)
        case Withdrawn():
            return _withdrawn(state, event)
        case GivenBack():
            # People asked before may be asked again, but not the one who gave it back.
            return changed(with_packet(without_owner(state), event.packet), tried=(event.person,), offer_booked=False)
        case _:
            assert_never(event)


def _withdrawn(state: State, event: Withdrawn) -> State:
    match event.what:
        case Withdrawable.PROMISE:
            return state
        case Withdrawable.QUESTION:
            return end_pause(changed(state, question=""), PauseCause.WAITING_ON_CUSTOMER, event.at)
        case Withdrawable.OPTIONS:
            return changed(state, options=(), default_option="")
        case what:
            assert_never(what)


def _corrected(state: State, event: Corrected) -> State:
    now = event.correct
    return changed(
        state,
        category=now.category,
        subcategory=now.subcategory,
        summary=now.summary,
        customer=now.customer if now.customer != state.customer else state.customer,
        contact=now.contact,
        owes_contact=state.owes_contact or (now.contact != state.contact and state.messages > 0),
        our_fault=now.our_fault,
        start_tier=event.start_tier,
        owes_apology=now.our_fault and (state.owes_apology or not state.our_fault),
    )
