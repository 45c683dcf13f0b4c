"""Follow-ups: asking the customer after a resolution whether it works, with or without a survey.

While something of the customer's is unanswered, no one asks them whether all is well. What falls due meanwhile is asked once they
have their answer: a follow-up at once, a survey with the next follow-up, or at once where none is left. After a low score they are
not asked by a letter either: their owner is reminded to check. A follow-up that came back is asked again at the next one, after the
next letter that a person writes, or as soon as the customer has another address.
"""

from typing import Final, Literal

from escalation.case.events import SurveySent
from escalation.case.state import State
from escalation.clock_rules import Action
from escalation.clocks.deadlines import Due
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.draft import Draft
from escalation.message_kinds import MessageKind
from escalation.messages.facts import FollowUp
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, Outcome

_SURVEY: Final = MessageKind.FOLLOW_UP_SURVEY


def left_out(state: State, due: Due) -> MessageKind | None:
    """The letter that waits, because the customer is owed an answer when a follow-up is due."""
    if due.clock is not ClockName.FOLLOW_UP or not state.is_unheard:
        return None
    if Action.FOLLOW_UP_SURVEY not in due.threshold.actions:
        return MessageKind.FOLLOW_UP
    return None if state.surveyed == state.cycle else _SURVEY


def follow_up(draft: Draft, fired: Fired) -> None:
    """Ask the customer whether the solution held, and remind the owner to check.

    A survey that was due while an answer was owed is asked for now.
    """
    state = draft.state
    if _SURVEY in state.left_out:
        follow_up_with_survey(draft, fired)
        return
    # Once it can no longer be reopened, what they answer would need another escalation.
    if state.is_unheard or ClockName.REOPEN_WINDOW not in state.runs:
        return
    if _may_ask(draft):
        _ask(draft, MessageKind.FOLLOW_UP, fired.customer_key)
    _remind_to_check(draft, fired)


def follow_up_with_survey(draft: Draft, fired: Fired) -> None:
    """Follow up with a survey, unless the customer had one in this cycle, whatever the policy says by now."""
    state = draft.state
    if state.is_unheard or (state.surveyed == state.cycle and _SURVEY not in state.left_out):
        return
    _survey(draft, fired.customer_key)
    _remind_to_check(draft, fired)


def catch_up(draft: Draft) -> None:
    """Ask what was left out, now that the customer has been answered, or has another address than the one that failed."""
    state = draft.state
    if not state.left_out or ClockName.FOLLOW_UP not in state.runs or _is_lost(state):
        return
    if _SURVEY in state.left_out and ClockName.FOLLOW_UP not in draft.armed:
        if state.score is None:
            _survey(draft)
    elif MessageKind.FOLLOW_UP in state.left_out and ClockName.REOPEN_WINDOW in draft.armed and _may_ask(draft):
        _ask(draft, MessageKind.FOLLOW_UP)


def was_never_asked(state: State) -> bool:
    """Whether the latest follow-up came back, and the customer has no other address yet."""
    return bool(state.left_out) and _is_lost(state)


def _is_lost(state: State) -> bool:
    return bool(state.lost_letter) and state.lost_address == state.customer.address


def _may_ask(draft: Draft) -> bool:
    score = draft.state.score
    return score is None or score >= draft.policy.satisfied_from


def _survey(draft: Draft, key: str = "") -> None:
    _ask(draft, _SURVEY, key)
    draft.record(SurveySent(at=draft.now))


def _ask(draft: Draft, kind: Literal[MessageKind.FOLLOW_UP, MessageKind.FOLLOW_UP_SURVEY], key: str = "") -> None:
    draft.tell_customer(
        FollowUp(kind=kind, solution=draft.state.solution, outcome=draft.state.outcome or Outcome.SOLVED), key=key
    )


def _remind_to_check(draft: Draft, fired: Fired) -> None:
    draft.notify(draft.state.owner, fired.notice(NoticeKind.CHECK_BACK), key=fired.key)
