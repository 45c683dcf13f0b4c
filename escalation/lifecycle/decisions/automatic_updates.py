"""Automatic updates: the customer hears from us while no person writes, ever less often (`escalation.clocks.fatigue`)."""

from datetime import UTC

from escalation.case.commands import HoldUpdates
from escalation.case.events import HoldingUpdateWithheld, MessageQueued, UpdatesHeld
from escalation.case.state import State
from escalation.clocks.deadlines import Due
from escalation.clocks.fatigue import begins_step, has_ended, has_turn, next_letter_by, streak_of
from escalation.lifecycle.decisions.checks import in_the_future, some_text
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.draft import Draft
from escalation.lifecycle.evolution import evolve
from escalation.message_kinds import MessageKind
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import CUSTOMER, ClockName

_SLOWED = frozenset({ClockName.CUSTOMER_UPDATE, ClockName.CHECK_IN})


def hold_updates(draft: Draft, command: HoldUpdates) -> None:
    """Send no automatic updates until an instant; the clock of updates runs on, and says when one was withheld."""
    some_text(command.why, "why")
    in_the_future(command.until, draft.now, "until")
    expected = next_letter_by(draft.state, draft.policy)
    until = command.until.astimezone(UTC)
    draft.record(UpdatesHeld(at=draft.now, until=until, why=command.why, by=command.by))
    if expected is not None and expected < until:
        draft.warn(
            f"the customer expects to hear from us by {expected.isoformat(timespec='minutes')}; "
            "`tell_customer` before, that they will not"
        )


def is_unsaid(draft: Draft, due: Due) -> bool:
    """Whether the reminders of a threshold are left out: a person holds updates, or it is not the turn of its interval."""
    if due.clock is ClockName.CUSTOMER_UPDATE and draft.state.holds_updates(due.target):
        return True
    return due.clock in _SLOWED and not has_turn(draft.state, draft.policy, due.clock, due.target)


def update_automatically(draft: Draft, fired: Fired) -> None:
    """Send the customer a holding update, if it is the turn of one; the overseer is notified of each step towards fewer."""
    streak, fatigue = streak_of(draft.state, ClockName.CUSTOMER_UPDATE), draft.policy.fatigue
    if fired.unsaid or has_ended(streak, fatigue):
        in_a_row = min(streak.spoken, fatigue.ends_after or streak.spoken)
        draft.record(
            HoldingUpdateWithheld(
                at=draft.now,
                in_a_row=in_a_row,
                ended=not fired.unsaid,
                held=draft.state.holds_updates(fired.due.target),
            )
        )
        if not fired.unsaid:
            _notify_of_step(draft, draft.state, fired)
        return
    kind = MessageKind.HOLDING_UPDATE
    then = evolve(draft.state, MessageQueued(at=draft.now, key=fired.customer_key, message=kind, to=CUSTOMER))
    after = streak_of(then, ClockName.CUSTOMER_UPDATE)
    is_last, is_step = has_ended(after, fatigue), begins_step(after, fatigue)
    unanswered = draft.state.unanswered
    said = facts.HoldingUpdate(
        is_last=is_last, is_rarer=is_step and not is_last, wrote_at=unanswered[0].at if unanswered else None
    )
    draft.tell_customer(said, key=fired.customer_key)
    if is_step:
        _notify_of_step(draft, then, fired)


def _notify_of_step(draft: Draft, then: State, fired: Fired) -> None:
    streak, fatigue = streak_of(then, ClockName.CUSTOMER_UPDATE), draft.policy.fatigue
    notice = notices.UpdatesSlowed(
        kind=NoticeKind.UPDATES_ENDED if has_ended(streak, fatigue) else NoticeKind.UPDATES_SLOWED,
        in_a_row=min(streak.spoken, fatigue.ends_after or streak.spoken),
        next_by=next_letter_by(then, draft.policy),
        dead_address=then.dead_address if then.is_unreachable else "",
    )
    notify_overseer(draft, notice, key=fired.key, clock=fired.due.clock)
