"""The view: one flat row of the state, and what older rows of it still read as."""

import json
from dataclasses import replace
from datetime import timedelta

from escalation.case.codec import from_json, to_json
from escalation.case.commands import (
    AnswerConsult,
    Approve,
    Cancel,
    Command,
    Consult,
    MakePromise,
    RecordApprover,
    RequestApproval,
    Resolve,
)
from escalation.case.state_parts import OpenApproval, OpenConsult
from escalation.clock_rules import Action
from escalation.clocks.deadlines import upcoming
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import ApprovalKind, CancelCause, ClockName, Outcome, Stage
from tests.unit.domain.case import Case
from tests.unit.domain.stages import IN_STAGE
from tests.unit.domain.test_approval import WITH_MEANS
from workflows.converter import compact

QUESTION = Consult(by="ana", to="ben", question="Seen before?")
REFUND = RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice")


def view(case: Case) -> CaseView:
    return view_of(case.state, case.policy)


def asking(*commands: Command) -> Case:
    case = Case.working(policy=WITH_MEANS)
    case.directory_is_slow = True
    for command in commands:
        case.do(command)
    return case


def test_an_open_consult_is_in_the_view_until_it_is_answered() -> None:
    case = asking(QUESTION)
    assert view(case).consult == OpenConsult(to="ben", question="Seen before?", by="ana")
    case.wait(timedelta(minutes=5))
    case.do(AnswerConsult(by="ben", answer="Last May"))
    assert view(case).consult is None


def test_an_open_request_for_approval_is_in_the_view_until_it_is_decided() -> None:
    case = asking(REFUND)
    sought = OpenApproval(number=1, what=ApprovalKind.REFUND, amount=120, tier=2, why="charged twice", by="ana")
    assert view(case).approval == sought
    case.do(RecordApprover(approval=1, person="dev"))
    asked = view(case).approval
    assert asked is not None
    assert asked.approver == "dev"
    case.do(Approve(by="dev"))
    assert view(case).approval is None


def test_a_case_that_is_resolved_or_called_off_asks_no_one_any_more() -> None:
    for ending in (
        Resolve(by="ana", outcome=Outcome.SOLVED, solution="Restarted it"),
        Cancel(by="ana", cause=CancelCause.WITHDRAWN),
    ):
        case = asking(QUESTION, REFUND, ending)
        assert (view(case).consult, view(case).approval) == (None, None)


def test_the_view_reads_back_from_the_record_with_what_is_asked() -> None:
    shown = view(asking(QUESTION, REFUND))
    assert from_json(CaseView, to_json(shown)) == shown


def test_a_row_that_was_written_before_consults_were_shown_still_reads() -> None:
    shown = view(Case.working())
    row = json.loads(to_json(shown))
    del row["consult"], row["approval"]
    assert from_json(CaseView, json.dumps(row)) == shown


def test_a_case_that_asks_no_one_is_not_longer_on_the_wire_for_it() -> None:
    assert {"consult", "approval"} & set(compact(view(Case.working()))) == set()


def test_an_approval_is_named_by_what_it_is_about() -> None:
    asked = OpenApproval(number=1, what=ApprovalKind.REFUND, amount=120, tier=2, why="charged twice", by="ana")
    assert asked.in_words == "refund of 120"
    assert replace(asked, what=ApprovalKind.EXCEPTION).in_words == "exception worth 120"
    assert replace(asked, what=ApprovalKind.EXCEPTION, amount=0).in_words == "exception"


def test_an_escalation_is_open_until_it_is_over() -> None:
    opened = {stage: build().state.is_open for stage, build in IN_STAGE.items()}
    assert [stage for stage, is_open in opened.items() if not is_open] == [Stage.CLOSED, Stage.CANCELLED]


def test_the_view_names_the_next_promise_that_is_broken_unless_someone_acts() -> None:
    case = Case.working()
    shown = view(case)
    broken = [
        due
        for clock in case.state.runs
        for due in upcoming(case.state, case.policy, clock)
        if Action.BREACH in due.threshold.actions
    ]
    first = min(broken, key=lambda due: due.at)
    assert (shown.next_breach, shown.next_breach_clock) == (first.at, first.clock)
    assert shown.next_due is not None
    assert shown.next_due < first.at


def test_a_promise_to_the_customer_can_be_the_next_one_to_break() -> None:
    case = Case.working()
    soon = case.now + timedelta(minutes=1)
    case.do(MakePromise(what="a call", at=soon, by="ana"))
    assert (view(case).next_breach, view(case).next_breach_clock) == (soon, ClockName.PROMISE)


def test_a_case_that_is_over_breaks_no_promise() -> None:
    case = Case.working()
    case.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    assert (view(case).next_breach, view(case).next_breach_clock) == (None, None)
