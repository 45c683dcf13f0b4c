"""What the customer said and no one has answered: who reads of it, and what becomes of it when the case ends."""

from dataclasses import replace

import pytest

from escalation.case.commands import (
    AnswerSurvey,
    Choose,
    MakePromise,
    OfferOptions,
    Option,
    RecordBounce,
    RecordCustomerReply,
    SupportCommand,
    TellCustomer,
)
from escalation.lifecycle.viewing import situation_of, view_of
from escalation.messages import facts
from escalation.messages.handover_reading import handover_of
from escalation.vocabulary import ClockName, PromiseEnd, Reading
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import ASK, CANCEL, REOPEN, RESOLVE
from tests.unit.domain.test_after_resolved import NO_ANSWER_CLOCK
from tests.unit.domain.test_contact_limits import over_the_limit

WHEN, HELLO = RecordCustomerReply(text="When will it\nwork?"), RecordCustomerReply(text="Hello?")
ANSWER = TellCustomer(by="ana", text="Tomorrow.")
OFFER = OfferOptions(
    options=(Option(id="a", title="Money back"), Option(id="b", title="Repair")), by="ana", default="b"
)


def asked_twice() -> Case:
    case = Case.working()
    case.do(WHEN)
    case.do(HELLO)
    return case


def chose_late() -> Case:
    case = Case.working()
    case.do(OFFER)
    case.do(MakePromise(what="a repair", at=case.now + 3 * DAYS, by="ana"))
    case.wait(DAYS + HOURS)
    case.do(Choose(option="a"))
    return case


def resolved_letter(case: Case) -> facts.Resolved:
    return next(one.facts for one in case.messages if isinstance(one.facts, facts.Resolved))


def test_they_are_counted_until_a_person_answers() -> None:
    case = asked_twice()
    known = handover_of(case.events)
    assert (
        [one.text for one in case.state.unanswered] == [one.text for one in known.unanswered] == [WHEN.text, HELLO.text]
    )
    assert view_of(case.state, EXAMPLE).unanswered_count == 2
    assert situation_of(case.state, EXAMPLE).unanswered == case.state.unanswered
    case.do(replace(HELLO, text="Thanks!", as_=Reading.THANKS))
    assert len(handover_of(case.events).unanswered) == 2
    for answer in (ANSWER, ASK, OFFER):
        answered = asked_twice()
        answered.do(answer)
        assert (answered.state.unanswered, handover_of(answered.events).unanswered) == ((), ())


def test_a_survey_that_needs_an_answer_counts_with_its_comment() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(AnswerSurvey(score=2, comment="it took weeks"))
    assert [one.text for one in handover_of(case.events).unanswered] == ["it took weeks"]
    case.do(AnswerSurvey(score=5, comment="all is well"))
    case.do(AnswerSurvey(score=2))
    assert [one.text for one in handover_of(case.events).said] == ["it took weeks", "all is well"]
    assert [one.text for one in case.state.unanswered] == ["it took weeks", ""]


def test_resolving_says_which_message_had_no_answer_and_so_does_the_letter() -> None:
    case = Case.working()
    case.do(WHEN)
    case.do(RESOLVE)
    assert case.warnings == ('one message is unanswered: "When will it work?"',)
    assert (resolved_letter(case).unanswered, resolved_letter(case).late_choice) == (1, "")
    case = asked_twice()
    case.do(RESOLVE)
    assert case.warnings == ('2 messages are unanswered, the latest: "Hello?"',)
    assert resolved_letter(case).unanswered == 2
    answered = asked_twice()
    answered.do(ANSWER)
    answered.do(RESOLVE)
    assert (answered.warnings, resolved_letter(answered).unanswered) == ((), 0)


