"""What a person who left the team still had to do goes to a colleague, and everyone concerned learns of it."""

import pytest

from escalation.case.commands import (
    AgreeAction,
    CompleteAction,
    Consult,
    HandOn,
    RecordApprover,
    RequestApproval,
    Resolve,
    SubmitReview,
)
from escalation.case.events import HandedOn
from escalation.errors import InvalidCommand, InvalidTransition
from escalation.messages.notices import HandedOn as Notice
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, ClockName, LeftBehind, Outcome
from tests.unit.domain.case import MONDAY, Case, nobody
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import cancelled

LEAVES = HandOn(person="ben", to="cleo", by="lead", why="ben is no longer on the team")


def consulted() -> Case:
    case = Case.working()
    case.do(Consult(by="ana", to="ben", question="Is this the queue?"))
    return case


def awaiting_approval() -> Case:
    case = Case.working()
    case.directory_is_slow = True
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=400, by="ana", why="charged twice"))
    case.do(RecordApprover(approval=1, person="ben"))
    return case


def closed(*, owner: str = "ana") -> Case:
    case = Case.working()
    case.do(Resolve(by=owner, outcome=Outcome.SOLVED, solution="Restarted the queue"))
    case.wait(14 * DAYS + HOURS)
    return case


def notice_to(case: Case, person: str) -> Notice:
    found = [one for message in case.messages if message.to == person for one in message.notices]
    return next(one for one in reversed(found) if isinstance(one, Notice))


def test_a_request_for_advice_goes_to_another_colleague_with_a_time_of_their_own() -> None:
    case = consulted()
    case.wait(2 * HOURS)
    case.do(LEAVES)
    assert case.state.consult is not None
    assert case.state.consult.to == "cleo"
    assert case.state.runs[ClockName.CONSULT].started_at == MONDAY + 2 * HOURS
    assert case.told("cleo") == ["handed_on, consulted"]
    assert notice_to(case, "ana") == Notice(
        kind=NoticeKind.ASKED_INSTEAD, colleague="ben", tasks=(LeftBehind.ADVICE,), instead="cleo"
    )


def test_who_hands_on_the_answer_to_their_own_question_gets_no_notice_of_it() -> None:
    case = consulted()
    case.do(HandOn(person="ben", to="cleo", by="ana"))
    assert "asked_instead" not in case.told("ana")


def test_no_one_is_asked_for_advice_on_their_own_question() -> None:
    case = consulted()
    case.do(HandOn(person="ben", to="ana", by="lead"))
    assert case.state.consult is not None
    assert case.state.consult.to == "overseer"


def test_a_request_for_advice_ends_where_only_the_one_who_asked_is_left() -> None:
    case = Case.opened(staffing=nobody)
    assert case.state.owner == "overseer"
    case.do(Consult(by="overseer", to="ben", question="Is this the queue?"))
    case.do(HandOn(person="ben", to="overseer", by="lead"))
    assert case.state.consult is None
    assert ClockName.CONSULT not in case.state.runs
    assert notice_to(case, "overseer").instead == ""


def test_another_person_is_sought_for_an_approval_with_a_time_of_their_own() -> None:
    case = awaiting_approval()
    case.wait(1 * HOURS)
    case.do(LEAVES)
    sought = case.approver_searches[-1]
    assert (sought.approval, sought.besides) == (1, ("ana", "ben"))
    assert case.state.runs[ClockName.APPROVAL].started_at == MONDAY + HOURS
    assert notice_to(case, "ana").tasks == (LeftBehind.APPROVAL,)
    case.do(RecordApprover(approval=1, person="dev"))
    assert case.state.approval is not None
    assert case.state.approval.approver == "dev"


def test_what_only_the_overseer_may_decide_goes_to_another_person_where_the_overseer_left() -> None:
    case = Case.working()
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=1_000_000, by="ana", why="charged twice"))
    case.do(HandOn(person="overseer", to="cleo", by="lead"))
    assert case.state.approval is not None
    assert case.state.approval.approver == "cleo"
    assert case.told("cleo") == ["approval_asked"]


def test_what_only_the_overseer_may_decide_goes_to_the_overseer_where_another_one_left() -> None:
    case = Case.working()
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=1_000_000, by="ana", why="charged twice"))
    case.do(HandOn(person="overseer", to="cleo", by="lead"))
    case.do(HandOn(person="cleo", to="dev", by="lead"))
    assert case.state.approval is not None
    assert case.state.approval.approver == "overseer"


def test_agreed_actions_that_are_not_done_get_another_owner() -> None:
    case = closed()
    for what in ("Write a key", "Write a test"):
        case.do(AgreeAction(by="ana", owner="ben", what=what, due_by=MONDAY + 60 * DAYS))
    case.do(AgreeAction(by="ana", owner="dev", what="Write a page", due_by=MONDAY + 60 * DAYS))
    case.do(CompleteAction(by="ben", number=1))
    case.do(LEAVES)
    assert [action.owner for action in case.state.actions] == ["ben", "cleo", "dev"]
    assert case.told("cleo") == ["handed_on, action_agreed"]


def test_the_review_of_a_case_goes_to_another_person_with_the_case() -> None:
    case = closed()
    case.do(HandOn(person="ana", to="cleo", by="lead"))
    assert case.state.owner == "cleo"
    assert notice_to(case, "cleo").tasks == (LeftBehind.AFTERCARE,)
    case.do(SubmitReview(by="cleo", root_cause="a retry", prevention="a key"))
    assert case.state.is_reviewed


def test_another_colleague_becomes_the_customers_contact() -> None:
    case = Case.working()
    case.do(HandOn(person="front-desk", to="cleo", by="lead"))
    assert case.state.contact == "cleo"


def test_the_timeline_says_what_went_from_whom_to_whom() -> None:
    case = consulted()
    case.do(LEAVES)
    (event,) = [one for one in case.events if isinstance(one, HandedOn)]
    assert (event.person, event.to, event.by, event.what) == ("ben", "cleo", "lead", (LeftBehind.ADVICE,))
    assert event.why == "ben is no longer on the team"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (HandOn(person="ben", to="ben", by="lead"), "whose work is handed on; name a colleague"),
        (HandOn(person="ben", to=" ", by="lead"), "`to`"),
        (HandOn(person="dev", to="cleo", by="lead"), "`dev` has nothing to hand on here"),
        (HandOn(person="ana", to="cleo", by="lead"), "a case that they have moves by `reassign`"),
    ],
)
def test_what_cannot_be_handed_on_is_refused(command: HandOn, says: str) -> None:
    with pytest.raises(InvalidCommand, match=says):
        consulted().do(command)


def test_nothing_of_a_cancelled_case_is_handed_on() -> None:
    with pytest.raises(InvalidTransition):
        cancelled().do(LEAVES)
