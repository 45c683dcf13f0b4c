"""Reopening: a new cycle, with the previous owner, a search, or the overseer."""

from escalation.case import events
from escalation.case.commands import Reopen
from escalation.clocks.reopening import continued
from escalation.errors import CaseOver, InvalidCommand
from escalation.lifecycle.decisions.seeking import first_tier, offer_to_person, seek_owner
from escalation.lifecycle.decisions.worsening import raise_by_recurrence
from escalation.lifecycle.draft import Draft
from escalation.messages import facts
from escalation.vocabulary import CUSTOMER, ClockName


def reopen(draft: Draft, command: Reopen) -> None:
    """Start a new cycle with the previous owner, where there was one."""
    if ClockName.REOPEN_WINDOW not in draft.state.runs:
        if command.by == CUSTOMER:
            raise CaseOver
        raise InvalidCommand("the reopen window has ended; open a new escalation and name this one")
    begin_again(draft, command.why, by=command.by)


def begin_again(draft: Draft, why: str, *, by: str, unclear: bool = False) -> None:
    """Start a new cycle with the previous owner, whatever the reopen window; without one, with a search.

    Args:
        why: What is not solved yet, or what the customer wrote.
        by: Who says so.
        unclear: Whether nothing is known to be wrong: then no one apologises, and the severity stays.
    """
    owner = draft.state.owner
    _reopen(draft, why, by, disputed="" if unclear else draft.state.kept_at_solution)
    if not unclear:  # first, so that the offer has the deadlines of the new severity
        raise_by_recurrence(draft, asked=owner)
    _tell_of_new_cycle(draft, why, by, owner, unclear=unclear)
    if owner:
        offer_to_person(draft, owner, why)
    else:  # it was resolved without a reply before anyone took it
        seek_owner(draft, first_tier(draft))


def give_to_overseer(draft: Draft, why: str, *, by: str) -> None:
    """Start a new cycle, which the overseer owns."""
    _reopen(draft, why, by, disputed=draft.state.kept_at_solution if by == CUSTOMER else "")
    draft.record(events.OverseerHeld(at=draft.now, person=draft.policy.ladder.overseer))
    _tell_of_new_cycle(draft, why, by, "")
    raise_by_recurrence(draft)


def _reopen(draft: Draft, why: str, by: str, disputed: str) -> None:
    goes_on = continued(draft.state, draft.policy, draft.now)
    cycle = draft.state.cycle + 1
    draft.record(events.Reopened(at=draft.now, cycle=cycle, why=why, by=by, continued=goes_on, disputed=disputed))


def _tell_of_new_cycle(draft: Draft, why: str, by: str, asked_owner: str, *, unclear: bool = False) -> None:
    unanswered, due = draft.state.unanswered, draft.due_at(ClockName.NEXT_RESPONSE)
    latest = unanswered[-1] if unanswered else None
    draft.tell_customer(
        facts.Reopened(
            # What a colleague wrote was written for colleagues; the customer's own words may be shown to them.
            why=why if by == CUSTOMER else latest.text if latest else "",
            asked_owner=asked_owner,
            unclear=unclear,
            score=max((one.score for one in unanswered), default=0),
            chose=latest is not None and latest.is_choice,
            answer_was_due=due if due is not None and due <= draft.now else None,
            in_answer=by == CUSTOMER,
        )
    )
