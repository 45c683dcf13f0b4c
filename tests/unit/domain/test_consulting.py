"""Asking a colleague for advice: the case stays where it is, and the question does not get lost."""

import pytest

from escalation.case.commands import AnswerConsult, Command, Consult, Escalate, Reassign
from escalation.case.events import ClockStopped, ConsultAnswered
from escalation.errors import InvalidCommand, NotAllowed
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ClockName, Stage
from tests.unit.domain.case import Case, said
from tests.unit.domain.durations import HOURS, MINUTES
from tests.unit.domain.stages import ASK, CANCEL, REOPEN, RESOLVE, SENT_TWICE, resolved

SEEN = Consult(by="ana", to="cat", question="Seen this before?")


def asked() -> Case:
    case = Case.working()
    case.do(SEEN)
    return case


def texts(case: Case, person: str, about: NoticeKind) -> list[str]:
    notices = [notice for message in case.messages if message.to == person for notice in message.notices]
    return [said(notice) for notice in notices if notice.kind is about]


def test_a_colleague_is_asked_and_the_case_stays_with_its_owner() -> None:
    case = asked()
    assert (case.state.owner, case.state.stage, case.releases) == ("ana", Stage.WORKING, [])
    assert texts(case, "cat", NoticeKind.CONSULTED) == ["Seen this before?"]
    assert case.due(ClockName.CONSULT) == "1h"


def test_the_answer_reaches_the_owner_and_stops_the_clock() -> None:
    case = asked()
    case.wait(30 * MINUTES)
    case.do(AnswerConsult(by="cat", answer="Yes, last May"))
    assert texts(case, "ana", NoticeKind.CONSULT_ANSWERED) == ["cat: Yes, last May"]
    assert case.state.consult is None
    assert ClockName.CONSULT not in case.state.runs
    stopped = [e for e in case.events if isinstance(e, ClockStopped) and e.clock is ClockName.CONSULT]
    assert [one.business_seconds for one in stopped] == [1800]
    assert case.state.notes == ("cat: Yes, last May",), "the next owner will read it in the packet"


def test_a_silent_colleague_is_reminded_and_then_the_owner_is_notified() -> None:
    case = asked()
    case.wait(2 * HOURS)
    assert case.fired(ClockName.CONSULT) == [("50%", "1h"), ("due", "2h")]
    assert case.told("cat") == ["consulted", "consulted"]
    assert texts(case, "cat", NoticeKind.CONSULTED) == ["Seen this before?"] * 2
    assert texts(case, "ana", NoticeKind.CONSULT_OVERDUE) == ["cat: Seen this before?"]
    case.do(AnswerConsult(by="cat", answer="Sorry; last May"))
    assert texts(case, "ana", NoticeKind.CONSULT_ANSWERED), "a late answer is an answer"


def test_an_owner_may_write_down_what_the_colleague_said() -> None:
    case = asked()
    case.do(AnswerConsult(by="ana", answer="Last May, she says"))
    answered = next(event for event in case.events if isinstance(event, ConsultAnswered))
    assert (answered.by, answered.to) == ("ana", "cat")
    assert texts(case, "ana", NoticeKind.CONSULT_ANSWERED) == [], "they know"


def test_one_is_asked_at_a_time_and_who_is_asked_no_more_is_notified_so() -> None:
    case = asked()
    case.wait(HOURS)
    case.do(Consult(by="ana", to="dev", question="And you?"))
    assert case.warnings == ("`cat` had not answered what was asked before; this question takes its place",)
    assert texts(case, "cat", NoticeKind.NO_LONGER_NEEDED) == ["Seen this before?"]
    assert case.due(ClockName.CONSULT) == "2h", "their time begins anew"
    assert "`dev` was asked for advice, not `cat`" in str(case.refused(AnswerConsult(by="cat", answer="May")))
    case.do(Consult(by="ana", to="dev", question="More exactly: in May?"))
    assert texts(case, "dev", NoticeKind.NO_LONGER_NEEDED) == []


def test_asking_and_answering_are_signs_of_life() -> None:
    case = Case.working()
    case.wait(5 * HOURS)
    case.do(SEEN)
    assert case.due(ClockName.CHECK_IN) == "11h"
    case.wait(HOURS)
    case.do(AnswerConsult(by="cat", answer="May"))
    assert case.due(ClockName.CHECK_IN) == "12h"


def test_it_can_be_asked_while_the_customer_is_waited_for_and_changes_nothing_about_that() -> None:
    case = Case.working()
    case.do(ASK)
    case.do(SEEN)
    case.do(AnswerConsult(by="cat", answer="May"))
    assert case.state.stage is Stage.WAITING_ON_CUSTOMER
    assert case.due(ClockName.CUSTOMER_REPLY) == "2d"


@pytest.mark.parametrize("by", ["zoe", "ben"])
def test_only_the_owner_asks(by: str) -> None:
    refusal = Case.working().refused(Consult(by=by, to="cat", question="?"))
    assert isinstance(refusal, NotAllowed)
    assert f"`ana` owns the case, not `{by}`" in str(refusal)


@pytest.mark.parametrize(
    ("to", "question", "told"),
    [("", "?", "`to` is empty"), ("cat", " ", "`question` is empty"), ("ana", "?", "who owns the case")],
)
def test_a_question_needs_a_colleague_and_words(to: str, question: str, told: str) -> None:
    refusal = Case.working().refused(Consult(by="ana", to=to, question=question))
    assert isinstance(refusal, InvalidCommand)
    assert told in str(refusal)


def test_no_one_can_answer_what_was_not_asked() -> None:
    assert "no request for advice is open" in str(Case.working().refused(AnswerConsult(by="cat", answer="May")))
    assert "`answer` is empty" in str(asked().refused(AnswerConsult(by="cat", answer=" ")))


def test_the_answer_goes_to_the_current_owner_by_then() -> None:
    case = asked()
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    case.do(AnswerConsult(by="cat", answer="May"))
    assert texts(case, "zoe", NoticeKind.CONSULT_ANSWERED) == ["cat: May"]
    assert texts(case, "ana", NoticeKind.CONSULT_ANSWERED) == []


def test_the_overdue_question_is_reported_to_the_current_owner_by_then() -> None:
    case = asked()
    case.do(Escalate(by="ana", why="too deep", packet=SENT_TWICE))
    case.acknowledge()
    case.wait(2 * HOURS)
    assert texts(case, "dev", NoticeKind.CONSULT_OVERDUE) == ["cat: Seen this before?"]


@pytest.mark.parametrize("end", [RESOLVE, CANCEL])
def test_the_end_of_the_case_takes_the_question_back(end: Command) -> None:
    case = asked()
    case.do(end)
    assert texts(case, "cat", NoticeKind.NO_LONGER_NEEDED) == ["Seen this before?"]
    assert case.state.consult is None
    assert ClockName.CONSULT not in case.state.runs


def test_a_reopened_case_asks_no_one() -> None:
    case = asked()
    case.do(RESOLVE)
    case.do(REOPEN)
    assert case.state.consult is None
    assert "no request for advice is open" in str(case.refused(AnswerConsult(by="cat", answer="May")))
    assert resolved().state.consult is None
