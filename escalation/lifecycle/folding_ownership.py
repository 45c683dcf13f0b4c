"""What the events about who has the case add to the state; `escalation.lifecycle.evolution` loads it beside `escalation.lifecycle.folding`."""

from escalation.case import events
from escalation.case.commands import Packet
from escalation.case.state import State
from escalation.case.tried_steps import with_steps
from escalation.copies import changed
from escalation.lifecycle.folding import PROPOSALS_KEPT, keep_facts, without_owner
from escalation.vocabulary import ClimbCause


def _with_packet(state: State, packet: Packet | None) -> State:
    """The packet is the latest one; the steps it tells of were tried, its solutions proposed."""
    if packet is None:
        return state
    return changed(
        state,
        packet=packet,
        steps_tried=with_steps(state.steps_tried, packet.tried),
        proposals=with_steps(state.proposals, packet.proposed)[-PROPOSALS_KEPT:],
    )


def _tried_with(state: State, person: str) -> tuple[str, ...]:
    return state.tried if person in state.tried else (*state.tried, person)


@keep_facts.register
def _(event: events.OwnerSought, state: State) -> State:
    state = without_owner(state)
    return changed(state, offer=event.offer, tier=event.tier, offer_booked=True, offer_delayed=False, offer_delays=0)


@keep_facts.register
def _(event: events.Offered, state: State) -> State:
    state = without_owner(state)
    is_new = event.offer != state.offer
    return changed(
        state,
        tried=_tried_with(state, event.person),
        offer=event.offer,
        tier=event.tier,
        offered_to=event.person,
        offer_booked=True,
        offer_delayed=state.offer_delayed and not is_new,
        offer_delays=0 if is_new else state.offer_delays,
    )


@keep_facts.register
def _(event: events.Acknowledged, state: State) -> State:
    return changed(state, owner=event.person, offered_to="")


@keep_facts.register(events.Declined)
@keep_facts.register(events.OfferLapsed)
def _(event: events.Declined | events.OfferLapsed, state: State) -> State:
    state = without_owner(state)
    return changed(state, tried=_tried_with(state, event.person), offer_booked=False)


@keep_facts.register
def _(event: events.AcknowledgementDecayed, state: State) -> State:
    state = _with_packet(without_owner(state), event.packet)
    return changed(state, tried=_tried_with(state, event.person), offer_booked=False)


@keep_facts.register
def _(event: events.ShiftNoted, state: State) -> State:
    return changed(state, shift_until=event.until)


@keep_facts.register
def _(event: events.ShiftEnded, state: State) -> State:
    # Who goes home has answered; that the tier was asked before says nothing of those who come.
    return changed(_with_packet(without_owner(state), event.packet), tried=(), offer_booked=False)


@keep_facts.register
def _(_: events.TierSkipped, state: State) -> State:
    return changed(state, tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.LadderRestarted, state: State) -> State:
    return changed(state, round=event.round, tier=event.tier, tried=(), offer_booked=False)


@keep_facts.register
def _(_: events.AssignmentDelayed, state: State) -> State:
    return changed(state, offer_delayed=True, offer_delays=state.offer_delays + 1)


@keep_facts.register
def _(event: events.OverseerHeld, state: State) -> State:
    return changed(without_owner(state), owner=event.person, overseer_holds=True, offer_booked=False)


@keep_facts.register
def _(event: events.Climbed, state: State) -> State:
    state = _with_packet(without_owner(state), event.packet)
    if event.cause is ClimbCause.COMMAND:  # written by a person; later packets carry it on
        evidence = with_steps(state.evidence, event.packet.evidence)
        state = changed(state, concern=event.packet.concern, evidence=evidence)
    reasons = state.reasons
    if event.trigger is not None and event.trigger not in reasons:
        reasons = (*reasons, event.trigger)
    return changed(state, tier=event.to_tier, told_tier=event.to_tier, reasons=reasons, tried=(), offer_booked=False)


@keep_facts.register
def _(event: events.Reassigned, state: State) -> State:
    state = _with_packet(without_owner(state), event.packet)
    return changed(state, tried=(), offer_booked=False)