def test_a_late_choice_is_not_forgotten_when_the_case_is_resolved() -> None:
    case = chose_late()
    case.do(replace(RESOLVE, promise=PromiseEnd.KEPT))
    assert case.warnings == ('the choice is unanswered: "Money back"',)
    assert (resolved_letter(case).late_choice, resolved_letter(case).unanswered) == ("Money back", 0)


def test_a_late_choice_is_not_taken_for_words() -> None:
    case = chose_late()
    said = handover_of(case.events).said[-1]
    assert (said.text, said.chose, said.answers) == ("Money back", True, "")
    assert case.state.customer_words == ""


def test_cancelling_says_what_ends_without_an_answer() -> None:
    case = asked_twice()
    case.do(CANCEL)
    assert case.warnings == ('2 messages are unanswered, the latest: "Hello?"',)


def test_a_score_without_words_is_named_by_its_number() -> None:
    case = Case.working()
    case.do(RESOLVE)
    case.wait(3 * DAYS)
    case.do(AnswerSurvey(score=1))
    case.do(REOPEN)
    case.acknowledge()
    case.do(RESOLVE)
    assert case.warnings == ('one message is unanswered: "1 of 5"',)


def test_what_a_limit_holds_back_is_said_to_be_unread() -> None:
    case = over_the_limit()
    case.do(ANSWER)
    case.do(RESOLVE)
    assert case.warnings == ("one message is held back by the contact limit and not read; read it in the timeline",)


def test_a_policy_that_promises_no_answer_counts_none() -> None:
    case = Case.working(policy=NO_ANSWER_CLOCK)
    case.do(WHEN)
    case.do(RESOLVE)
    assert case.warnings == ()


def words(case: Case) -> tuple[list[str], list[str]]:
    """What is unanswered, for `status` and for the packet."""
    listed = situation_of(case.state, case.policy).unanswered
    return [one.text for one in listed], [one.text for one in handover_of(case.events).unanswered]


def latest_letter(case: Case) -> str:
    return case.state.letters[-1].key


@pytest.mark.parametrize("answer", [ANSWER, ASK, OFFER])
def test_words_are_unanswered_again_when_the_letter_that_answered_them_bounces(answer: SupportCommand) -> None:
    case = asked_twice()
    began = case.state.runs[ClockName.NEXT_RESPONSE].started_at
    case.wait(HOURS)
    case.do(answer)
    case.do(RecordBounce(by="ana", key=latest_letter(case)))
    assert words(case) == ([WHEN.text, HELLO.text],) * 2
    assert case.state.runs[ClockName.NEXT_RESPONSE].started_at == began
    assert view_of(case.state, EXAMPLE).unanswered_count == 2
    case.do(replace(HELLO, text="Anyone there?"))
    assert words(case) == ([WHEN.text, HELLO.text, "Anyone there?"],) * 2


def test_words_written_after_a_letter_that_bounces_come_after_those_that_it_answered() -> None:
    case = asked_twice()
    case.do(ANSWER)
    bounces = latest_letter(case)
    case.do(replace(HELLO, text="Which one?"))
    case.do(RecordBounce(by="ana", key=bounces))
    assert words(case) == ([WHEN.text, HELLO.text, "Which one?"],) * 2


def test_words_are_unanswered_again_only_when_every_letter_that_answers_them_bounces() -> None:
    case = asked_twice()
    case.do(ANSWER)
    first = latest_letter(case)
    case.do(replace(ANSWER, text="Tomorrow at noon."))
    case.do(RecordBounce(by="ana", key=first))
    assert words(case) == ([], [])
    case.do(RecordBounce(by="ana", key=latest_letter(case)))
    assert words(case) == ([WHEN.text, HELLO.text],) * 2


def test_what_a_contact_limit_held_back_is_unanswered_once_it_is_delivered() -> None:
    case = over_the_limit()
    held = [one.text for one in case.state.aside]
    case.do(ANSWER)
    assert held
    assert words(case) == ([], [])
    case.wait(2 * DAYS)
    assert words(case) == (held, held)
