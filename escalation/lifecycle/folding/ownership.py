"""Folds events of ownership and of the ladder."""

from dataclasses import replace
from typing import assert_never

from escalation.case import events
from escalation.case.state import State
from escalation.case.tried_steps import with_steps
from escalation.case.values import Packet
from escalation.copies import changed
from escalation.lifecycle.folding.kept import PROPOSALS_KEPT, REFUSALS_KEPT
from escalation.vocabulary import ClimbCause, LeftBehind


def keep(state: State, event: events.OwnershipEvent) -> State:
    """The state with the facts of the event."""
    match event:
        case events.OwnerSought():
            return changed(
                without_owner(state),
                offer=event.offer,
                tier=event.tier,
                offer_booked=True,
                offer_delayed=False,
                offer_delays=0,
            )
        case events.Offered():
            return _offered(state, event)
        case events.Acknowledged():
            return changed(state, owner=event.person, offered_to="")
        case events.Declined() | events.OfferLapsed():
            why = event.why if isinstance(event, events.Declined) else "did not answer in time"
            refusals = (*state.refusals, f"{event.person}: {why}" if why else event.person)[-REFUSALS_KEPT:]
            return changed(_given_back(state, event.person), refusals=refusals)
        case events.AcknowledgementDecayed():
            return _given_back(with_packet(state, event.packet), event.person)
        case events.OverseerHeld():
            return changed(without_owner(state), owner=event.person, overseer_holds=True, offer_booked=False)
        case events.AssignmentDelayed():
            return changed(state, offer_delayed=True, offer_delays=state.offer_delays + 1)
        case events.ShiftNoted():
            return changed(state, shift_until=event.until)
        case events.ShiftEnded() | events.Reassigned():
            # Those who were asked before count as not asked: the next in the tier may be on shift only now.
            return changed(with_packet(without_owner(state), event.packet), tried=(), offer_booked=False)
        case events.Climbed():
            return _climbed(state, event)
        case events.TierSkipped():
            return changed(state, tried=(), offer_booked=False)
        case events.LadderRestarted():
            return changed(state, round=event.round, tier=event.tier, tried=(), offer_booked=False)
        case events.HandedOn():
            return _handed_on(state, event)
        case events.Triaged():
            return changed(state, history=event.verdict.history)
        case events.Opened():
            return state
        case _:
            assert_never(event)


def without_owner(state: State) -> State:
    """No one owns it and no one is asked; a former owner stays a follower."""
    if not (state.owner or state.offered_to or state.overseer_holds or state.shift_until):
        return state
    followers = state.followers
    if state.owner and state.owner not in followers:
        followers = (*followers, state.owner)
    return changed(
        state,
        owner="",
        offered_to="",
        previous_owner=state.owner or state.previous_owner,
        followers=followers,
        overseer_holds=False,
        shift_until=None,
    )


def _offered(state: State, event: events.Offered) -> State:
    is_new = event.offer != state.offer
    return changed(
        without_owner(state),
        tried=_tried_with(state, event.person),
        offer=event.offer,
        tier=event.tier,
        offered_to=event.person,
        offer_booked=True,
        offer_delayed=state.offer_delayed and not is_new,
        offer_delays=0 if is_new else state.offer_delays,
    )


def _given_back(state: State, person: str) -> State:
    return changed(without_owner(state), tried=_tried_with(state, person), offer_booked=False)


def _climbed(state: State, event: events.Climbed) -> State:
    state = with_packet(without_owner(state), event.packet)
    if event.cause is ClimbCause.COMMAND:  # written by a person; later packets carry it on
        evidence = with_steps(state.evidence, event.packet.evidence)
        state = changed(state, concern=event.packet.concern, evidence=evidence)
    reasons = state.reasons
    if event.trigger is not None and event.trigger not in reasons:
        reasons = (*reasons, event.trigger)
    return changed(state, tier=event.to_tier, told_tier=event.to_tier, reasons=reasons, tried=(), offer_booked=False)


def _handed_on(state: State, event: events.HandedOn) -> State:
    consult, approval = state.consult, state.approval
    if LeftBehind.ADVICE in event.what and consult is not None:
        consult = replace(consult, to=event.adviser) if event.adviser else None
    if LeftBehind.APPROVAL in event.what and approval is not None:
        approval = replace(approval, approver="")
    actions = state.actions
    if LeftBehind.ACTIONS in event.what:
        theirs = [one.number for one in actions if one.owner == event.person and one.is_awaited]
        actions = tuple(replace(one, owner=event.to) if one.number in theirs else one for one in actions)
    return changed(
        state,
        consult=consult,
        approval=approval,
        actions=actions,
        owner=event.to if LeftBehind.AFTERCARE in event.what else state.owner,
        contact=event.to if LeftBehind.CONTACT in event.what else state.contact,
        owes_contact=state.owes_contact or (LeftBehind.CONTACT in event.what and state.messages > 0),
    )


def with_packet(state: State, packet: Packet | None) -> State:
    """The latest packet; its steps count as tried, its solutions as proposed."""
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
