"""Firing: what happens when a threshold is reached. Each fires once in its cycle, the earliest first."""

from collections.abc import Mapping
from typing import assert_never

from escalation.case.commands import FireDueClocks
from escalation.case.events import (
    AcknowledgementDecayed,
    ChoiceLapsed,
    OfferLapsed,
    PromiseLapsed,
    ReviewSkipped,
    SurveyExpired,
    SurveySent,
    ThresholdReached,
)
from escalation.clocks.deadlines import Due, earliest
from escalation.lifecycle.decisions.approval import approval_text
from escalation.lifecycle.decisions.closing import reach_end_of_reopen_window, resolve_without_reply
from escalation.lifecycle.decisions.contact_limits import put_forward
from escalation.lifecycle.decisions.conversation import options_facts, record_choice
from escalation.lifecycle.decisions.linking import notify_overseer
from escalation.lifecycle.decisions.ownership import climb, hand_over, hold_by_overseer, offer_on
from escalation.lifecycle.decisions.packet import packet_from
from escalation.lifecycle.draft import Draft
from escalation.messages.effects import Notice, instant_text
from escalation.policy import Action
from escalation.vocabulary import CUSTOMER, SYSTEM, ClimbCause, ClockName, MessageKind, NoticeKind, Stage


def fire_due_clocks(draft: Draft, _: FireDueClocks) -> None:
    """Carry out everything that is due, in order; what a firing starts anew counts from now."""
    while (due := earliest(draft.armed)) is not None and due.at <= draft.now:
        _fire(draft, due)


def _fire(draft: Draft, due: Due) -> None:
    late = (draft.now - due.at).total_seconds() > draft.policy.late_after
    draft.record(
        ThresholdReached(
            at=draft.now,
            clock=due.clock,
            cycle=due.cycle,
            threshold=due.threshold.name,
            due=due.at,
            breach=Action.BREACH in due.threshold.actions,
            late=late,
        )
    )
    for action in due.threshold.actions:
        _act(draft, due, action, late=late)


