"""What the customer writes after the solution: nothing reopens by itself, and no one forgets to answer."""

from datetime import timedelta

import pytest

from escalation.case.commands import AnswerSurvey, RecordCustomerReply, Reopen, TellCustomer
from escalation.vocabulary import ClockName, Stage
from tests.unit.domain.case import Case
from tests.unit.domain.stages import ASK, resolved

BROKEN = RecordCustomerReply(text="It is broken again, please help")
ANSWER = TellCustomer(by="ana", text="I am looking at it.")


def test_a_message_after_the_solution_starts_the_clock_of_the_answer() -> None:
    case = resolved()
    case.do(BROKEN)
    assert case.state.stage is Stage.RESOLVED
    assert ClockName.NEXT_RESPONSE in case.state.runs
    assert case.told("ana")[-1] == "customer_replied"


def test_an_answer_stops_it_and_the_case_closes_as_before() -> None:
    case = resolved()
    case.do(BROKEN)
    case.do(ANSWER)
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    assert case.told_customer()[-1] == "update"
    case.wait(timedelta(days=30))
    assert case.state.stage is Stage.CLOSED
    assert "unanswered" not in "".join(case.told("overseer"))


def test_while_no_one_answers_the_owner_and_the_overseer_hear_of_it() -> None:
    case = resolved()
    case.do(BROKEN)
    case.wait(timedelta(days=60))
    assert any("breach" in told for told in case.told("ana"))
    assert any("unanswered" in told for told in case.told("overseer"))
    assert case.state.stage is Stage.CLOSED, "it does not stay open for ever"


def test_the_case_does_not_close_before_the_answer_is_due() -> None:
    case = resolved()
    closes = case.now + timedelta(days=14)
    case.wait(closes - case.now - timedelta(minutes=1))
    case.do(BROKEN)
    case.wait(timedelta(minutes=2))
    assert "closed" not in case.kinds()
    case.do(ANSWER)
    assert case.state.stage is Stage.CLOSED


def test_while_an_answer_is_owed_the_case_can_be_reopened() -> None:
    case = resolved()
    case.do(BROKEN)
    case.do(Reopen(by="ana", why="it is broken again"))
    assert ClockName.NEXT_RESPONSE in case.state.runs
    assert case.state.stage is Stage.OFFERED


def test_a_good_score_does_not_close_over_an_unanswered_message() -> None:
    case = resolved()
    while ClockName.SATISFACTION not in case.state.runs:
        case.wait(timedelta(hours=6))
    case.do(BROKEN)
    case.do(AnswerSurvey(score=5))
    assert case.state.stage is Stage.RESOLVED


def test_a_resolved_case_promises_no_time() -> None:
    case = resolved()
    refusal = case.refused(TellCustomer(by="ana", text="soon", next_by=case.now + timedelta(hours=1)))
    assert "`reopen` it first" in str(refusal)


@pytest.mark.parametrize("waiting", [True, False])
def test_an_automatic_reply_is_kept_and_moves_no_clock(waiting: bool) -> None:
    case = Case.working()
    if waiting:
        case.do(ASK)
    before = case.state
    case.do(RecordCustomerReply(text="I am out of office until Monday", automatic=True))
    assert case.events[-1].kind == "customer_replied"
    assert (case.state.runs, case.state.pauses, case.state.stage) == (before.runs, before.pauses, before.stage)
    assert case.state.customer_words == before.customer_words


def test_an_automatic_reply_after_the_solution_holds_no_one() -> None:
    case = resolved()
    case.do(RecordCustomerReply(text="I am out of office until Monday", automatic=True))
    assert ClockName.NEXT_RESPONSE not in case.state.runs
