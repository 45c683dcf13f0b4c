"""Folds events of thresholds, due dates, policies and messages."""

from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import HeldMessage
from escalation.clocks.undelivered import ADDRESS_FAILED, FOLLOW_UPS, undo
from escalation.copies import changed
from escalation.lifecycle.folding.kept import UNANSWERED_KEPT
from escalation.message_kinds import MessageKind
from escalation.vocabulary import CUSTOMER, Errand


def keep(state: State, event: events.ClockworkEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.MessageQueued():
            return _queued(state, event)
        case events.ThresholdReached():
            if event.left_out is not None:
                state = changed(state, left_out=state.left_out | {event.left_out})
            if not event.breach:
                return state
            return changed(state, breaches={**state.breaches, event.clock: state.breaches.get(event.clock, 0) + 1})
        case events.PolicyApplied():
            return changed(state, policy=event.policy, rules=event.rules)
        case events.DeliveryFailed():
            undone = undo(state, event)
            if event.unanswered:
                said = (*event.unanswered, *undone.unanswered)[-UNANSWERED_KEPT:]
                undone = changed(undone, unanswered=said)
            if event.to != CUSTOMER:
                return undone
            dead = state.customer.address if event.error in ADDRESS_FAILED else undone.dead_address
            return changed(undone, messages=undone.messages - 1, dead_address=dead)
        case events.GaveUp():
            return changed(state, is_unrecorded=True) if event.what is Errand.RECORD else state
        case events.MessageHeld():
            held = HeldMessage(key=event.key, message=event.message, to=event.to, until=event.until)
            return changed(state, held=(*(one for one in state.held if one.key != event.key), held))
        case events.MessagesReleased():
            return _released(state, event)
        case events.ClockStopped() | events.DueChanged() | events.DueSet() | events.HoldingUpdateWithheld():
            return state
        case _:
            assert_never(event)


def _released(state: State, event: events.MessagesReleased) -> State:
    # Those that went out as one, or not at all, count as one, or none.
    fewer = len(event.keys) - bool(event.key) if event.to == CUSTOMER else 0
    held = tuple(one for one in state.held if one.key not in event.keys)
    waits = FOLLOW_UPS.intersection(event.left_out) if state.is_unheard else frozenset[MessageKind]()
    return changed(state, held=held, messages=state.messages - fewer, left_out=state.left_out | waits)


def _queued(state: State, event: events.MessageQueued) -> State:
    sent = {**state.sent, event.message: state.sent.get(event.message, 0) + 1}
    if event.to != CUSTOMER:
        return changed(state, sent=sent)
    is_limit = event.message is MessageKind.CONTACT_LIMITED
    says_limit = is_limit or MessageKind.CONTACT_LIMITED in event.also
    return changed(
        state,
        sent=sent,
        messages=state.messages + 1,
        told_of_limit_at=event.at if says_limit else state.told_of_limit_at,
        owes_apology=state.owes_apology and is_limit,
        owes_contact=False,
        left_out=state.left_out - {event.message, *event.also},
    )
