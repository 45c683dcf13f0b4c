"""Firing: what happens when a threshold is fired. Each fires once in its cycle, the earliest first."""

from collections.abc import Mapping
from typing import assert_never

from escalation.case import events
from escalation.clock_rules import Action
from escalation.clocks.deadlines import Due, earliest
from escalation.lifecycle.decisions.approval import as_shown
from escalation.lifecycle.decisions.automatic_updates import is_unsaid, update_automatically
from escalation.lifecycle.decisions.climbing import climb_after_breach, hold_by_overseer
from escalation.lifecycle.decisions.closing import reach_end_of_reopen_window, resolve_without_reply
from escalation.lifecycle.decisions.contact_limits import put_forward
from escalation.lifecycle.decisions.fired import Fired
from escalation.lifecycle.decisions.follow_up import follow_up, follow_up_with_survey, left_out
from escalation.lifecycle.decisions.learning import lapse_action, remind_of_action, remind_reviewer, skip_review
from escalation.lifecycle.decisions.notifying import notify_overseer
from escalation.lifecycle.decisions.options import open_options, record_choice
from escalation.lifecycle.decisions.ownership import hand_over, offer_on
from escalation.lifecycle.decisions.packet import packet_from
from escalation.lifecycle.decisions.promises import lapse_promise, notify_of_promise
from escalation.lifecycle.decisions.worsening import ease_frustration, raise_by_age
from escalation.lifecycle.draft import Draft
from escalation.message_kinds import MessageKind
from escalation.messages import facts, notices
from escalation.messages.notices import ClockNoticeKind, Notice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import SYSTEM, ClockName


def fire_due_clocks(draft: Draft) -> None:
    """Carry out everything that is due, in order; a clock that a firing restarts counts from now."""
    while (due := earliest(_left(draft))) is not None and due.at <= draft.now:
        _fire(draft, due)
    ease_frustration(draft)


def _left(draft: Draft) -> Mapping[ClockName, Due]:
    # What is armed, but for the clock of updates once the customer gets a letter: it begins again with that.
    if not draft.writes:
        return draft.armed
    return {clock: due for clock, due in draft.armed.items() if clock is not ClockName.CUSTOMER_UPDATE}


def _fire(draft: Draft, due: Due) -> None:
    late = (draft.now - due.at).total_seconds() > draft.policy.late_after
    draft.record(
        events.ThresholdReached(
            at=draft.now,
            clock=due.clock,
            cycle=due.cycle,
            threshold=due.threshold.name,
            due=due.at,
            breach=Action.BREACH in due.threshold.actions,
            late=late,
            left_out=left_out(draft.state, due),
        )
    )
    fired = Fired(due, late, draft.now, unsaid=is_unsaid(draft, due))
    for action in due.threshold.actions:
        _act(draft, fired, action)


def _act(draft: Draft, fired: Fired, action: Action) -> None:  # noqa: C901, PLR0912 (a flat table of all actions)
    match action:
        case Action.REMIND_OWNER:
            _tell_holder(draft, fired, NoticeKind.REMINDER)
        case Action.WARN_OWNER:
            _tell_holder(draft, fired, NoticeKind.WARNING)
        case Action.BREACH:
            _tell_holder(draft, fired, NoticeKind.BREACH)
        case Action.TELL_OVERSEER:
            _tell_overseer(draft, fired)
        case Action.REMIND_ASKED:
            _remind_asked(draft, fired)
        case Action.CLIMB:
            climb_after_breach(draft, fired.name)
        case Action.OFFER_ON:
            _offer_on(draft, fired)
        case Action.HOLDING_UPDATE:
            update_automatically(draft, fired)
        case Action.LAPSE_PROMISE:
            lapse_promise(draft, fired)
        case Action.REMIND_CUSTOMER:
            _remind_customer(draft, fired)
        case Action.CHOOSE_DEFAULT:
            _choose_default(draft, fired)
        case Action.RESOLVE_NO_REPLY:
            resolve_without_reply(draft)
        case Action.FOLLOW_UP:
            follow_up(draft, fired)
        case Action.FOLLOW_UP_SURVEY:
            follow_up_with_survey(draft, fired)
        case Action.EXPIRE_SURVEY:
            draft.record(events.SurveyExpired(at=draft.now))
        case Action.END_REOPEN_WINDOW:
            reach_end_of_reopen_window(draft)
        case Action.REMIND_REVIEWER:
            remind_reviewer(draft, fired)
        case Action.SKIP_REVIEW:
            skip_review(draft, fired)
        case Action.REMIND_ACTION:
            remind_of_action(draft, fired)
        case Action.LAPSE_ACTION:
            lapse_action(draft, fired)
        case Action.PUT_FORWARD:
            put_forward(draft, key=fired.key, late=fired.late)
        case Action.RAISE_SEVERITY:
            raise_by_age(draft, fired)
        case _:
            assert_never(action)


