"""Correcting: a fact is corrected, and its consequences are computed again as at the opening."""

import re
from dataclasses import fields, replace

from escalation.business_time import UnknownZone
from escalation.business_time.zones import load_zone
from escalation.case.commands import Correct, Customer, Particulars
from escalation.case.events import Corrected
from escalation.case.state import State
from escalation.copies import shared
from escalation.errors import InvalidCommand
from escalation.lifecycle.decisions.climbing import climb
from escalation.lifecycle.decisions.contact_limits import put_forward_early
from escalation.lifecycle.decisions.opening import check_address
from escalation.lifecycle.decisions.packet import packet_from
from escalation.lifecycle.decisions.retargeting import clocks_that_restart
from escalation.lifecycle.decisions.seeking import release, seek_owner
from escalation.lifecycle.draft import Draft
from escalation.messages import notices
from escalation.policy import Ladder
from escalation.vocabulary import ACTIVE, ClimbCause, Stage

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*")


def correct(draft: Draft, command: Correct) -> None:
    """Put facts of the case right. Running clocks get the targets of such a case, and it moves up where its lane asks for that.

    A case that no person has taken yet is sought an owner for again; one that has an owner keeps them.
    """
    state, policy = draft.state, draft.policy
    was, correct = _particulars(state), _corrected(state, command)
    if was == correct:
        raise InvalidCommand("nothing to correct: the case says all of this already; name a fact and its right value")
    is_moved = (was.category, was.subcategory) != (correct.category, correct.subcategory)
    draft.record(
        Corrected(
            at=draft.now,
            was=was,
            correct=correct,
            start_tier=_start_tier(state, policy.ladder, correct),
            why=command.why,
            by=command.by,
            restarted=clocks_that_restart(state, policy) if is_moved else (),
        )
    )
    _inform(draft, command.by, was, correct)
    if was.customer.address != correct.customer.address:
        draft.warn("letters go to the new address from now on; what was sent before went to the old one")
    if is_moved:
        put_forward_early(draft)
        if draft.state.stage in ACTIVE:
            _place_again(draft, command)


def _particulars(state: State) -> Particulars:
    return Particulars(**shared(state, Particulars))


def _corrected(state: State, command: Correct) -> Particulars:
    was = _particulars(state)
    customer = replace(
        was.customer,
        name=command.customer_name.strip() or was.customer.name,
        address=command.customer_address or was.customer.address,
        language=command.language or was.customer.language,
        zone=command.zone or was.customer.zone,
        proficiency=command.proficiency or was.customer.proficiency,
    )
    _check_customer(customer, command)
    category = command.category or was.category
    kept = was.subcategory if category is was.category else ""
    return Particulars(
        category=category,
        subcategory=command.subcategory or kept,
        summary=command.summary.strip() or was.summary,
        customer=customer,
        contact=command.contact or was.contact,
        our_fault=was.our_fault if command.our_fault is None else command.our_fault,
    )


def _check_customer(customer: Customer, command: Correct) -> None:
    """Refuse corrections with which no letter could be written to the customer."""
    if command.customer_address:
        check_address(customer, "customer_address")
    if command.language and not _LANGUAGE.fullmatch(command.language):
        raise InvalidCommand(f"`language` is `{command.language}`; write a language tag, such as `en` or `de-AT`")
    if command.zone:
        try:
            load_zone(command.zone)
        except UnknownZone as error:
            raise InvalidCommand(f"`zone`: {error}") from None


def _start_tier(state: State, ladder: Ladder, correct: Particulars) -> int:
    """The tier at which such a case starts: the lane of the right category, or where triage placed it for other reasons."""
    was_lane = ladder.lowest_tier(state.category, state.reasons)
    lane = ladder.lowest_tier(correct.category, state.reasons)
    return lane if state.start_tier <= was_lane else max(lane, state.start_tier)


def _inform(draft: Draft, by: str, was: Particulars, correct: Particulars) -> None:
    """Tell the person who has the case, and the new and the former contact, what was corrected."""
    changed = tuple(one.name for one in fields(Particulars) if getattr(was, one.name) != getattr(correct, one.name))
    notice = notices.Corrected(colleague=by, changed=changed)
    contacts = (correct.contact, was.contact) if correct.contact != was.contact else ()
    for person in dict.fromkeys((draft.state.holder, *contacts)):
        if person != by:
            draft.notify(person, notice)


def _place_again(draft: Draft, command: Correct) -> None:
    state, ladder = draft.state, draft.policy.ladder
    lowest = ladder.lowest_tier(state.category, state.reasons)
    if lowest > state.tier:
        packet = packet_from(state)
        climb(draft, ClimbCause.CORRECTED, why=command.why, packet=packet, by=command.by, to_tier=lowest)
    elif state.stage in (Stage.UNASSIGNED, Stage.OFFERED):
        release(draft)
        seek_owner(draft, state.tier if state.told_tier else state.start_tier)
    else:
        draft.warn(
            f"`{state.owner}` keeps the case on tier {state.tier}; `give_back` it if another person should have it"
        )
