"""Ownership: taking, giving back, handing over, and what the directory answers to a search."""

from datetime import UTC

from escalation.case import commands, events
from escalation.case.state import State
from escalation.errors import InvalidCommand, NotAllowed
from escalation.lifecycle.decisions.checks import some_text
from escalation.lifecycle.decisions.climbing import hold_by_overseer, next_rung
from escalation.lifecycle.decisions.linking import remind_of_proposal
from escalation.lifecycle.decisions.notifying import notify_overseer, tell_customer_of_owner
from escalation.lifecycle.decisions.packet import packet_from
from escalation.lifecycle.decisions.seeking import (
    booking,
    must_confirm,
    offer_to_person,
    release,
    seek_owner,
    send_offer,
)
from escalation.lifecycle.draft import Draft
from escalation.messages import keys, notices
from escalation.messages.effects import ReleaseOwner
from escalation.notice_kinds import NoticeKind
from escalation.people import colleague
from escalation.vocabulary import ClockName, Stage

MOST_DELAYS = 48  # how often the directory is asked for one offer without an answer: 4 hours, at 5 minutes each

GivenBack = events.Declined | events.OfferLapsed | events.AcknowledgementDecayed


def acknowledge(draft: Draft, command: commands.Acknowledge) -> None:
    """Give the case to the person who was asked."""
    _must_be_offered_to(draft.state, command.by)
    if must_confirm(draft.state, draft.policy) and not command.packet_read:
        raise InvalidCommand(
            "the case comes with a hand-off packet; read it in the offer, then acknowledge with `packet_read`"
        )
    told_of, has_packet = draft.state.previous_owner, draft.state.packet is not None
    draft.record(events.Acknowledged(at=draft.now, person=command.by, packet_read=has_packet and command.packet_read))
    tell_customer_of_owner(draft, told_of)
    remind_of_proposal(draft)


def decline(draft: Draft, command: commands.Decline) -> None:
    """Take the offer back from the person who declines; the next one is asked at once."""
    _must_be_offered_to(draft.state, command.by)
    offer_on(draft, events.Declined(at=draft.now, person=command.by, why=command.why))


def offer_on(draft: Draft, given_back: GivenBack) -> None:
    """Take the case from the person who has it, and ask the next: in the tier while it may be, else further up."""
    release(draft)
    draft.record(given_back)
    tier = draft.policy.ladder.tier(draft.state.tier)
    if len(draft.state.tried) < tier.people_to_try:
        seek_owner(draft, draft.state.tier)
    else:
        next_rung(draft)


def hand_over(draft: Draft) -> None:
    """Hand the case over to a person of the tier who is there, because the owner's shift ended."""
    state = draft.state
    release(draft)
    draft.record(events.ShiftEnded(at=draft.now, person=state.owner, packet=packet_from(state)))
    seek_owner(draft, state.tier)


def reassign(draft: Draft, command: commands.Reassign) -> None:
    """Offer the case to a particular person."""
    some_text(command.to, "to")
    if command.to == draft.state.holder:
        raise InvalidCommand(f"`{command.to}` has it already")
    release(draft)
    packet = packet_from(draft.state)
    draft.record(events.Reassigned(at=draft.now, to=command.to, why=command.why, by=command.by, packet=packet))
    offer_to_person(draft, command.to, command.why)


def record_assignment(draft: Draft, command: commands.RecordAssignment) -> None:
    """Offer the case to the person who was booked, or give the booking back where the case went on meanwhile."""
    state = draft.state
    is_awaited = command.offer == state.offer and state.offer_booked
    if not is_awaited:
        draft.ask(ReleaseOwner(offer=command.offer))
        return
    if colleague(command.person) is None:  # in a directory that was filled before such ids were refused
        release(draft)
        record_nobody_available(draft, commands.RecordNobodyAvailable(offer=command.offer))
        return
    if state.stage is Stage.UNASSIGNED:
        draft.record(events.Offered(at=draft.now, offer=state.offer, tier=state.tier, person=command.person))
        send_offer(draft, command.person, "")
    has_it = command.person in (draft.state.owner, draft.state.offered_to)
    if has_it and command.until is not None and ClockName.SHIFT_END in draft.policy.clocks:
        draft.record(events.ShiftNoted(at=draft.now, person=command.person, until=command.until.astimezone(UTC)))


def record_nobody_available(draft: Draft, command: commands.RecordNobodyAvailable) -> None:
    """No one could be booked: further up at once. A person named who is not there gives way to the tier."""
    state = draft.state
    if command.offer != state.offer or not state.offer_booked:
        return
    if state.stage is Stage.UNASSIGNED:
        next_rung(draft)
    elif state.stage is Stage.OFFERED:
        draft.record(events.OfferLapsed(at=draft.now, person=state.offered_to))
        seek_owner(draft, state.tier)


def record_assignment_delayed(draft: Draft, command: commands.RecordAssignmentDelayed) -> None:
    """Go on searching where the directory does not answer; the overseer learns of it once per offer.

    It ends after `MOST_DELAYS`, or at once where asking again cannot help; then the overseer holds what no one has.
    """
    state = draft.state
    if command.offer != state.offer or not state.offer_booked:
        return
    draft.record(events.AssignmentDelayed(at=draft.now, offer=command.offer, error=command.error))
    if not state.offer_delayed:
        delayed = notices.Failure(kind=NoticeKind.ASSIGNMENT_DELAYED, error=command.error)
        notify_overseer(draft, delayed, key=keys.search_delayed(command.offer))
    if command.is_final or draft.state.offer_delays >= MOST_DELAYS:
        release(draft)
        if draft.state.stage is Stage.UNASSIGNED:
            hold_by_overseer(draft)
        return
    # A person who was named may have taken the case before their booking came through.
    draft.ask(booking(draft, state.offer, state.tier, person=state.holder))


def _must_be_offered_to(state: State, person: str) -> None:
    if state.offered_to != person:
        raise NotAllowed(f"the case is offered to `{state.offered_to}`, not to `{person}`; `reassign` it first")
