"""Ownership: seeking, offering, taking, giving back, climbing, and who holds what nobody takes."""

from datetime import UTC

from escalation.case.commands import (
    Acknowledge,
    Decline,
    Packet,
    Reassign,
    RecordAssignment,
    RecordAssignmentDelayed,
    RecordNobodyAvailable,
)
from escalation.case.events import (
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
    ShiftEnded,
    ShiftNoted,
    TierSkipped,
)
from escalation.case.state import State
from escalation.errors import InvalidCommand, NotAllowed
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.linking import notify_overseer, remind_of_proposal
from escalation.lifecycle.decisions.packet import packet_facts, packet_from
from escalation.lifecycle.decisions.telling import tell_followers
from escalation.lifecycle.draft import Draft
from escalation.messages.effects import AssignOwner, Notice, ReleaseOwner
from escalation.messages.letters import due_text
from escalation.people import colleague
from escalation.policy import Policy
from escalation.vocabulary import SYSTEM, ClimbCause, ClockName, MessageKind, NoticeKind, Reason, Stage

MOST_DELAYS = 48
"""How often the directory is asked for one offer without an answer: 4 hours, at 5 minutes each."""

GivenBack = Declined | OfferLapsed | AcknowledgementDecayed


def seek_owner(draft: Draft, tier: int) -> None:
    """Look for somebody in this tier who was not asked yet."""
    draft.ask(_search(draft, tier))


def first_tier(draft: Draft) -> int:
    """Where the ladder begins anew: never below the lane of the category, or of a reason that came up later."""
    state = draft.state
    return max(state.start_tier, draft.policy.ladder.lowest_tier(state.category, state.reasons))


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
        InvalidCommand: The policy wants the packet confirmed, and it is not.
    """
    _must_be_offered_to(draft.state, command.by)
    if _must_confirm(draft.state, draft.policy) and not command.packet_read:
        raise InvalidCommand(
            "the case comes with a hand-off packet; read it in the offer, then acknowledge with `packet_read`"
        )
    told_of, has_packet = draft.state.previous_owner, draft.state.packet is not None
    draft.record(Acknowledged(at=draft.now, person=command.by, packet_read=has_packet and command.packet_read))
    _tell_customer_of_owner(draft, told_of)
    remind_of_proposal(draft)


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


def hand_over(draft: Draft) -> None:
    """The owner's shift ended: the case goes to whoever of the tier is there now."""
    state = draft.state
    release(draft)
    draft.record(ShiftEnded(at=draft.now, person=state.owner, packet=packet_from(state, "the owner's shift ended")))
    seek_owner(draft, state.tier)


def climb(
    draft: Draft,
    cause: ClimbCause,
    *,
    why: str,
    packet: Packet,
    by: str,
    to_tier: int = 0,
    trigger: Reason | None = None,
) -> None:
    """Move the case up, tell the customer and the earlier owners, and look for an owner there.

    Args:
        draft: The decision.
        cause: What moves it.
        why: In words; the customer is told the cause or the trigger, never these.
        packet: What the next owner must know.
        by: Who moves it.
        to_tier: Where to; 0 is the next tier.
        trigger: The hard reason that moves it, if one does.
    """
    release(draft)
    state = draft.state
    to_tier = to_tier or state.tier + 1
    draft.record(
        Climbed(
            at=draft.now,
            from_tier=state.tier,
            to_tier=to_tier,
            cause=cause,
            why=why,
            packet=packet,
            by=by,
            trigger=trigger,
        )
    )
    search = _search(draft, to_tier)
    tier_name = draft.policy.ladder.tier(to_tier).name
    draft.tell_customer_and_when_next(MessageKind.ESCALATED, why=trigger or cause, tier_name=tier_name)
    tell_followers(draft, NoticeKind.CLIMBED, tier_name, besides=(by,))
    draft.ask(search)


def reassign(draft: Draft, command: Reassign) -> None:
    """Offer the case to a particular person.

    Raises:
        InvalidCommand: They have it already.
    """
    some_text(command.to, "to")
    if command.to in (draft.state.owner, draft.state.offered_to):
        raise InvalidCommand(f"`{command.to}` has it already")
    release(draft)
    packet = packet_from(draft.state, "")
    draft.record(Reassigned(at=draft.now, to=command.to, why=command.why, by=command.by, packet=packet))
    offer_to_person(draft, command.to, command.why)


