"""Ownership: seeking, offering, taking, giving back, climbing, and who holds what nobody takes."""

import json

from escalation.commands import (
    Acknowledge,
    Decline,
    Escalate,
    Packet,
    Reassign,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordNobodyAvailable,
)
from escalation.deadlines import target_instant
from escalation.decisions.checks import instant_text, some_text
from escalation.draft import Draft
from escalation.effects import AssignOwner, Notice, ReleaseOwner
from escalation.errors import InvalidCommand, NotAllowed
from escalation.events import (
    Acknowledged,
    AcknowledgementDecayed,
    AssignmentDelayed,
    Climbed,
    Declined,
    LadderRestarted,
    Offered,
    OfferLapsed,
    OverseerHeld,
    OwnerSought,
    Reassigned,
    TierSkipped,
)
from escalation.state import State
from escalation.vocabulary import SYSTEM, ClimbCause, ClockName, MessageKind, NoticeKind, Stage

GivenBack = Declined | OfferLapsed | AcknowledgementDecayed


def seek_owner(draft: Draft, tier: int) -> None:
    """Look for somebody in this tier who was not asked yet."""
    number = draft.state.offer + 1
    draft.record(OwnerSought(at=draft.now, offer=number, tier=tier))
    draft.ask(_booking(draft, number, tier))


def offer_to_person(draft: Draft, person: str, why: str) -> None:
    """Ask this very person, and book them if they can be booked."""
    number = draft.state.offer + 1
    tier = draft.state.tier
    draft.record(Offered(at=draft.now, offer=number, tier=tier, person=person))
    draft.ask(_booking(draft, number, tier, person=person))
    _send_offer(draft, person, why)


def acknowledge(draft: Draft, command: Acknowledge) -> None:
    """The person asked takes the case.

    Raises:
        NotAllowed: Somebody else was asked.
    """
    _must_be_offered_to(draft.state, command.by)
    told_of = draft.state.previous_owner
    draft.record(Acknowledged(at=draft.now, person=command.by))
    if told_of and told_of != command.by:
        draft.tell_customer(MessageKind.OWNER_CHANGED)


def decline(draft: Draft, command: Decline) -> None:
    """The person asked gives it back; it goes on at once.

    Raises:
        NotAllowed: Somebody else was asked.
    """
    _must_be_offered_to(draft.state, command.by)
    offer_on(draft, Declined(at=draft.now, person=command.by, why=command.why))


def offer_on(draft: Draft, given_back: GivenBack) -> None:
    """Take the case from whoever has it, and ask the next: in the tier while it may be, else further up."""
    release(draft)
    draft.record(given_back)
    tier = draft.policy.ladder.tier(draft.state.tier)
    if len(draft.state.tried) < tier.people_to_try:
        seek_owner(draft, draft.state.tier)
    else:
        _next_rung(draft)


def release(draft: Draft) -> None:
    """Give back the booking of the present offer, if one is held."""
    if draft.state.offer_booked:
        draft.ask(ReleaseOwner(offer=draft.state.offer))


def climb(draft: Draft, cause: ClimbCause, *, why: str, packet: Packet, by: str) -> None:
    """Move the case one tier up, tell the customer, and look for an owner there."""
    release(draft)
    state = draft.state
    to_tier = state.tier + 1
    draft.record(
        Climbed(
            at=draft.now,
            from_tier=state.tier,
            to_tier=to_tier,
            cause=cause,
            why=why,
            packet=packet,
            by=by,
        )
    )
    tier_name = draft.policy.ladder.tier(to_tier).name
    draft.tell_customer(MessageKind.ESCALATED, why=cause, tier_name=tier_name)
    seek_owner(draft, to_tier)


def packet_from(state: State, evidence: str) -> Packet:
    """The hand-off packet of a case that climbs by itself."""
    return Packet(concern=state.summary, tried=state.steps_tried, evidence=(evidence,))


def escalate(draft: Draft, command: Escalate) -> None:
    """Hand the case up by command.

    Raises:
        InvalidCommand: It is at the top already, or the packet does not say what the concern is.
    """
    some_text(command.packet.concern, "packet.concern")
    if draft.state.tier == draft.policy.ladder.top:
        raise InvalidCommand(f"tier {draft.state.tier} is the top of the ladder; `reassign` it, or ask the overseer")
    climb(draft, ClimbCause.COMMAND, why=command.why, packet=command.packet, by=command.by)