def _tell_holder(draft: Draft, fired: Fired, kind: ClockNoticeKind) -> None:
    if fired.unsaid:
        return
    advice = _overdue_advice(draft, fired)
    if advice is not None:
        draft.notify(draft.state.holder, advice, key=fired.key)
        return
    run = draft.state.runs.get(fired.due.clock)
    notify_of_promise(draft, fired, fired.notice(kind, fired.target, _approval(draft, fired)), run)


def _tell_overseer(draft: Draft, fired: Fired) -> None:
    # Tell the overseer, unless the same breach reaches them as the one who has the case.
    actions, clock = fired.due.threshold.actions, fired.due.clock
    # What an address that fails does to each letter was said when it failed first.
    is_said = Action.HOLDING_UPDATE in actions and draft.state.is_unreachable
    if fired.unsaid or is_said or (draft.policy.ladder.overseer == draft.state.holder and Action.BREACH in actions):
        return
    notice = _overdue_advice(draft, fired) or _for_overseer(fired, _approval(draft, fired))
    notify_overseer(draft, notice, key=fired.key, clock=clock)


def _for_overseer(fired: Fired, approval: notices.Approval | None) -> Notice:
    actions, at = fired.due.threshold.actions, fired.target
    if Action.BREACH in actions:
        return fired.notice(NoticeKind.BREACH, at, approval)
    if Action.HOLDING_UPDATE in actions:
        return fired.notice(NoticeKind.HOLDING_UPDATE_SENT, at)
    if approval is not None:
        return notices.Decision(kind=NoticeKind.APPROVAL_OVERDUE, approval=approval, due=at, late=fired.late)
    return fired.notice(NoticeKind.WARNING, at)


def _overdue_advice(draft: Draft, fired: Fired) -> Notice | None:
    asked, at = draft.state.consult, fired.target
    if asked is None or fired.due.clock is not ClockName.CONSULT:
        return None
    return notices.Advice(
        kind=NoticeKind.CONSULT_OVERDUE, colleague=asked.to, text=asked.question, due=at, late=fired.late
    )


def _approval(draft: Draft, fired: Fired) -> notices.Approval | None:
    asked = draft.state.approval
    return None if asked is None or fired.due.clock is not ClockName.APPROVAL else as_shown(asked)


def _remind_asked(draft: Draft, fired: Fired) -> None:
    consult, request = draft.state.consult, draft.state.approval
    at, late, key = fired.target, fired.late, fired.key
    if fired.due.clock is ClockName.CONSULT and consult is not None:
        advice = notices.Words(kind=NoticeKind.CONSULTED, text=consult.question, due=at, late=late)
        draft.notify(consult.to, advice, key=key)
    if fired.due.clock is ClockName.APPROVAL and request is not None:
        wanted = notices.Decision(kind=NoticeKind.APPROVAL_ASKED, approval=as_shown(request), due=at, late=late)
        draft.notify(request.approver, wanted, key=key)


def _offer_on(draft: Draft, fired: Fired) -> None:
    """Take the case from the person who let the time pass, and ask the next one."""
    state = draft.state
    if state.overseer_holds:
        hold_by_overseer(draft, unsaid=fired.unsaid)
    elif fired.due.clock is ClockName.SHIFT_END:
        draft.notify(state.owner, fired.notice(NoticeKind.SHIFT_ENDED), key=fired.key)
        hand_over(draft)
    elif fired.due.clock is ClockName.ACKNOWLEDGE:
        draft.notify(state.offered_to, fired.notice(NoticeKind.OFFER_LAPSED), key=fired.key)
        offer_on(draft, events.OfferLapsed(at=draft.now, person=state.offered_to))
    else:
        draft.notify(state.owner, fired.notice(NoticeKind.RELEASED), key=fired.key)
        packet = packet_from(state)
        offer_on(draft, events.AcknowledgementDecayed(at=draft.now, person=state.owner, packet=packet))


def _choose_default(draft: Draft, fired: Fired) -> None:
    if draft.state.default_left:
        record_choice(draft, draft.state.default_left, SYSTEM)
    else:
        draft.record(events.ChoiceLapsed(at=draft.now))
        draft.notify(draft.state.holder, fired.notice(NoticeKind.REMINDER), key=fired.key)


def _remind_customer(draft: Draft, fired: Fired) -> None:
    if fired.due.clock is not ClockName.CHOICE:
        reminder = facts.QuestionReminder(question=draft.state.question)
        draft.tell_customer(reminder, key=fired.customer_key)
    elif ClockName.NEXT_RESPONSE not in draft.state.runs:  # else it is our turn to write
        draft.tell_customer(open_options(draft, MessageKind.OPTIONS_REMINDER), key=fired.customer_key)