def record_assignment(draft: Draft, command: RecordAssignment) -> None:
    """Somebody was booked. Where the case went on meanwhile, the booking is given back."""
    state = draft.state
    is_awaited = command.offer == state.offer and state.offer_booked
    if not is_awaited:
        draft.ask(ReleaseOwner(offer=command.offer))
        return
    if colleague(command.person) is None:  # in a directory that was filled before such ids were refused
        release(draft)
        record_nobody_available(draft, RecordNobodyAvailable(offer=command.offer))
        return
    if state.stage is Stage.UNASSIGNED:
        draft.record(Offered(at=draft.now, offer=state.offer, tier=state.tier, person=command.person))
        _send_offer(draft, command.person, "")
    has_it = command.person in (draft.state.owner, draft.state.offered_to)
    if has_it and command.until is not None and ClockName.SHIFT_END in draft.policy.clocks:
        draft.record(ShiftNoted(at=draft.now, person=command.person, until=command.until.astimezone(UTC)))


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
    """The directory does not answer: the overseer learns of it once per offer, and the search goes on.

    It ends after `MOST_DELAYS`, or at once where asking again cannot help; then the overseer holds what no one has.
    """
    state = draft.state
    if command.offer != state.offer or not state.offer_booked:
        return
    draft.record(AssignmentDelayed(at=draft.now, offer=command.offer, error=command.error))
    if not state.offer_delayed:
        notice = Notice(about=NoticeKind.ASSIGNMENT_DELAYED, text=command.error)
        notify_overseer(draft, notice, key=f"assign/{command.offer}/delayed")
    if command.is_final or draft.state.offer_delays >= MOST_DELAYS:
        release(draft)
        if draft.state.stage is Stage.UNASSIGNED:
            hold_by_overseer(draft)
        return
    # A person who was named may have taken the case before their booking came through.
    draft.ask(_booking(draft, state.offer, state.tier, person=state.offered_to or state.owner))


def hold_by_overseer(draft: Draft) -> None:
    """Nobody takes it: the overseer owns it from now on, and is reminded of it."""
    overseer = draft.policy.ladder.overseer
    told_of = draft.state.owner or draft.state.previous_owner
    draft.record(OverseerHeld(at=draft.now, person=overseer))
    _tell_customer_of_owner(draft, told_of)
    draft.notify(overseer, Notice(about=NoticeKind.OVERSEER_HOLDS))


def _tell_customer_of_owner(draft: Draft, told_of: str) -> None:
    """Somebody else answers for the case than the one the customer was told of."""
    if told_of and told_of != draft.state.owner:
        # By name: the case may be with somebody else again when the letter is written.
        draft.tell_customer_and_when_next(MessageKind.OWNER_CHANGED, owner=draft.state.owner)


def _next_rung(draft: Draft) -> None:
    """The tier is exhausted or empty: the next one, the ladder again, or the overseer."""
    state, ladder = draft.state, draft.policy.ladder
    was_asked = bool(state.tried)
    if not was_asked:
        draft.record(TierSkipped(at=draft.now, tier=state.tier))
        skipped = Notice(about=NoticeKind.TIER_SKIPPED, text=ladder.tier(state.tier).name)
        notify_overseer(draft, skipped)
    if state.tier < ladder.top:
        if was_asked:
            packet = packet_from(state, "nobody acknowledged in time")
            climb(draft, ClimbCause.NOT_ACKNOWLEDGED, why="", packet=packet, by=SYSTEM)
        elif state.told_tier == state.tier:
            # The customer waits for somebody of this tier, and must hear that it is another one.
            packet = packet_from(state, f"nobody of {ladder.tier(state.tier).name} was available")
            climb(draft, ClimbCause.NOBODY_AVAILABLE, why="", packet=packet, by=SYSTEM)
        else:
            seek_owner(draft, state.tier + 1)
    elif state.round < ladder.rounds:
        tier = first_tier(draft)
        draft.record(LadderRestarted(at=draft.now, round=state.round + 1, tier=tier))
        seek_owner(draft, tier)
    else:
        hold_by_overseer(draft)


def _search(draft: Draft, tier: int) -> AssignOwner:
    """A search for somebody in this tier begins; what it asks of the directory."""
    number = draft.state.offer + 1
    draft.record(OwnerSought(at=draft.now, offer=number, tier=tier))
    return _booking(draft, number, tier)


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
        language=state.customer.language,
        tell_shift_end=ClockName.SHIFT_END in draft.policy.clocks,
    )


def _send_offer(draft: Draft, person: str, why: str) -> None:
    state, policy = draft.state, draft.policy
    draft.offer_to(
        person,
        f"offer/{state.offer}/{person}",
        lambda: {
            "tier_name": policy.ladder.tier(state.tier).name,
            "acknowledge_by": due_text(state, policy, ClockName.ACKNOWLEDGE),
            "why": why,
            **packet_facts(state),
            "confirm": "packet" if _must_confirm(state, policy) else "",
        },
    )


def _must_confirm(state: State, policy: Policy) -> bool:
    return policy.ladder.confirm_packet and state.packet is not None


def _must_be_offered_to(state: State, person: str) -> None:
    if state.offered_to != person:
        raise NotAllowed(f"the case is offered to `{state.offered_to}`, not to `{person}`; `reassign` it first")