def reassign(draft: Draft, command: Reassign) -> None:
    """Offer the case to a particular person.

    Raises:
        InvalidCommand: They have it already.
    """
    some_text(command.to, "to")
    if command.to in (draft.state.owner, draft.state.offered_to):
        raise InvalidCommand(f"`{command.to}` has it already")
    release(draft)
    draft.record(Reassigned(at=draft.now, to=command.to, why=command.why, by=command.by))
    offer_to_person(draft, command.to, command.why)


def record_assignment(draft: Draft, command: RecordAssignment) -> None:
    """Somebody was booked. Where the case went on meanwhile, the booking is given back."""
    state = draft.state
    is_awaited = command.offer == state.offer and state.offer_booked
    if is_awaited and state.stage is Stage.UNASSIGNED:
        draft.record(Offered(at=draft.now, offer=state.offer, tier=state.tier, person=command.person))
        _send_offer(draft, command.person, "")
    elif not is_awaited:
        draft.ask(ReleaseOwner(offer=command.offer))


def record_nobody_available(draft: Draft, command: RecordNobodyAvailable) -> None:
    """Nobody could be booked: further up at once. A person named who is not there gives way to the tier."""
    state = draft.state
    if command.offer != state.offer or not state.offer_booked:
        return
    if state.stage is Stage.UNASSIGNED:
        _next_rung(draft)
    elif state.stage is Stage.OFFERED:
        draft.record(OfferLapsed(at=draft.now, person=state.offered_to))
        seek_owner(draft, state.tier)


def record_assignment_delayed(draft: Draft, command: RecordAssignmentDelayed) -> None:
    """The directory does not answer: the overseer learns of it once per offer, and the search goes on."""
    state = draft.state
    if command.offer != state.offer or not state.offer_booked:
        return
    draft.record(AssignmentDelayed(at=draft.now, offer=command.offer, error=command.error))
    if not state.offer_delayed:
        notice = Notice(about=NoticeKind.ASSIGNMENT_DELAYED, text=command.error)
        draft.notify(draft.policy.ladder.overseer, notice, key=f"assign/{command.offer}/delayed")
    # A person who was named may have taken the case before their booking came through.
    draft.ask(_booking(draft, state.offer, state.tier, person=state.offered_to or state.owner))


def hold_by_overseer(draft: Draft) -> None:
    """Nobody takes it: the overseer owns it from now on, and is reminded of it."""
    overseer = draft.policy.ladder.overseer
    draft.record(OverseerHeld(at=draft.now, person=overseer))
    draft.notify(overseer, Notice(about=NoticeKind.OVERSEER_HOLDS))


def _next_rung(draft: Draft) -> None:
    """The tier is exhausted or empty: the next one, the ladder again, or the overseer."""
    state, ladder = draft.state, draft.policy.ladder
    was_asked = bool(state.tried)
    if not was_asked:
        draft.record(TierSkipped(at=draft.now, tier=state.tier))
        skipped = Notice(about=NoticeKind.TIER_SKIPPED, text=ladder.tier(state.tier).name)
        draft.notify(ladder.overseer, skipped)
    if state.tier < ladder.top:
        if was_asked:
            packet = packet_from(state, "nobody acknowledged in time")
            climb(draft, ClimbCause.NOT_ACKNOWLEDGED, why="", packet=packet, by=SYSTEM)
        else:
            seek_owner(draft, state.tier + 1)
    elif state.round < ladder.rounds:
        draft.record(LadderRestarted(at=draft.now, round=state.round + 1, tier=state.start_tier))
        seek_owner(draft, state.start_tier)
    else:
        hold_by_overseer(draft)


def _booking(draft: Draft, number: int, tier: int, person: str = "") -> AssignOwner:
    wanted = draft.policy.ladder.tier(tier)
    state = draft.state
    return AssignOwner(
        offer=number,
        tier=tier,
        category=state.category,
        severity=state.severity,
        skills=wanted.skills,
        authority=wanted.authority,
        tried=tuple(one for one in state.tried if one != person),
        person=person,
    )


def _send_offer(draft: Draft, person: str, why: str) -> None:
    state = draft.state
    draft.offer_to(
        person,
        f"offer/{state.offer}/{person}",
        tier_name=draft.policy.ladder.tier(state.tier).name,
        acknowledge_by=instant_text(target_instant(state, draft.policy, ClockName.ACKNOWLEDGE)),
        tried=json.dumps(state.steps_tried) if state.steps_tried else "",
        why=why,
    )


def _must_be_offered_to(state: State, person: str) -> None:
    if state.offered_to != person:
        raise NotAllowed(f"the case is offered to `{state.offered_to}`, not to `{person}`; `reassign` it first")
