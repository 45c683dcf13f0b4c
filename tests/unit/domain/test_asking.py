"""What a message asks of a colleague, and what became of it by the time that they open its link."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.case.commands import (
    Acknowledge,
    AnswerConsult,
    AnswerSurvey,
    Approve,
    Choose,
    CompleteAction,
    Consult,
    Decline,
    OfferOptions,
    Option,
    Reassign,
    RecordCustomerReply,
    RefuseApproval,
    TellCustomer,
)
from escalation.lifecycle.asking import READ, Act, Ask, Fate, Found, Subject, asked_in, found
from escalation.lifecycle.viewing import view_of
from escalation.message_kinds import MessageKind
from escalation.messages import notices
from escalation.messages.effects import Message
from escalation.messages.facts import Notices, Offer
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName
from tests.unit.domain.case import Case
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import CANCEL, RESOLVE
from tests.unit.domain.test_approval import asked as asked_for_refund
from tests.unit.domain.test_approval import refund
from tests.unit.domain.test_learning import agreed, closed_for_review

ASK_BEN = Consult(by="ana", to="ben", question="Have you seen this?")


def message_to(case: Case, person: str, *kinds: str) -> Message:
    """The latest message to a person, of those that have these notices."""
    fitting: Iterator[Message] = (
        one
        for one in reversed(case.messages)
        if one.to == person and {*kinds} <= {notice.kind for notice in one.notices}
    )
    return next(fitting)


def asked(case: Case, person: str, *kinds: str) -> Ask | None:
    timeline = [event for event in case.events if event.kind in READ]
    return asked_in(message_to(case, person, *kinds), view_of(case.state, case.policy), timeline)


def fate(case: Case, ask: Ask | None, person: str) -> Found:
    assert ask is not None
    timeline = [event for event in case.events if event.kind in READ]
    return found(ask, person, view_of(case.state, case.policy), timeline)


OFFER = Ask(subject=Subject.OFFER, number=1, acts=(Act.ACKNOWLEDGE, Act.DECLINE))


def test_an_offer_asks_to_acknowledge_or_decline() -> None:
    case = Case.opened()
    assert asked(case, "ana") == OFFER
    assert fate(case, OFFER, "ana") == Found(fate=Fate.OPEN, acts=OFFER.acts)


def test_an_offer_with_a_packet_asks_to_confirm_it_where_the_policy_does() -> None:
    case = Case.opened()
    message = message_to(case, "ana")
    assert isinstance(message.facts, Offer)
    confirming = replace(message, facts=replace(message.facts, must_confirm=True))
    ask = asked_in(confirming, view_of(case.state, case.policy), [e for e in case.events if e.kind in READ])
    assert ask == replace(OFFER, confirms=True)


def test_an_offer_that_was_taken_is_theirs() -> None:
    case = Case.working()
    assert fate(case, OFFER, "ana") == Found(fate=Fate.YOURS)


def test_an_offer_that_was_declined_says_so_and_who_is_asked_now() -> None:
    case = Case.opened()
    case.do(Decline(by="ana", why="on leave"))
    assert fate(case, OFFER, "ana") == Found(fate=Fate.DECLINED, by="ben")
    assert asked(case, "ben") == replace(OFFER, number=2)
    case.do(Decline(by="ben", why="on leave"))
    assert fate(case, replace(OFFER, number=2), "ben") == Found(fate=Fate.DECLINED, by="dev")


def test_an_offer_that_was_not_answered_in_time_says_who_has_the_case() -> None:
    case = Case.opened()
    case.wait(timedelta(hours=2))
    case.do(Reassign(by="lead", to="cho", why="knows it"))
    case.do(Acknowledge(by="cho", packet_read=True))
    assert fate(case, OFFER, "ana") == Found(fate=Fate.LAPSED, by="cho")


def test_a_case_that_was_taken_and_given_on_is_with_another_one() -> None:
    case = Case.working()
    case.do(Reassign(by="lead", to="cho", why="knows it"))
    assert fate(case, OFFER, "ana") == Found(fate=Fate.ACCEPTED, by="cho")


def test_an_offer_that_a_lead_took_back_moved_on_and_a_new_one_is_not_the_old_one() -> None:
    case = Case.opened()
    case.do(Reassign(by="lead", to="cho", why="knows it"))
    assert fate(case, OFFER, "ana") == Found(fate=Fate.MOVED_ON, by="cho")
    case.do(Reassign(by="lead", to="ana", why="after all"))
    assert fate(case, OFFER, "ana") == Found(fate=Fate.MOVED_ON, by="ana")
    assert asked(case, "ana") == replace(OFFER, number=3)


def test_an_offer_that_the_record_does_not_know_moved_on() -> None:
    case = Case.opened()
    assert fate(case, replace(OFFER, number=7), "ben") == Found(fate=Fate.MOVED_ON, by="ana")


def test_an_offer_right_before_the_next_one_moved_on() -> None:
    case = Case.opened()
    offers = [event for event in case.events if event.kind == "offered"]
    timeline = [*offers, replace(offers[0], offer=2, person="ben")]
    view = replace(view_of(case.state, case.policy), offered_to="ben")
    assert found(OFFER, "ana", view, timeline) == Found(fate=Fate.MOVED_ON, by="ben")


def test_an_offer_of_a_case_that_is_over_says_so() -> None:
    case = Case.opened()
    case.do(CANCEL)
    assert fate(case, OFFER, "ana").fate is Fate.OVER
    case = Case.working()
    case.do(RESOLVE)
    assert fate(case, OFFER, "ana") == Found(fate=Fate.OVER)


def test_a_reminder_of_an_offer_asks_what_the_offer_asked() -> None:
    case = Case.opened()
    case.wait(timedelta(minutes=10))
    assert asked(case, "ana", "reminder") == OFFER


def test_a_message_of_the_customer_asks_the_owner_to_reply() -> None:
    case = Case.working()
    case.do(RecordCustomerReply(text="Still broken"))
    ask = asked(case, "ana", "customer_replied")
    assert ask == Ask(subject=Subject.CASE, acts=(Act.REPLY, Act.NOTE))
    assert fate(case, ask, "ana") == Found(fate=Fate.OPEN, acts=(Act.REPLY, Act.NOTE))
    case.do(Reassign(by="lead", to="cho", why="knows it"))
    assert fate(case, ask, "ana") == Found(fate=Fate.MOVED_ON, by="cho")


def test_a_missed_deadline_lets_the_overseer_take_over() -> None:
    case = Case.working()
    case.wait(timedelta(hours=3))
    ask = asked(case, "overseer", "breach")
    assert ask == Ask(subject=Subject.CASE, acts=(Act.TAKE_OVER,))
    assert fate(case, ask, "overseer") == Found(fate=Fate.OPEN, acts=(Act.TAKE_OVER,), by="ana")
    case.do(Reassign(by="overseer", to="overseer", why="I take it"))
    assert fate(case, ask, "overseer") == Found(fate=Fate.YOURS)


def test_a_notice_that_only_informs_and_one_of_a_case_that_is_over_ask_for_nothing() -> None:
    case = Case.opened()
    case.wait(timedelta(minutes=15))
    assert asked(case, "ana", "offer_lapsed") is None
    case = Case.working()
    case.do(RecordCustomerReply(text="Still broken"))
    case.do(CANCEL)
    assert asked(case, "ana", "customer_replied") is None


def test_a_letter_to_the_customer_asks_nothing_of_a_colleague() -> None:
    case = Case.opened()
    receipt = next(one for one in case.messages if one.kind is MessageKind.RECEIPT)
    assert asked_in(receipt, view_of(case.state, case.policy), []) is None


def test_a_request_for_advice_asks_for_an_answer_until_there_is_one() -> None:
    case = Case.working()
    case.do(ASK_BEN)
    ask = asked(case, "ben", "consulted")
    assert ask == Ask(subject=Subject.CONSULT, number=1, acts=(Act.ANSWER,))
    assert fate(case, ask, "ben") == Found(fate=Fate.OPEN, acts=(Act.ANSWER,))
    case.do(AnswerConsult(by="ben", answer="Yes: restart it"))
    assert fate(case, ask, "ben") == Found(fate=Fate.ANSWERED)
    case.do(replace(ASK_BEN, question="And this?"))
    assert fate(case, ask, "ben") == Found(fate=Fate.ANSWERED)


def test_a_reminder_of_a_request_for_advice_asks_for_the_answer_too() -> None:
    case = Case.working()
    case.do(ASK_BEN)
    message = message_to(case, "ben", "consulted")
    reminder = notices.Clock(kind=NoticeKind.REMINDER, clock=ClockName.CONSULT)
    view, timeline = view_of(case.state, case.policy), [event for event in case.events if event.kind in READ]
    reminded = replace(message, facts=Notices(notices=(reminder,)))
    assert asked_in(reminded, view, timeline) == asked(case, "ben", "consulted")


def test_advice_that_another_one_wrote_down_or_a_new_question_replaced_is_not_needed() -> None:
    case = Case.working()
    case.do(ASK_BEN)
    ask = asked(case, "ben", "consulted")
    case.do(AnswerConsult(by="ana", answer="He says yes"))
    assert fate(case, ask, "ben") == Found(fate=Fate.ANSWERED, by="ana")
    case = Case.working()
    case.do(ASK_BEN)
    case.do(replace(ASK_BEN, to="cho"))
    assert fate(case, ask, "ben") == Found(fate=Fate.NOT_NEEDED)
    assert ask is not None
    assert fate(case, replace(ask, number=9), "ben") == Found(fate=Fate.NOT_NEEDED)


def test_a_request_for_approval_asks_to_approve_or_refuse_until_it_is_decided() -> None:
    case = asked_for_refund()
    ask = asked(case, "dev", "approval_asked")
    assert ask == Ask(subject=Subject.APPROVAL, number=1, acts=(Act.APPROVE, Act.REFUSE))
    assert fate(case, ask, "dev") == Found(fate=Fate.OPEN, acts=(Act.APPROVE, Act.REFUSE))
    case.do(Approve(by="dev"))
    assert fate(case, ask, "dev") == Found(fate=Fate.GRANTED, by="dev")
    case.do(refund(130))
    second = asked(case, "dev", "approval_asked")
    case.do(RefuseApproval(by="dev", explanation="Used for a year"))
    assert fate(case, second, "dev") == Found(fate=Fate.REFUSED, by="dev")
    assert ask is not None
    assert fate(case, replace(ask, number=9), "dev") == Found(fate=Fate.NOT_NEEDED)


def test_an_approval_that_is_overdue_lets_the_overseer_decide() -> None:
    case = asked_for_refund()
    case.wait(12 * HOURS)
    overseer = view_of(case.state, case.policy).overseer
    overdue = [
        one for one in case.messages if one.to == overseer and any(n.kind == "approval_overdue" for n in one.notices)
    ]
    reminders = [one for one in case.messages if one.to == "dev" and one.notices]
    view, timeline = view_of(case.state, case.policy), [event for event in case.events if event.kind in READ]
    for message in (*overdue, *reminders):
        ask = asked_in(message, view, timeline)
        assert ask is not None
        assert ask.acts == (Act.APPROVE, Act.REFUSE)


def test_an_agreed_action_asks_its_owner_to_say_when_it_is_done() -> None:
    case = closed_for_review()
    agreed(case, "ben", 3)
    agreed(case, "cho", 3)
    ask = asked(case, "cho", "action_agreed")
    assert ask == Ask(subject=Subject.ACTION, number=2, acts=(Act.DONE,))
    assert fate(case, ask, "cho") == Found(fate=Fate.OPEN, acts=(Act.DONE,))
    case.do(CompleteAction(by="cho", number=2))
    assert fate(case, ask, "cho") == Found(fate=Fate.DONE)
    assert asked(case, "cho", "action_agreed") is None


@pytest.mark.parametrize("said", [AnswerSurvey(score=2), AnswerSurvey(score=5, comment="Where is my invoice?")])
def test_who_solved_it_can_answer_by_the_link_what_the_customer_wrote_since(said: AnswerSurvey) -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(said)
    ask = asked(case, "ana", "not_satisfied" if said.score == 2 else "customer_replied")
    assert ask == Ask(subject=Subject.CASE, acts=(Act.REPLY,))
    assert fate(case, ask, "ana") == Found(fate=Fate.OPEN, acts=(Act.REPLY,))
    case.do(TellCustomer(by="ana", text="I am looking at it"))
    assert fate(case, ask, "ana").fate is Fate.OVER


def test_a_late_choice_asks_the_owner_to_reply() -> None:
    case = Case.working()
    case.do(OfferOptions(options=(Option(id="a", title="A"), Option(id="b", title="B")), by="ana"))
    case.do(Choose(option="a"))
    case.do(Choose(option="b"))
    assert asked(case, "ana", "chose_late") == Ask(subject=Subject.CASE, acts=(Act.REPLY, Act.NOTE))
