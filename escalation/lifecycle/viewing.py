"""What people see of a state: its view, and its situation.

Apart from the two types, which a tool reads from an answer without the clocks and the policy that they are made with.
"""

from datetime import datetime

from escalation.case.state import State
from escalation.clock_rules import subcategory_key
from escalation.clocks.deadlines import Due, next_breach, next_due, target_instant
from escalation.copies import shared
from escalation.lifecycle.situation import Situation
from escalation.lifecycle.view import CaseView
from escalation.policy import Policy
from escalation.vocabulary import ClockName, PauseCause


def view_of(state: State, policy: Policy) -> CaseView:
    """The current view of a state."""
    return view_with(state, policy, next_due(state, policy))


def view_with(state: State, policy: Policy, due: Due | None) -> CaseView:
    """The current view of a state whose next threshold is known already."""
    kind = subcategory_key(state.subcategory)
    breach = next_breach(state, policy)
    return CaseView(
        **shared(state, CaseView),
        overseer=policy.ladder.overseer,
        promise=state.promise,
        last_seq=state.seq,
        next_due=due.at if due else None,
        next_due_clock=due.clock if due else None,
        next_due_threshold=due.threshold.name if due else "",
        next_breach=breach.at if breach else None,
        next_breach_clock=breach.clock if breach else None,
        bulletin=state.bulletins.get(state.incident, 0),
        checklist=policy.guidance.to_check(state.category, kind, state.checked, state.checked_before),
        unanswered_count=len(state.unanswered) or int(ClockName.NEXT_RESPONSE in state.runs),
        question_sets=tuple(each.name for each in policy.guidance.sets_for(state.category, kind)),
    )


def situation_of(state: State, policy: Policy) -> Situation:
    """The situation of a case in this state."""

    def due(clock: ClockName) -> datetime | None:
        return target_instant(state, policy, clock) if clock in state.runs else None

    return Situation(
        **shared(state, Situation, besides=_WHILE_WAITED),
        promise=state.promise,
        promise_by=due(ClockName.PROMISE),
        question=state.question if state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER) else "",
        answer_by=due(ClockName.CUSTOMER_REPLY),
        default_option=state.default_left,
        choose_by=due(ClockName.CHOICE),
        waits=state.open_pauses,
        waits_for=state.waits_for if state.is_paused_by(PauseCause.WAITING_ON_THIRD_PARTY) else "",
        currency=policy.currency,
        is_unreached=bool(state.lost_letter),
    )


# The state keeps these also once nothing is waited for any more.
_WHILE_WAITED = frozenset({"question", "waits_for", "default_option"})
