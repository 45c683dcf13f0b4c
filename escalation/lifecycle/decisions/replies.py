"""The customer's messages, in every stage: one that needs an answer starts a clock or reopens the case.

While a case is worked on, every message but mere thanks is answered (`conversation`). After the solution it depends on what the message asks for
(`escalation.customer_words`) and on the policy:

- thanks change nothing; "it works" closes the case early, where the policy lets a satisfied answer do that;
- the number that the survey asks for is the answer to the survey;
- an objection, and anything else, reopens the case, asks its owner, or is thanked for, as the policy says. What reaches a closed
  case within its reopen window reopens it, and so does what reaches a case that ended without a reply;
- after the window, and in a case that was called off, it is refused with `CaseOver`: the client opens the ticket's next escalation.

An answer that is owed after the solution is answered: when every reminder of it is used up, the overseer gets the case
(`closing.settle_afterwards`).
"""

from dataclasses import replace
from typing import assert_never

from escalation.case.commands import AnswerSurvey, RecordCustomerReply
from escalation.case.events import CustomerReplied, FrustrationChanged, SurveyAnswered
from escalation.case.state import State
from escalation.clocks.answers import answer_by
from escalation.customer_words import asks_something, reading_of, survey_reply
from escalation.errors import CaseOver, InvalidCommand
from escalation.lifecycle.decisions.checks import frustration_level
from escalation.lifecycle.decisions.climbing import climb_as_asked
from escalation.lifecycle.decisions.closing import close_satisfied, was_surveyed
from escalation.lifecycle.decisions.contact_limits import within_limit
from escalation.lifecycle.decisions.conversation import notify_of_reply, owes_answer, quoted
from escalation.lifecycle.decisions.notifying import notify_overseer, tell_followers
from escalation.lifecycle.decisions.reopening import begin_again, give_to_overseer
from escalation.lifecycle.draft import Draft
from escalation.messages import facts, notices
from escalation.notice_kinds import NoticeKind
from escalation.policy import OnReply, OnUnsatisfied
from escalation.program_texts import ProgramText
from escalation.vocabulary import ACTIVE, CUSTOMER, SYSTEM, ClockName, Outcome, PauseCause, Reading, Stage

SETTLED = frozenset({Reading.THANKS, Reading.CONFIRMATION})  # readings that need no answer


def record_customer_reply(draft: Draft, command: RecordCustomerReply) -> None:
    """Record the customer's message, and see to it that a person answers what needs an answer.

    What answers a question of ours always gets through, and never counts towards a contact limit. What a machine wrote is only
    kept.
    """
    if command.sounds is not None:
        frustration_level(command.sounds, "sounds")
    if command.automatic:
        draft.record(CustomerReplied(at=draft.now, text=command.text, automatic=True))
        return
    if draft.state.stage in ACTIVE:
        _while_worked_on(draft, command)
    else:
        _after_the_solution(draft, command)
    _sense(draft, command.sounds)


def _sense(draft: Draft, level: int | None) -> None:
    # Raise the customer's frustration to what their message suggests; people and time lower it.
    old = draft.state.frustration
    if level is not None and level > old and draft.state.is_open:
        why = ProgramText.SOUNDS.say(level=str(level))
        draft.record(FrustrationChanged(at=draft.now, old=old, new=level, by=SYSTEM, why=why))


def answer_survey(draft: Draft, command: AnswerSurvey) -> None:
    """Record the answer to a survey; those who worked on it learn of it, and who is not satisfied gets an answer."""
    state, policy = draft.state, draft.policy
    if not was_surveyed(state):
        raise InvalidCommand("no survey was sent since the solution; record what they wrote with `customer_replied`")
    if not 1 <= command.score <= 5:
        raise InvalidCommand(f"`score` is {command.score}; it goes from 1 (worst) to 5")
    answered = SurveyAnswered(
        at=draft.now,
        score=command.score,
        comment=command.comment,
        satisfied=command.score >= policy.satisfied_from,
        objection=reading_of(command.comment) is Reading.OBJECTION,
        asks=asks_something(command.comment),
    )
    draft.record(answered)
    _sense(draft, command.sounds)
    if not answered.satisfied or answered.objection:
        _make_good(draft, answered)
        return
    if policy.thanks:
        _thank(draft, score=command.score)
    notice = notices.SurveyAnswered(score=command.score, comment=quoted(command.comment))
    tell_followers(draft, notice)
    if not answered.asks:
        draft.notify(state.owner, notice)
        close_satisfied(draft)
    elif ClockName.NEXT_RESPONSE in draft.armed:
        notify_of_reply(draft, RecordCustomerReply(text=command.comment))
    else:
        begin_again(draft, command.comment, by=CUSTOMER, unclear=True)


def _while_worked_on(draft: Draft, command: RecordCustomerReply) -> None:
    reading = command.as_ or (Reading.THANKS if _only_thanks(draft, command) else None)
    if reading in SETTLED:
        draft.record(CustomerReplied(at=draft.now, text=command.text, reading=reading, settled=True))
        _pass_on_thanks(draft, command.text)
        return
    if draft.state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER):
        draft.record(CustomerReplied(at=draft.now, text=command.text, reading=command.as_))
    elif not within_limit(draft, CustomerReplied(at=draft.now, text=command.text, reading=command.as_)):
        return
    if command.for_superior:
        _sense(draft, command.sounds)
        if climb_as_asked(draft):
            return
        _notify_overseer(draft, command.text)
    _notify(draft, command)


