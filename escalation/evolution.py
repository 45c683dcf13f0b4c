"""Folding events into state. Total: an event that was once written never fails to fold.

The order for each event: its own facts, then the stage it leads to (`STAGE_AFTER`), then the end of a wait that
the stage leaves behind, then the clocks (`escalation.clocks`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import reduce, singledispatch

from escalation import events
from escalation.clocks import apply_to_clocks
from escalation.events import Event, Happened
from escalation.state import CycleResult, PauseInterval, State
from escalation.vocabulary import CUSTOMER, ClockName, PauseCause, Stage

STEPS_KEPT = 20
"""How many tried steps a state carries for the hand-off packet; the timeline has them all."""

STAGE_AFTER: Mapping[str, Stage] = {
    "owner_sought": Stage.UNASSIGNED,
    "offered": Stage.OFFERED,
    "acknowledged": Stage.WORKING,
    "overseer_held": Stage.WORKING,
    "information_requested": Stage.WAITING_ON_CUSTOMER,
    "resolved": Stage.RESOLVED,
    "reopened": Stage.UNASSIGNED,
    "closed": Stage.CLOSED,
    "cancelled": Stage.CANCELLED,
}
"""The stage an event leads to, whatever the stage before; other events leave it as it is."""


class NotOpened(LookupError):
    """A timeline does not begin with its opening."""


def evolve(state: State | None, event: Event) -> State:
    """The state after one more event.

    Args:
        state: The state before; None only for the opening.
        event: What happened.

    Raises:
        NotOpened: There is no state and the event is not the opening.
    """
    if state is None:
        if not isinstance(event, events.Opened):
            raise NotOpened(f"a timeline begins with `opened`, not with `{event.kind}`")
        return apply_to_clocks(_opened(event), event)
    after = replace(_fold(event, state), seq=state.seq + 1)
    after = replace(after, stage=_stage_after(state, event))
    if state.stage is Stage.WAITING_ON_CUSTOMER and after.stage is not Stage.WAITING_ON_CUSTOMER:
        after = _end_pause(after, PauseCause.WAITING_ON_CUSTOMER, event.at)
    return apply_to_clocks(after, event)


def fold(timeline: Iterable[Event]) -> State:
    """The state a whole timeline leads to.

    Raises:
        NotOpened: The timeline is empty or does not begin with its opening.
    """
    state = reduce(evolve, timeline, None)
    if state is None:
        raise NotOpened("the timeline is empty")
    return state


def _stage_after(state: State, event: Event) -> Stage:
    if isinstance(event, events.CustomerReplied) and state.stage is Stage.WAITING_ON_CUSTOMER:
        return Stage.WORKING
    return STAGE_AFTER.get(event.kind, state.stage)


def _opened(event: events.Opened) -> State:
    return State(
        seq=1,
        ticket=event.ticket,
        summary=event.summary,
        customer=event.customer,
        contact=event.contact,
        severity=event.severity,
        category=event.category,
        reasons=event.reasons,
        policy=event.policy,
        frustration=event.frustration,
        our_fault=event.our_fault,
        stage=Stage.UNASSIGNED,
        opened_at=event.at,
        cycle_opened_at=event.at,
        tier=event.tier,
        start_tier=event.tier,
    )


def _end_pause(state: State, cause: PauseCause, at: datetime) -> State:
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
def _fold(event: Happened, state: State) -> State:
    """Facts of one event; most events say nothing the state keeps."""
    return state


@_fold.register
def _(event: events.OwnerSought, state: State) -> State:
    return replace(_without_owner(state), offer=event.offer, tier=event.tier, offer_booked=True)


@_fold.register
def _(event: events.Offered, state: State) -> State:
    state = _with_tried(_without_owner(state), event.person)
    return replace(state, offer=event.offer, tier=event.tier, offered_to=event.person, offer_booked=True)


@_fold.register
def _(event: events.Acknowledged, state: State) -> State:
    return replace(state, owner=event.person, offered_to="")


@_fold.register(events.Declined)
@_fold.register(events.OfferLapsed)
@_fold.register(events.AcknowledgementDecayed)
def _(event: events.Declined | events.OfferLapsed | events.AcknowledgementDecayed, state: State) -> State:
    return replace(_with_tried(_without_owner(state), event.person), offer_booked=False)


@_fold.register
def _(event: events.TierSkipped, state: State) -> State:
    return replace(state, tried=(), offer_booked=False)


@_fold.register
def _(event: events.LadderRestarted, state: State) -> State:
    return replace(state, round=event.round, tier=event.tier, tried=(), offer_booked=False)


@_fold.register
def _(event: events.OverseerHeld, state: State) -> State:
    return replace(_without_owner(state), owner=event.person, overseer_holds=True, offer_booked=False)


@_fold.register
def _(event: events.Climbed, state: State) -> State:
    return replace(_without_owner(state), tier=event.to_tier, tried=(), offer_booked=False)


@_fold.register
def _(event: events.Reassigned, state: State) -> State:
    return replace(_without_owner(state), tried=(), offer_booked=False)


@_fold.register
def _(event: events.Noted, state: State) -> State:
    if not event.tried:
        return state
    return replace(state, steps_tried=(*state.steps_tried, event.tried)[-STEPS_KEPT:])


@_fold.register
def _(event: events.InformationRequested, state: State) -> State:
    state = replace(state, question=event.question)
    return _begin_pause(state, PauseCause.WAITING_ON_CUSTOMER, event.at, event.by)


@_fold.register
def _(event: events.Paused, state: State) -> State:
    return _begin_pause(state, event.cause, event.at, event.by)


@_fold.register
def _(event: events.Resumed, state: State) -> State:
    return _end_pause(state, event.cause, event.at)


@_fold.register
def _(event: events.SeverityChanged, state: State) -> State:
    return replace(state, severity=event.new)


@_fold.register
def _(event: events.FrustrationChanged, state: State) -> State:
    return replace(state, frustration=event.new)


@_fold.register
def _(event: events.Promised, state: State) -> State:
    return replace(state, promise=event.what)


@_fold.register
def _(event: events.OptionsOffered, state: State) -> State:
    return replace(state, options=event.options, default_option=event.default)


@_fold.register(events.OptionChosen)
@_fold.register(events.ChoiceLapsed)
def _(event: events.OptionChosen | events.ChoiceLapsed, state: State) -> State:
    return replace(state, options=(), default_option="")


@_fold.register
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


@_fold.register
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


@_fold.register
def _(event: events.SurveyAnswered, state: State) -> State:
    return replace(state, score=event.score)


@_fold.register
def _(event: events.Closed, state: State) -> State:
    return replace(state, closed_at=event.at)


@_fold.register
def _(event: events.Cancelled, state: State) -> State:
    state = _end_all_pauses(_without_owner(state), event.at)
    return replace(state, closed_at=event.at, offer_booked=False)


@_fold.register
def _(event: events.ThresholdReached, state: State) -> State:
    if not event.breach:
        return state
    return replace(state, breaches={**state.breaches, event.clock: state.breaches.get(event.clock, 0) + 1})


@_fold.register
def _(event: events.MessageQueued, state: State) -> State:
    to_customer = 1 if event.to == CUSTOMER else 0
    return replace(
        state,
        sent={**state.sent, event.message: state.sent.get(event.message, 0) + 1},
        messages=state.messages + to_customer,
    )


def _end_all_pauses(state: State, at: datetime) -> State:
    for pause in state.open_pauses:
        state = _end_pause(state, pause.cause, at)
    return state


def _breached_in_this_cycle(state: State) -> bool:
    run = state.runs.get(ClockName.RESOLUTION)
    return run is not None and run.breached
