"""Seeking an owner: searches, offers to a particular person, and the bookings behind both."""

from escalation.case.events import Offered, OwnerSought
from escalation.case.state import State
from escalation.case.values import Packet
from escalation.clock_rules import subcategory_key
from escalation.clocks.answers import answer_by
from escalation.lifecycle.decisions.guidance import check_list
from escalation.lifecycle.draft import Draft
from escalation.messages.effects import AssignOwner, ReleaseOwner
from escalation.messages.facts import Offer
from escalation.messages.letters import due_at
from escalation.policy import Policy
from escalation.vocabulary import ClockName


def seek_owner(draft: Draft, tier: int) -> None:
    """Look for a person in this tier who was not asked yet."""
    draft.ask(begin_search(draft, tier))


def begin_search(draft: Draft, tier: int) -> AssignOwner:
    """A search for a person in this tier begins; what it asks of the directory, still to be asked."""
    number = draft.state.offer + 1
    draft.record(OwnerSought(at=draft.now, offer=number, tier=tier))
    return booking(draft, number, tier)


def first_tier(draft: Draft) -> int:
    """The tier at which a walk up the ladder starts: never below the lane of the category, or of a reason that came up later."""
    state = draft.state
    return max(state.start_tier, draft.policy.ladder.lowest_tier(state.category, state.reasons))


def offer_to_person(draft: Draft, person: str, why: str) -> None:
    """Ask this very person, and book them if they can be booked."""
    number, tier = draft.state.offer + 1, draft.state.tier
    draft.record(Offered(at=draft.now, offer=number, tier=tier, person=person))
    draft.ask(booking(draft, number, tier, person=person))
    send_offer(draft, person, why)


def send_offer(draft: Draft, person: str, why: str) -> None:
    """Write to the person who is asked, with the hand-off packet."""
    state, policy = draft.state, draft.policy
    draft.offer_to(person, lambda: _offer(state, policy, why))


def _offer(state: State, policy: Policy, why: str) -> Offer:
    packet, tier = state.packet or Packet(concern=""), policy.ladder.tier(state.tier)
    return Offer(
        tier_name=tier.name,
        tier_words=tier.words,
        acknowledge_by=due_at(state, policy, ClockName.ACKNOWLEDGE),
        answer_by=answer_by(state, policy),
        solve_by=due_at(state, policy, ClockName.RESOLUTION),
        why=why,
        concern=packet.concern or state.concern,
        tried=state.steps_tried,
        evidence=state.evidence,
        no_evidence=packet.no_evidence,
        proposed=state.proposals,
        must_confirm=must_confirm(state, policy),
        impact=state.impact,
        currency=policy.currency,
        history=state.history,
        to_ask=policy.guidance.sets_for(state.category, subcategory_key(state.subcategory)),
        checklist=tuple(item for item in check_list(state, policy) if not item.done),
    )


def must_confirm(state: State, policy: Policy) -> bool:
    """Whether a person who takes the case has to say that they read its packet."""
    return policy.ladder.confirm_packet and state.packet is not None


def booking(draft: Draft, number: int, tier: int, person: str = "") -> AssignOwner:
    """The request to the directory for an offer: book this person, or look for one in the tier."""
    ladder, state = draft.policy.ladder, draft.state
    wanted, special = ladder.tier(tier), ladder.skills.get(subcategory_key(state.subcategory), ())
    return AssignOwner(
        offer=number,
        tier=tier,
        category=state.category,
        severity=state.severity,
        skills=tuple(dict.fromkeys((*wanted.skills, *special))),
        authority=wanted.authority,
        tried=tuple(one for one in state.tried if one != person),
        person=person,
        language=state.customer.language,
        tell_shift_end=ClockName.SHIFT_END in draft.policy.clocks,
    )


def release(draft: Draft) -> None:
    """Give back the booking of the present offer, if one is held."""
    if draft.state.offer_booked:
        draft.ask(ReleaseOwner(offer=draft.state.offer))