def _act(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    match action:
        case Action.REMIND_OWNER | Action.WARN_OWNER | Action.BREACH | Action.TELL_OVERSEER:
            _tell_team(draft, due, action, late=late)
        case Action.REMIND_ASKED:
            _remind_asked(draft, due, late=late)
        case Action.CLIMB | Action.OFFER_ON:
            _move(draft, due, action, late=late)
        case Action.FOLLOW_UP | Action.FOLLOW_UP_SURVEY | Action.EXPIRE_SURVEY | Action.END_REOPEN_WINDOW:
            _check_back(draft, due, action, late=late)
        case Action.REMIND_REVIEWER | Action.SKIP_REVIEW:
            _ask_for_review(draft, due, action, late=late)
        case (
            Action.HOLDING_UPDATE
            | Action.LAPSE_PROMISE
            | Action.REMIND_CUSTOMER
            | Action.CHOOSE_DEFAULT
            | Action.RESOLVE_NO_REPLY
        ):
            _turn_to_customer(draft, due, action, late=late)
        case Action.PUT_FORWARD:
            put_forward(draft, key=_key(due), late=late)
        case _:
            assert_never(action)


_FOR_HOLDER: Mapping[Action, NoticeKind] = {
    Action.REMIND_OWNER: NoticeKind.REMINDER,
    Action.WARN_OWNER: NoticeKind.WARNING,
    Action.BREACH: NoticeKind.BREACH,
}
"""What whoever has the case is told with an action."""


def _tell_team(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    about = _FOR_HOLDER.get(action) or _for_overseer(due)
    person, asked = _asked(draft, due)
    if due.clock is ClockName.CONSULT:
        about, asked = NoticeKind.CONSULT_OVERDUE, f"{person}: {asked}"
    notice = _notice_of_target(due, about, asked, late=late)
    overseer = draft.policy.ladder.overseer
    holder = draft.state.owner or draft.state.offered_to
    if action is Action.TELL_OVERSEER:
        if overseer != holder or Action.BREACH not in due.threshold.actions:
            notify_overseer(draft, notice, key=_key(due), clock=due.clock)
        return
    if not holder and draft.state.stage is Stage.RESOLVED:
        holder = overseer
    draft.notify(holder, notice, key=_key(due))


def _remind_asked(draft: Draft, due: Due, *, late: bool) -> None:
    """Remind the colleague who is asked for advice, or for a decision."""
    person, text = _asked(draft, due)
    about = NoticeKind.CONSULTED if due.clock is ClockName.CONSULT else NoticeKind.APPROVAL_ASKED
    draft.notify(person, _notice_of_target(due, about, text, late=late), key=_key(due))


def _asked(draft: Draft, due: Due) -> tuple[str, str]:
    """Which colleague was asked what, where the clock is about that; who is empty while somebody is sought."""
    consult, approval = draft.state.consult, draft.state.approval
    if due.clock is ClockName.CONSULT and consult is not None:
        return consult.to, consult.question
    if due.clock is ClockName.APPROVAL and approval is not None:
        return approval.approver, f"{approval_text(approval)}, for `{approval.by}`: {approval.why}"
    return "", ""


def _for_overseer(due: Due) -> NoticeKind:
    if Action.BREACH in due.threshold.actions:
        return NoticeKind.BREACH
    if Action.HOLDING_UPDATE in due.threshold.actions:
        return NoticeKind.HOLDING_UPDATE_SENT
    return NoticeKind.APPROVAL_OVERDUE if due.clock is ClockName.APPROVAL else NoticeKind.WARNING


def _move(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    state = draft.state
    if action is Action.CLIMB:
        # While the customer has the ball, a new tier would have nothing to do; the overseer holds what is on top.
        if state.tier < draft.policy.ladder.top and state.stage is not Stage.WAITING_ON_CUSTOMER:
            why = f"{due.clock} {due.threshold.name}"
            climb(draft, ClimbCause.BREACH, why=why, packet=packet_from(state, why), by=SYSTEM)
    elif state.overseer_holds:
        hold_by_overseer(draft)
    elif due.clock is ClockName.SHIFT_END:
        draft.notify(state.owner, _notice(due, NoticeKind.SHIFT_ENDED, late=late), key=_key(due))
        hand_over(draft)
    elif due.clock is ClockName.ACKNOWLEDGE:
        draft.notify(state.offered_to, _notice(due, NoticeKind.OFFER_LAPSED, late=late), key=_key(due))
        offer_on(draft, OfferLapsed(at=draft.now, person=state.offered_to))
    else:
        draft.notify(state.owner, _notice(due, NoticeKind.RELEASED, late=late), key=_key(due))
        packet = packet_from(state, "no sign of progress")
        offer_on(draft, AcknowledgementDecayed(at=draft.now, person=state.owner, packet=packet))


def _turn_to_customer(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    state = draft.state
    match action:
        case Action.HOLDING_UPDATE:
            draft.tell_customer_and_when_next(MessageKind.HOLDING_UPDATE, key=_customer_key(due))
        case Action.LAPSE_PROMISE:
            draft.record(PromiseLapsed(at=draft.now))
            facts = {"what": state.promise, "promised_at": instant_text(due.at)}
            draft.tell_customer(MessageKind.DELAY_NOTICE, key=_customer_key(due), **facts)
            holder = state.owner or state.offered_to
            draft.notify(holder, _notice(due, NoticeKind.PROMISE_LAPSED, late=late), key=_key(due))
        case Action.REMIND_CUSTOMER:
            _remind_customer(draft, due)
        case Action.CHOOSE_DEFAULT if state.default_option:
            record_choice(draft, state.default_option, SYSTEM)
        case Action.CHOOSE_DEFAULT:
            draft.record(ChoiceLapsed(at=draft.now))
            draft.notify(state.owner or state.offered_to, _notice(due, NoticeKind.REMINDER, late=late), key=_key(due))
        case _:
            resolve_without_reply(draft)


def _remind_customer(draft: Draft, due: Due) -> None:
    if due.clock is ClockName.CHOICE:
        draft.tell_customer(MessageKind.OPTIONS_REMINDER, key=_customer_key(due), **options_facts(draft))
    else:
        draft.tell_customer(
            MessageKind.QUESTION_REMINDER,
            key=_customer_key(due),
            question=draft.state.question,
            closes_at=draft.due_text(due.clock),
        )


def _check_back(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    state = draft.state
    match action:
        case Action.FOLLOW_UP | Action.FOLLOW_UP_SURVEY:
            has_survey = action is Action.FOLLOW_UP_SURVEY
            kind = MessageKind.FOLLOW_UP_SURVEY if has_survey else MessageKind.FOLLOW_UP
            facts = {"solution": state.solution, "number": due.threshold.name}
            draft.tell_customer(kind, key=_customer_key(due), **facts)
            if has_survey:
                draft.record(SurveySent(at=draft.now))
            draft.notify(state.owner, _notice(due, NoticeKind.CHECK_BACK, late=late), key=_key(due))
        case Action.EXPIRE_SURVEY:
            draft.record(SurveyExpired(at=draft.now))
        case _:
            reach_end_of_reopen_window(draft)


def _ask_for_review(draft: Draft, due: Due, action: Action, *, late: bool) -> None:
    if action is Action.REMIND_REVIEWER:
        draft.notify(draft.state.owner, _notice(due, NoticeKind.REVIEW_DUE, late=late), key=_key(due))
    else:
        draft.record(ReviewSkipped(at=draft.now))
        overseer = draft.policy.ladder.overseer
        draft.notify(overseer, _notice(due, NoticeKind.REVIEW_SKIPPED, late=late), key=_key(due))


def _notice(due: Due, about: NoticeKind, *, late: bool) -> Notice:
    return Notice(about=about, text=f"{due.clock} {due.threshold.name}", due=due.at, late=late)


def _notice_of_target(due: Due, about: NoticeKind, text: str = "", *, late: bool) -> Notice:
    """A notice before or after a deadline names the deadline, not the threshold that has just been reached."""
    known = due.timing.reached_before_pause(due.target)
    text = text or f"{due.clock} {due.threshold.name}"
    return Notice(about=about, text=text, due=due.target if known else due.at, late=late)


def _key(due: Due) -> str:
    return f"{due.clock}/{due.cycle}/{due.threshold.name}"


def _customer_key(due: Due) -> str:
    return f"{_key(due)}/{CUSTOMER}"
