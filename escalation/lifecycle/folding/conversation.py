"""What is said to and by the customer, and noted among ourselves, as the state keeps it."""

from datetime import datetime
from typing import assert_never

from escalation.case.events import (
    ChoiceLapsed,
    ConversationEvent,
    CustomerReplied,
    CustomerTold,
    FrustrationChanged,
    InformationRequested,
    MessagesPutForward,
    Noted,
    OptionChosen,
    OptionsOffered,
    Paused,
    Promised,
    PromiseKept,
    PromiseLapsed,
    Resumed,
    SeverityChanged,
    StepRepeated,
    UpdatesHeld,
    WordingOverridden,
)
from escalation.case.state import State
from escalation.case.state_parts import UpdatesHold
from escalation.case.tried_steps import with_steps
from escalation.copies import changed
from escalation.lifecycle.folding.kept import NOTES_KEPT, PROPOSALS_KEPT, WORDS_KEPT
from escalation.lifecycle.folding.pauses import begin_pause, end_pause
from escalation.vocabulary import ClockName, PauseCause


def keep(state: State, event: ConversationEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case Noted():
            notes = (*state.notes, event.text[:WORDS_KEPT])[-NOTES_KEPT:]
            steps = with_steps(state.steps_tried, (event.tried,))
            checked = tuple(dict.fromkeys((*state.checked, *event.checked)))
            return changed(state, notes=notes, steps_tried=steps, checked=checked)
        case CustomerReplied():
            return _replied(state, event)
        case InformationRequested():
            asked = changed(state, question=event.question)
            return begin_pause(asked, PauseCause.WAITING_ON_CUSTOMER, event.at, event.by)
        case UpdatesHeld():
            return changed(state, updates_hold=UpdatesHold(until=event.until, why=event.why, by=event.by))
        case Paused():
            return begin_pause(changed(state, waits_for=event.why), event.cause, event.at, event.by)
        case Resumed():
            return end_pause(state, event.cause, event.at)
        case MessagesPutForward():
            return changed(state, set_aside=0, contacts=_contacts(state, event.at, event.limit))
        case SeverityChanged():
            return changed(state, severity=event.new)
        case FrustrationChanged():
            return changed(state, frustration=event.new)
        case Promised():
            return changed(state, promise=event.what)
        case OptionsOffered():
            titles = with_steps(state.proposals, (option.title for option in event.options))
            return changed(
                state,
                options=event.options,
                default_option=event.default,
                offered={option.id: option.title for option in event.options},
                proposals=titles[-PROPOSALS_KEPT:],
            )
        case OptionChosen():
            chosen = next((one.title for one in state.options if one.id == event.option), event.option)
            return changed(state, options=(), default_option="", chosen=chosen)
        case ChoiceLapsed():
            return changed(state, options=(), default_option="")
        case PromiseLapsed():
            return changed(
                state, breaches={**state.breaches, ClockName.PROMISE: state.breaches.get(ClockName.PROMISE, 0) + 1}
            )
        case CustomerTold() | PromiseKept() | StepRepeated() | WordingOverridden():
            return state
        case _:
            assert_never(event)


def _replied(state: State, event: CustomerReplied) -> State:
    if event.automatic:
        return state
    state = changed(
        state,
        customer_words=event.text[:WORDS_KEPT],
        customer_wrote_at=event.at,
        contacts=_contacts(state, event.at, event.limit),
    )
    if event.settled:
        return state
    if event.set_aside_until is not None:
        return changed(state, set_aside=state.set_aside + 1)
    return end_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at)


def _contacts(state: State, at: datetime, limit: int) -> tuple[datetime, ...]:
    return (*state.contacts, at)[-limit:] if limit else state.contacts
