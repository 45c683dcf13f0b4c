"""Follow-ups: asking after a resolution whether it held, with a survey or without.

While something of the customer's is unanswered, no one asks them whether all is well. After a low score they are not asked by a
letter either: their owner is reminded to check.
"""

from typing import Literal

from escalation.case.events import SurveySent
from escalation.case.state import State
from escalation.clock_rules import Action
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.unanswered import is_unheard
from escalation.lifecycle.draft import Draft
from escalation.messages.facts import FollowUp
from escalation.notice_kinds import NoticeKind
from escalation.policy import Policy
from escalation.vocabulary import ClockName, MessageKind, Outcome


def follow_up(draft: Draft, fired: Fired) -> None:
    """Ask the customer whether the solution held, and remind the owner to check.

    A survey that was due while an answer was owed is asked for now.
    """
    if _survey_was_left_out(draft.state, draft.policy):
        follow_up_with_survey(draft, fired)
        return
    state = draft.state
    # Once it can no longer be reopened, what they answer would need another escalation.
    if is_unheard(state) or ClockName.REOPEN_WINDOW not in state.runs:
        return
    if state.score is None or state.score >= draft.policy.satisfied_from:
        _ask(draft, fired, MessageKind.FOLLOW_UP)
    _remind_to_check(draft, fired)


def follow_up_with_survey(draft: Draft, fired: Fired) -> None:
    """The same, with a survey; nothing where the customer had one in this cycle, whatever the policy says by now."""
    if draft.state.surveyed == draft.state.cycle or is_unheard(draft.state):
        return
    _ask(draft, fired, MessageKind.FOLLOW_UP_SURVEY)
    draft.record(SurveySent(at=draft.now))
    _remind_to_check(draft, fired)


def _survey_was_left_out(state: State, policy: Policy) -> bool:
    fired = state.runs[ClockName.FOLLOW_UP].fired
    asked = (
        one.name for one in policy.clocks[ClockName.FOLLOW_UP].thresholds if Action.FOLLOW_UP_SURVEY in one.actions
    )
    return state.surveyed != state.cycle and any(name in fired for name in asked)


def _ask(draft: Draft, fired: Fired, kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY]) -> None:
    draft.tell_customer(
        FollowUp(kind=kind, solution=draft.state.solution, outcome=draft.state.outcome or Outcome.SOLVED),
        key=fired.customer_key,
    )


def _remind_to_check(draft: Draft, fired: Fired) -> None:
    draft.notify(draft.state.owner, fired.notice(NoticeKind.CHECK_BACK), key=fired.key)
