"""Automatic updates: the customer hears from us while no person writes, ever less often (`escalation.clocks.fatigue`)."""

from escalation.case.events import HoldingUpdateWithheld
from escalation.clocks.deadlines import Due
from escalation.clocks.fatigue import begins_step, has_ended, has_turn, next_letter_by, streak_of, turned
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.telling import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.vocabulary import ClockName, NoticeKind

_SLOWED = frozenset({ClockName.CUSTOMER_UPDATE, ClockName.CHECK_IN})


def is_unsaid(draft: Draft, due: Due) -> bool:
    """Whether the reminders of a threshold are left out: it is not the turn of its interval."""
    return due.clock in _SLOWED and not has_turn(streak_of(draft.state, due.clock), draft.policy.fatigue, due.target)


def update_automatically(draft: Draft, fired: Fired) -> None:
    """Send the customer a holding update, if it is the turn of one; the overseer hears of each step towards fewer."""
    streak, fatigue = streak_of(draft.state, ClockName.CUSTOMER_UPDATE), draft.policy.fatigue
    ended = has_ended(streak, fatigue)
    if fired.unsaid or ended:
        in_a_row = min(streak.spoken, fatigue.ends_after or streak.spoken)
        draft.record(HoldingUpdateWithheld(at=draft.now, in_a_row=in_a_row, ended=not fired.unsaid))
    else:
        after = turned(streak, draft.now)
        is_last = has_ended(after, fatigue)
        is_rarer = begins_step(after, fatigue) and not is_last
        draft.tell_customer(facts.HoldingUpdate(is_last=is_last, is_rarer=is_rarer), key=fired.customer_key)
    after = streak_of(draft.state, ClockName.CUSTOMER_UPDATE)
    if not fired.unsaid and (ended or begins_step(after, fatigue)):
        _notify_of_step(draft, fired, ended=has_ended(after, fatigue))


def _notify_of_step(draft: Draft, fired: Fired, *, ended: bool) -> None:
    fatigue = draft.policy.fatigue
    spoken = streak_of(draft.state, ClockName.CUSTOMER_UPDATE).spoken
    notice = notices.UpdatesSlowed(
        kind=NoticeKind.UPDATES_ENDED if ended else NoticeKind.UPDATES_SLOWED,
        in_a_row=min(spoken, fatigue.ends_after or spoken),
        next_by=next_letter_by(draft.state, draft.policy),
    )
    notify_overseer(draft, notice, key=fired.key, clock=fired.due.clock)
