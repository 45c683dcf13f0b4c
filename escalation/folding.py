"""What each event adds to the state: its own facts, one small function each. `escalation.evolution` does the rest."""

from dataclasses import replace
from datetime import datetime
from functools import singledispatch

from escalation import events
from escalation.events import Happened
from escalation.state import CycleResult, PauseInterval, State
from escalation.vocabulary import CUSTOMER, ClockName, PauseCause

STEPS_KEPT = 20
"""How many tried steps a state carries for the hand-off packet; the timeline has them all."""


def end_pause(state: State, cause: PauseCause, at: datetime) -> State:
    """The state with the open pauses of this cause ended."""
    ended = tuple(
        replace(pause, end=at) if pause.cause is cause and pause.end is None else pause for pause in state.pauses
    )
    return replace(state, pauses=ended)


def _begin_pause(state: State, cause: PauseCause, at: datetime, by: str) -> State:
    if state.is_paused_by(cause):
        return state
    return replace(state, pauses=(*state.pauses, PauseInterval(cause=cause, start=at, end=None, by=by)))


def _without_owner(state: State) -> State:
    """Nobody owns it and nobody is asked; a former owner stays a follower."""
    followers = state.followers
    if state.owner and state.owner not in followers:
        followers = (*followers, state.owner)
    previous = state.owner or state.previous_owner
    return replace(state, owner="", offered_to="", previous_owner=previous, followers=followers, overseer_holds=False)


def _with_tried(state: State, person: str) -> State:
    return state if person in state.tried else replace(state, tried=(*state.tried, person))


@singledispatch
def keep_facts(event: Happened, state: State) -> State:
    """Facts of one event; most events say nothing the state keeps."""
    return state


@keep_facts.register
def _(event: events.OwnerSought, state: State) -> State:
    state = _without_owner(state)
    return replace(state, offer=event.offer, tier=event.tier, offer_booked=True, offer_delayed=False)


@keep_facts.register
def _(event: events.Offered, state: State) -> State:
    state = _with_tried(_without_owner(state), event.person)
    is_new = event.offer != state.offer
    return replace(
        state,
        offer=event.offer,
        tier=event.tier,
        offered_to=event.person,
        offer_booked=True,
        offer_delayed=state.offer_delayed and not is_new,
    )


@keep_facts.register
def _(event: events.Acknowledged, state: State) -> State:
    return replace(state, owner=event.person, offered_to="")


@keep_facts.register(events.Declined)
@keep_facts.register(events.OfferLapsed)
@keep_facts.register(events.AcknowledgementDecayed)
def _(event: events.Declined | events.OfferLapsed | events.AcknowledgementDecayed, state: State) -> State:
    return replace(_with_tried(_without_owner(state), event.person), offer_booked=False)


@keep_facts.register
def _(event: events.TierSkipped, state: State) -> State:
    return replace(state, tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.LadderRestarted, state: State) -> State:
    return replace(state, round=event.round, tier=event.tier, tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.AssignmentDelayed, state: State) -> State:
    return replace(state, offer_delayed=True)


@keep_facts.register
def _(event: events.OverseerHeld, state: State) -> State:
    return replace(_without_owner(state), owner=event.person, overseer_holds=True, offer_booked=False)


@keep_facts.register
def _(event: events.Climbed, state: State) -> State:
    return replace(_without_owner(state), tier=event.to_tier, tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.Reassigned, state: State) -> State:
    return replace(_without_owner(state), tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.Noted, state: State) -> State:
    if not event.tried:
        return state
    return replace(state, steps_tried=(*state.steps_tried, event.tried)[-STEPS_KEPT:])


@keep_facts.register
def _(event: events.InformationRequested, state: State) -> State:
    state = replace(state, question=event.question)
    return _begin_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at, event.by)


@keep_facts.register
def _(event: events.Paused, state: State) -> State:
    return _begin_pause(state, event.cause, event.at, event.by)


@keep_facts.register
def _(event: events.Resumed, state: State) -> State:
    return end_pause(state, event.cause, event.at)


@keep_facts.register
def _(event: events.SeverityChanged, state: State) -> State:
    return replace(state, severity=event.new)


@keep_facts.register
def _(event: events.FrustrationChanged, state: State) -> State:
    return replace(state, frustration=event.new)


@keep_facts.register
def _(event: events.Promised, state: State) -> State:
    return replace(state, promise=event.what)


@keep_facts.register
def _(event: events.OptionsOffered, state: State) -> State:
    return replace(state, options=event.options, default_option=event.default)


@keep_facts.register(events.OptionChosen)
@keep_facts.register(events.ChoiceLapsed)
def _(event: events.OptionChosen | events.ChoiceLapsed, state: State) -> State:
    return replace(state, options=(), default_option="")


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
    return replace(
        state,
        results=(*state.results, result),
        outcome=event.outcome,
        solution=event.solution,
        resolved_at=event.at,
        options=(),
        default_option="",
        offer_booked=False,
    )


@keep_facts.register
def _(event: events.Reopened, state: State) -> State:
    state = _without_owner(state)
    return replace(
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
    return replace(state, score=event.score)


@keep_facts.register
def _(event: events.Closed, state: State) -> State:
    return replace(state, closed_at=event.at)


@keep_facts.register
def _(event: events.Cancelled, state: State) -> State:
    state = _end_all_pauses(_without_owner(state), event.at)
    return replace(state, closed_at=event.at, offer_booked=False)


@keep_facts.register
def _(event: events.ThresholdReached, state: State) -> State:
    if not event.breach:
        return state
    return replace(state, breaches={**state.breaches, event.clock: state.breaches.get(event.clock, 0) + 1})


@keep_facts.register
def _(event: events.MessageQueued, state: State) -> State:
    to_customer = 1 if event.to == CUSTOMER else 0
    return replace(
        state,
        sent={**state.sent, event.message: state.sent.get(event.message, 0) + 1},
        messages=state.messages + to_customer,
    )


def _end_all_pauses(state: State, at: datetime) -> State:
    for pause in state.open_pauses:
        state = end_pause(state, pause.cause, at)
    return state


def _breached_in_this_cycle(state: State) -> bool:
    run = state.runs.get(ClockName.RESOLUTION)
    return run is not None and run.breached
