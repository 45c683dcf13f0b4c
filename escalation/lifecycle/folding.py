"""What each event adds to the state: its own facts, one small function each. `escalation.lifecycle.evolution` does the rest.

Who has the case stands in `folding_ownership`, what colleagues are asked in `folding_consulting`.
"""

from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from escalation.case import events
from escalation.case.events import Happened
from escalation.case.state import CycleResult, PauseInterval, State
from escalation.case.tried_steps import with_steps
from escalation.clocks.undelivered import undo
from escalation.copies import changed
from escalation.vocabulary import CUSTOMER, ClockName, Errand, MessageKind, PauseCause

NOTES_KEPT, PROPOSALS_KEPT = 5, 10
"""How many notes and proposed solutions a state carries for the hand-off packet; the timeline has them all."""
WORDS_KEPT = 300
"""How many characters it carries of each note, and of what the customer wrote last."""


def end_pause(state: State, cause: PauseCause, at: datetime) -> State:
    """The state with the open pauses of this cause ended."""
    if not state.is_paused_by(cause):
        return state
    ended = tuple(
        replace(pause, end=at) if pause.cause is cause and pause.end is None else pause for pause in state.pauses
    )
    return changed(state, pauses=ended)


def _begin_pause(state: State, cause: PauseCause, at: datetime, by: str) -> State:
    if state.is_paused_by(cause):
        return state
    return changed(state, pauses=(*state.pauses, PauseInterval(cause=cause, start=at, end=None, by=by)))


def without_owner(state: State) -> State:
    """Nobody owns it and nobody is asked; a former owner stays a follower."""
    if not (state.owner or state.offered_to or state.overseer_holds or state.shift_until):
        return state
    followers = state.followers
    if state.owner and state.owner not in followers:
        followers = (*followers, state.owner)
    previous = state.owner or state.previous_owner
    return changed(
        state,
        owner="",
        offered_to="",
        previous_owner=previous,
        followers=followers,
        overseer_holds=False,
        shift_until=None,
    )


@singledispatch
def keep_facts(event: Happened, state: State) -> State:
    """Facts of one event; most events say nothing the state keeps."""
    return state


@keep_facts.register
def _(event: events.Noted, state: State) -> State:
    notes = (*state.notes, event.text[:WORDS_KEPT])[-NOTES_KEPT:]
    return changed(state, notes=notes, steps_tried=with_steps(state.steps_tried, (event.tried,)))


@keep_facts.register
def _(event: events.InformationRequested, state: State) -> State:
    state = changed(state, question=event.question)
    return _begin_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at, event.by)


@keep_facts.register
def _(event: events.Paused, state: State) -> State:
    return _begin_pause(state, event.cause, event.at, event.by)


@keep_facts.register
def _(event: events.Resumed, state: State) -> State:
    return end_pause(state, event.cause, event.at)


@keep_facts.register
def _(event: events.SeverityChanged, state: State) -> State:
    return changed(state, severity=event.new)


@keep_facts.register
def _(event: events.PolicyApplied, state: State) -> State:
    return changed(state, policy=event.policy, rules=event.rules)


@keep_facts.register
def _(event: events.CustomerReplied, state: State) -> State:
    if event.automatic:
        return state
    state = changed(state, customer_words=event.text[:WORDS_KEPT], contacts=_contacts(state, event.at, event.limit))
    if event.set_aside_until is not None:
        return changed(state, set_aside=state.set_aside + 1)
    return end_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at)


@keep_facts.register
def _(event: events.MessagesPutForward, state: State) -> State:
    return changed(state, set_aside=0, contacts=_contacts(state, event.at, event.limit))


def _contacts(state: State, at: datetime, limit: int) -> tuple[datetime, ...]:
    return (*state.contacts, at)[-limit:] if limit else state.contacts


@keep_facts.register
def _(event: events.FrustrationChanged, state: State) -> State:
    return changed(state, frustration=event.new)


@keep_facts.register
def _(event: events.Promised, state: State) -> State:
    return changed(state, promise=event.what)


