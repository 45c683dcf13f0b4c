"""What letters to the customer promise, and what keeps each promise: every time in a letter belongs to a clock.

A row of `KEPT` is one promise: the letter, how a case comes to it, the fact that names the time, and what happens at
that time when no one does anything before.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

import pytest

from escalation.case import commands
from escalation.case.commands import AnswerSurvey, Choose, Escalate, OfferOptions, Option, RequestApproval, TellCustomer
from escalation.clocks.deadlines import target_instant
from escalation.message_kinds import MessageKind
from escalation.messages.facts import SaysWhenNext
from escalation.vocabulary import ApprovalKind, ClockName, Withdrawable
from tests.unit.delivery.cases import CUSTOMER_KINDS
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.durations import DAYS, HOURS, MINUTES
from tests.unit.domain.stages import ASK, CANCEL, REOPEN, RESOLVE, SENT_TWICE
from tests.unit.domain.test_approval import NO, WITH_MEANS
from tests.unit.domain.test_contact_limits import over_the_limit

CHOICE = OfferOptions(options=(Option(id="a", title="Refund"), Option(id="b", title="Credit")), by="ana", default="b")
PROMISE = TellCustomer(by="ana", text="We found it", next_step="a fix", next_by=MONDAY + 3 * HOURS)


def worked_on(*asked: commands.Command, **opening: Any) -> Case:
    case = Case.working(**opening)
    for command in asked:
        case.do(command)
    return case


def approval(answer: commands.Command | None) -> Case:
    case = worked_on(RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="twice"), policy=WITH_MEANS)
    if answer is not None:
        case.do(answer)
    return case


def after(duration: timedelta, *asked: commands.Command) -> Case:
    case = worked_on(*asked)
    case.wait(duration)
    return case


def chosen_for() -> Case:
    return after(24 * HOURS + MINUTES, CHOICE)


@dataclass(frozen=True)
class Promise:
    """What a letter promises.

    Attributes:
        letter: The kind of letter.
        story: How a case comes to it.
        time: The fact that names the time.
        then: A letter to the customer, or a notice to a colleague, that goes out at that time.
    """

    letter: MessageKind
    story: Callable[[], Case]
    time: str
    then: str


HEARS = "any letter"
KEPT = (
    Promise(MessageKind.RECEIPT, Case.opened, "next_update_at", HEARS),
    Promise(MessageKind.OWNER_CHANGED, Case.working, "next_update_at", HEARS),
    Promise(
        MessageKind.ESCALATED,
        lambda: worked_on(Escalate(by="ana", why="too deep", packet=SENT_TWICE)),
        "next_update_at",
        HEARS,
    ),
    Promise(MessageKind.UPDATE, lambda: worked_on(TellCustomer(by="ana", text="We found it")), "next_update_at", HEARS),
    Promise(MessageKind.UPDATE, lambda: worked_on(PROMISE), "next_by", "delay_notice"),
    # What was promised is the next letter, kept or not.
    Promise(MessageKind.UPDATE, lambda: worked_on(PROMISE), "next_update_at", "delay_notice"),
    Promise(MessageKind.HOLDING_UPDATE, lambda: after(8 * HOURS), "next_update_at", HEARS),
    Promise(MessageKind.DELAY_NOTICE, lambda: after(3 * HOURS, PROMISE), "next_update_at", HEARS),
    Promise(MessageKind.QUESTION, lambda: worked_on(ASK), "remind_at", "question_reminder"),
    Promise(MessageKind.QUESTION, lambda: worked_on(ASK), "closes_at", "no_reply"),
    Promise(MessageKind.QUESTION_REMINDER, lambda: after(2 * DAYS, ASK), "closes_at", "no_reply"),
    Promise(MessageKind.OPTIONS, lambda: worked_on(CHOICE), "choose_by", "option_chosen"),
    Promise(MessageKind.OPTIONS_REMINDER, lambda: after(12 * HOURS, CHOICE), "choose_by", "option_chosen"),
    Promise(MessageKind.OPTION_CHOSEN, lambda: worked_on(CHOICE, Choose(option="a")), "next_update_at", HEARS),
    Promise(MessageKind.APPROVAL_REFUSED, lambda: approval(NO), "next_update_at", HEARS),
    Promise(
        MessageKind.APPROVAL_GRANTED,
        lambda: approval(commands.Approve(by="dev", tell_customer=True)),
        "next_update_at",
        HEARS,
    ),
    Promise(MessageKind.RESOLVED, lambda: worked_on(RESOLVE), "check_back_at", "follow_up_survey"),
    Promise(MessageKind.RESOLVED, lambda: worked_on(RESOLVE), "reopen_until_at", "closed"),
    Promise(MessageKind.FOLLOW_UP_SURVEY, lambda: after(2 * DAYS, RESOLVE), "check_back_at", "follow_up"),
    Promise(MessageKind.FOLLOW_UP, lambda: after(10 * DAYS, RESOLVE), "reopen_until_at", "closed"),
    Promise(MessageKind.NO_REPLY, lambda: after(5 * DAYS, ASK), "reopen_until_at", "closed"),
    Promise(MessageKind.REOPENED, lambda: worked_on(RESOLVE, REOPEN), "next_update_at", HEARS),
    Promise(
        MessageKind.WITHDRAWN,
        lambda: worked_on(CHOICE, commands.Withdraw(by="ana", what=Withdrawable.OPTIONS, explanation="sold out")),
        "next_update_at",
        HEARS,
    ),
    Promise(MessageKind.CONTACT_LIMITED, over_the_limit, "read_at", "messages_put_forward"),
)
OVER = {MessageKind.CLOSED, MessageKind.CANCELLED}
"""Letters that promise nothing but that a reply is read; see `test_after_resolved`."""
BY_CONDUCT = {MessageKind.THANKS}
"""What it promises depends on the answer; see below."""


@pytest.mark.parametrize("promise", KEPT, ids=lambda one: f"{one.letter}: {one.time}")
def test_at_the_time_that_a_letter_names_what_it_promises_happens(promise: Promise) -> None:
    case = promise.story()
    letter = next(message for message in reversed(case.messages) if message.kind is promise.letter)
    at = getattr(letter.facts, promise.time)
    assert at is not None, f"{promise.letter} names no time"
    assert at > case.now or promise.letter is MessageKind.HOLDING_UPDATE
    before = len(case.messages)

    keep_at_it(case, at - case.now, silent=promise.then == HEARS)

    later = case.messages[before:]
    if promise.then == HEARS:
        assert any(message.to == "customer" for message in later), "the customer heard nothing by then"
        return
    assert promise.then in [kind for message in later for kind in kinds_of(message)]
    times = [event.at for event in case.events if getattr(event, "message", None) == promise.then]
    assert promise.letter is MessageKind.CONTACT_LIMITED or times[-1] == at


def keep_at_it(case: Case, duration: timedelta, *, silent: bool) -> None:
    """Let time pass; unless the owner is to be silent, they note something now and then, so that they keep the case."""
    until = case.now + duration
    while not silent and case.state.owner and until - case.now > 4 * HOURS and case.state.stage in {"working"}:
        case.wait(4 * HOURS)
        case.do(commands.AddNote(by=case.state.owner or "ana", text="still at it"))
    case.wait(until - case.now)


def kinds_of(message: Any) -> list[str]:
    return [*(notice.kind for notice in message.notices), message.kind]


def test_every_letter_has_its_promises_here() -> None:
    listed = {promise.letter for promise in KEPT} | OVER | BY_CONDUCT
    assert listed == set(CUSTOMER_KINDS), "say in KEPT how the promise of a letter is kept; OVER promises nothing"


def test_a_reader_who_was_promised_a_name_gets_it() -> None:
    case = Case.opened()
    case.do(commands.Decline(by="ana", why="on leave"))
    case.acknowledge()
    letter = case.messages[-1]
    assert (letter.kind, letter.facts.owner, letter.facts.before) == (MessageKind.OWNER_CHANGED, "ben", "")


def test_who_chooses_or_is_refused_reads_that_the_owner_knows_and_the_owner_does() -> None:
    case = worked_on(CHOICE, Choose(option="a"))
    assert case.told("ana")[-1] == "option_chosen"
    assert approval(NO).told("ana")[-1] == "approval_refused"
    assert after(3 * HOURS, PROMISE).told("ana")[-1] == "promise_lapsed"


def test_thanks_are_followed_by_what_they_say() -> None:
    unhappy = after(2 * DAYS, RESOLVE)
    unhappy.do(AnswerSurvey(score=1, comment="It took weeks"))
    letter = unhappy.messages[-1] if unhappy.messages[-1].kind is MessageKind.THANKS else None
    letter = letter or next(one for one in reversed(unhappy.messages) if one.kind is MessageKind.THANKS)
    assert (letter.facts.satisfied, letter.facts.answered_by) == (
        False,
        target_instant(unhappy.state, unhappy.policy, ClockName.NEXT_RESPONSE),
    )
    assert "not_satisfied" in unhappy.told("ana")[-1]
    assert "not_satisfied" in unhappy.told("overseer")[-1]
    happy = after(2 * DAYS, RESOLVE)
    happy.do(AnswerSurvey(score=5, comment="Thank you"))
    assert happy.told("ana")[-1] == "survey_answered", "the people who worked on it read it"


def test_a_case_that_is_over_has_no_clock_that_writes_to_the_customer_by_itself() -> None:
    for case in (worked_on(CANCEL), after(15 * DAYS, RESOLVE)):
        assert case.messages[-1].kind in {*OVER, MessageKind.NOTICE}
        before = case.told_customer()
        case.wait(60 * DAYS)
        assert case.told_customer() == before


CLOCK_OF = {
    "next_update_at": ClockName.CUSTOMER_UPDATE,
    "promise_by": ClockName.PROMISE,
    "remind_at": ClockName.CUSTOMER_REPLY,
    "closes_at": ClockName.CUSTOMER_REPLY,
    "choose_by": ClockName.CHOICE,
    "decided_by": ClockName.APPROVAL,
    "reopen_until_at": ClockName.REOPEN_WINDOW,
    "check_back_at": ClockName.FOLLOW_UP,
}


def test_every_time_in_an_outlook_belongs_to_a_clock() -> None:
    times = {one.name for one in fields(SaysWhenNext) if "datetime" in str(one.type)}
    assert times == set(CLOCK_OF)


def test_no_letter_names_a_time_whose_clock_does_not_run() -> None:
    stories = [promise.story() for promise in KEPT]
    for case in stories:
        letters = [message for message in case.messages if message.to == "customer"]
        for name, clock in CLOCK_OF.items():
            if getattr(letters[-1].facts, name) is not None:
                assert clock in case.state.runs, f"{letters[-1].kind} names {name}"


def test_while_a_question_a_choice_or_an_approval_is_open_other_letters_say_so() -> None:
    case = worked_on(
        CHOICE, RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="twice"), policy=WITH_MEANS
    )
    case.do(TellCustomer(by="ana", text="We found it"))
    said = case.messages[-1].facts
    assert (said.choices, said.choice_default) == (("Refund", "Credit"), "Credit")
    assert (said.pending, said.pending_amount) == (ApprovalKind.REFUND, 120)
    assert said.choose_by is not None
    assert said.decided_by is not None
    case.do(ASK)
    case.do(TellCustomer(by="ana", text="One more thing"))
    said = case.messages[-1].facts
    assert (said.asked, said.next_update_at) == ("Which invoice?", None)
    assert said.closes_at is not None
