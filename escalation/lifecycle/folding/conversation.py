"""Folds events of the conversation with the customer, and notes."""

from datetime import datetime
from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.state_parts import Unanswered, UpdatesHold
from escalation.case.tried_steps import with_steps
from escalation.copies import changed
from escalation.lifecycle.folding.kept import NOTES_KEPT, PROPOSALS_KEPT, UNANSWERED_KEPT, WORDS_KEPT
from escalation.lifecycle.folding.pauses import begin_pause, end_pause
from escalation.vocabulary import PauseCause, Reading


def keep(state: State, event: events.ConversationEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.Noted():
            notes = (*state.notes, event.text[:WORDS_KEPT])[-NOTES_KEPT:]
            steps = with_steps(state.steps_tried, (event.tried,))
            checked = tuple(dict.fromkeys((*state.checked, *event.checked)))
            return changed(state, notes=notes, steps_tried=steps, checked=checked)
        case events.CustomerReplied():
            return _replied(state, event)
        case events.InformationRequested():
            asked = changed(state, question=event.question)
            return begin_pause(asked, PauseCause.WAITING_ON_CUSTOMER, event.at, event.by)
        case events.UpdatesHeld():
            return changed(state, updates_hold=UpdatesHold(until=event.until, why=event.why, by=event.by))
        case events.Paused():
            return begin_pause(changed(state, waits_for=event.why), event.cause, event.at, event.by)
        case events.Resumed():
            return end_pause(state, event.cause, event.at)
        case events.MessagesPutForward():
            unanswered = (*state.unanswered, *state.aside)[-UNANSWERED_KEPT:]
            contacts = _contacts(state, event.at, event.limit)
            return changed(state, set_aside=0, aside=(), unanswered=unanswered, contacts=contacts)
        case events.SeverityChanged():
            return changed(state, severity=event.new)
        case events.FrustrationChanged():
            return changed(state, frustration=event.new)
        case events.CustomerTold():
            return changed(state, owed_time="") if state.owed_time else state
        case events.OptionsOffered():
            titles = with_steps(state.proposals, (option.title for option in event.options))
            return changed(
                state,
                options=event.options,
                default_option=event.default,
                offered={option.id: option.title for option in event.options},
                proposals=titles[-PROPOSALS_KEPT:],
            )
        case events.OptionChosen():
            chosen = next((one.title for one in state.options if one.id == event.option), event.option)
            return changed(state, options=(), default_option="", chosen=chosen)
        case events.ChoiceLapsed():
            return changed(state, options=(), default_option="")
        case events.StepRepeated() | events.WordingOverridden():
            return state
        case _:
            assert_never(event)


def _replied(state: State, event: events.CustomerReplied) -> State:
    if event.automatic:
        return state
    chose = event.reading is Reading.CHOICE
    if not chose:  # the title of a solution is not in their words
        state = with_words(state, event.text, event.at)
    state = changed(state, contacts=_contacts(state, event.at, event.limit))
    if event.settled:
        return state
    said = Unanswered(text=event.text[:WORDS_KEPT], at=event.at, is_choice=chose)
    if event.set_aside_until is not None:
        return changed(state, set_aside=state.set_aside + 1, aside=(*state.aside, said)[-UNANSWERED_KEPT:])
    state = with_unanswered(state, said)
    return end_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at)


def with_words(state: State, text: str, at: datetime) -> State:
    """The state with what the customer wrote last."""
    return changed(state, customer_words=text[:WORDS_KEPT], customer_wrote_at=at, dead_address="")


def with_unanswered(state: State, said: Unanswered) -> State:
    """The state with more that a person has to answer."""
    return changed(state, unanswered=(*state.unanswered, said)[-UNANSWERED_KEPT:])


def _contacts(state: State, at: datetime, limit: int) -> tuple[datetime, ...]:
    return (*state.contacts, at)[-limit:] if limit else state.contacts