@keep_facts.register
def _(event: events.OptionsOffered, state: State) -> State:
    titles = with_steps(state.proposals, (option.title for option in event.options))
    return changed(state, options=event.options, default_option=event.default, proposals=titles[-PROPOSALS_KEPT:])


@keep_facts.register(events.OptionChosen)
@keep_facts.register(events.ChoiceLapsed)
def _(event: events.OptionChosen | events.ChoiceLapsed, state: State) -> State:
    return changed(state, options=(), default_option="")


@keep_facts.register
def _(event: events.Resolved, state: State) -> State:
    result = CycleResult(
        cycle=state.cycle,
        opened_at=state.cycle_opened_at,
        resolved_at=event.at,
        outcome=event.outcome,
        breached=_breached_in_this_cycle(state),
    )
    state = _end_all_pauses(state, event.at)
    return changed(
        state,
        results=(*state.results, result),
        outcome=event.outcome,
        solution=event.solution,
        resolved_at=event.at,
        offered_to="",
        options=(),
        default_option="",
        offer_booked=False,
        proposal="",
        shift_until=None,
        consult=None,
        approval=None,
    )


@keep_facts.register
def _(event: events.Reopened, state: State) -> State:
    state = without_owner(state)
    return changed(
        state,
        cycle=event.cycle,
        cycle_opened_at=event.at,
        outcome=None,
        resolved_at=None,
        closed_at=None,
        score=None,
        round=1,
        tried=(),
    )


@keep_facts.register
def _(event: events.SurveyAnswered, state: State) -> State:
    return changed(state, score=event.score)


@keep_facts.register
def _(event: events.Closed, state: State) -> State:
    return changed(state, closed_at=event.at)


@keep_facts.register
def _(event: events.Cancelled, state: State) -> State:
    state = _end_all_pauses(without_owner(state), event.at)
    return changed(state, closed_at=event.at, offer_booked=False, consult=None, approval=None)


@keep_facts.register
def _(event: events.IncidentLinked, state: State) -> State:
    return changed(state, incident=event.incident)


@keep_facts.register
def _(event: events.IncidentUnlinked, state: State) -> State:
    return changed(state, incident="", proposal="")


@keep_facts.register
def _(event: events.BulletinRelayed, state: State) -> State:
    return changed(state, bulletins={**state.bulletins, event.incident: event.number})


@keep_facts.register
def _(event: events.ResolutionProposed, state: State) -> State:
    bulletins = {**state.bulletins, event.incident: event.number}
    return changed(state, bulletins=bulletins, proposal=event.solution)


@keep_facts.register
def _(event: events.ProposalWithdrawn, state: State) -> State:
    return changed(state, bulletins={**state.bulletins, event.incident: event.number}, proposal="")


@keep_facts.register
def _(event: events.ThresholdReached, state: State) -> State:
    if not event.breach:
        return state
    return changed(state, breaches={**state.breaches, event.clock: state.breaches.get(event.clock, 0) + 1})


@keep_facts.register
def _(event: events.GaveUp, state: State) -> State:
    return changed(state, is_unrecorded=True) if event.what is Errand.RECORD else state


@keep_facts.register
def _(event: events.DeliveryFailed, state: State) -> State:
    return undo(state, event)


@keep_facts.register
def _(event: events.MessageQueued, state: State) -> State:
    sent = {**state.sent, event.message: state.sent.get(event.message, 0) + 1}
    if event.to != CUSTOMER:
        return changed(state, sent=sent)
    told = event.at if event.message is MessageKind.CONTACT_LIMITED else state.told_of_limit_at
    return changed(state, sent=sent, messages=state.messages + 1, told_of_limit_at=told)


def _end_all_pauses(state: State, at: datetime) -> State:
    for pause in state.open_pauses:
        state = end_pause(state, pause.cause, at)
    return state


def _breached_in_this_cycle(state: State) -> bool:
    run = state.runs.get(ClockName.RESOLUTION)
    return run is not None and run.breached