def _only_thanks(draft: Draft, command: RecordCustomerReply) -> bool:
    # Whether a message needs no answer while the case is worked on; an answer to our question always counts as one.
    waits = draft.state.is_paused_by(PauseCause.WAITING_ON_CUSTOMER)
    return not (waits or command.for_superior) and reading_of(command.text) is Reading.THANKS


def _after_the_solution(draft: Draft, command: RecordCustomerReply) -> None:
    answer = (
        survey_reply(command.text)
        if command.as_ is None and not command.for_superior and was_surveyed(draft.state)
        else None
    )
    if answer is not None:
        answer_survey(draft, AnswerSurvey(score=answer.score, comment=answer.comment, sounds=command.sounds))
        return
    reading = Reading.OBJECTION if command.for_superior else command.as_ or reading_of(command.text)
    how = None if reading in SETTLED else _how(draft, reading)
    reply = CustomerReplied(
        at=draft.now, text=command.text, reading=reading, settled=how is None or how is OnReply.THANK
    )
    if reply.settled:
        draft.record(reply)
    elif not within_limit(draft, reply):
        return
    match how:
        case None:
            _pass_on_thanks(draft, command.text)
            if reading is Reading.CONFIRMATION and close_satisfied(draft):
                draft.tell_customer(facts.Closed(confirmed=True))
        case OnReply.THANK:
            _thank(draft)
            _pass_on_thanks(draft, command.text)
        case OnReply.ASK_OWNER if ClockName.NEXT_RESPONSE in draft.armed:
            _notify(draft, command)
        case _:
            begin_again(draft, command.text, by=CUSTOMER, unclear=reading is not Reading.OBJECTION)
    if command.for_superior:
        _notify_overseer(draft, command.text)


def _how(draft: Draft, reading: Reading) -> OnReply:
    """The reaction to a message that needs one."""
    state, policy = draft.state, draft.policy
    if _is_over(state):
        raise CaseOver
    how = policy.on_objection if reading is Reading.OBJECTION else policy.on_answer
    if owes_answer(state) and state.stage is Stage.CLOSED:
        return OnReply.ASK_OWNER
    if state.outcome is Outcome.NO_REPLY or (how is OnReply.ASK_OWNER and state.stage is Stage.CLOSED):
        return OnReply.REOPEN
    return how


def _is_over(state: State) -> bool:
    return state.stage is Stage.CANCELLED or not (_is_in_window(state) or owes_answer(state))


def _is_in_window(state: State) -> bool:
    return ClockName.REOPEN_WINDOW in state.runs


def _make_good(draft: Draft, answered: SurveyAnswered) -> None:
    """One person has to speak with who is not satisfied, by the clock of the next response or in a new cycle; others learn who does."""
    owner, overseer, how = draft.state.owner, draft.policy.ladder.overseer, _amends(draft, answered)
    acts = overseer if how is OnUnsatisfied.OVERSEER or not owner else owner
    calls_back = how is OnUnsatisfied.CALL_BACK
    notice = notices.NotSatisfied(
        score=answered.score,
        comment=quoted(answered.comment),
        due=draft.due_at(ClockName.NEXT_RESPONSE) if calls_back else None,
    )
    tell_followers(draft, replace(notice, acts=acts), besides=(overseer,))
    if overseer != acts:
        notify_overseer(draft, replace(notice, acts=acts))
    if owner != acts:
        draft.notify(owner, replace(notice, acts=acts))
    if how is not OnUnsatisfied.REOPEN or not owner:  # who had it before gets the offer to continue
        draft.notify(acts, notice)
    match how:
        case OnUnsatisfied.CALL_BACK:
            if draft.policy.thanks:
                _thank(draft, score=answered.score, satisfied=False)
        case OnUnsatisfied.REOPEN:
            begin_again(draft, answered.comment, by=CUSTOMER)
        case OnUnsatisfied.OVERSEER:
            give_to_overseer(draft, answered.comment, by=CUSTOMER)
        case _:
            assert_never(how)


def _amends(draft: Draft, answered: SurveyAnswered) -> OnUnsatisfied:
    # What the policy wants for the score; an objection in the comment does at least what it does in a message.
    policy = draft.policy
    how = OnUnsatisfied.CALL_BACK if answered.satisfied else policy.on_unsatisfied
    reopens = answered.objection and policy.on_objection is OnReply.REOPEN and _is_in_window(draft.state)
    if how is OnUnsatisfied.CALL_BACK and (reopens or draft.due_at(ClockName.NEXT_RESPONSE) is None):
        return OnUnsatisfied.REOPEN
    return how


def _thank(draft: Draft, *, score: int = 0, satisfied: bool = True) -> None:
    # Thank the customer, and say by when they get the answer that they wait for; not while it is overdue.
    due = draft.due_at(ClockName.NEXT_RESPONSE)
    if due is None or due > draft.now:
        draft.tell_customer(facts.Thanks(score=score, satisfied=satisfied, answered_by=due))


def _notify(draft: Draft, command: RecordCustomerReply) -> None:
    # First, because a customer who is more frustrated hears from us sooner, and the notice names the first deadline.
    _sense(draft, command.sounds)
    notify_of_reply(draft, command)


def _notify_overseer(draft: Draft, text: str) -> None:
    # The person in charge is notified, who is it already where they hold the case.
    if draft.policy.ladder.overseer != draft.state.holder:
        due = answer_by(draft.state, draft.policy, is_owed=True)
        notify_overseer(draft, notices.Words(kind=NoticeKind.CUSTOMER_REPLIED, text=quoted(text), due=due))


def _pass_on_thanks(draft: Draft, text: str) -> None:
    draft.notify(draft.state.holder, notices.Words(kind=NoticeKind.CUSTOMER_THANKED, text=quoted(text)))
