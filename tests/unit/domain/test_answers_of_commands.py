"""What the answer to a command says, what the next owner reads and what status shows, in every stage."""

from dataclasses import replace

import pytest

from escalation.case import commands, events
from escalation.case.commands import Command
from escalation.case.events import Event
from escalation.case.state import State
from escalation.case.state_parts import OpenApproval
from escalation.errors import Refused
from escalation.lifecycle.answering import done, in_words
from escalation.lifecycle.viewing import situation_of
from escalation.messages.handover import Handover
from escalation.messages.handover_reading import handover_of
from escalation.policy import Policy
from escalation.vocabulary import ApprovalKind, ClockName, PromiseFate, Stage, Withdrawable
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, Case
from tests.unit.domain.durations import DAYS, HOURS
from tests.unit.domain.stages import ASK, IN_STAGE, PROPER, RESOLVE
from tests.unit.domain.test_shift_end import on_shift_until


def answer(case: Case, command: Command) -> str:
    before = case.state
    decision = case.do(command)
    return done(decision.events, before, case.state, case.policy)


@pytest.mark.parametrize("stage", Stage)
def test_every_answer_is_in_words_and_status_and_handover_can_be_read(stage: Stage) -> None:
    for command in PROPER.values():
        case = IN_STAGE[stage]()
        try:
            said = answer(case, command)
        except Refused:
            continue
        assert "_" not in said
        assert "None" not in said
        assert situation_of(case.state, case.policy).concern == case.state.concern
        assert handover_of(case.events).owner == case.state.owner or not case.state.owner


def test_what_an_approval_is_about_is_said_in_words() -> None:
    asked = OpenApproval(number=1, what=ApprovalKind.REFUND, amount=120, tier=1, why="x", by="ana")
    exception = replace(asked, what=ApprovalKind.EXCEPTION)
    assert in_words(asked) == "a refund of 120"
    assert in_words(replace(asked, currency="EUR")) == "a refund of 120 EUR"
    assert in_words(replace(asked, amount=0, currency="EUR")) == "a refund"
    assert in_words(exception) == "an exception worth 120"
    assert in_words(replace(exception, amount=0)) == "an exception"
    assert replace(exception, currency="EUR").in_words == "exception worth 120 EUR"


def test_a_long_text_is_quoted_by_its_beginning() -> None:
    assert answer(Case.working(), commands.Pause(by="ana", why="the bank " * 50)).count("…") == 1


def test_an_automatic_reply_is_kept_and_moves_no_clock() -> None:
    case = Case.working()
    said = answer(case, commands.RecordCustomerReply(text="Out of office", automatic=True))
    assert said == "kept as an automatic reply; no clock moved"
    assert handover_of(case.events).said == ()


def test_options_are_counted_and_the_one_that_is_taken_otherwise_is_named() -> None:
    one, two = commands.Option(id="a", title="A new key"), commands.Option(id="b", title="B")
    both = commands.OfferOptions(options=(one, two), default="a", by="ana")
    assert answer(Case.working(), both).startswith("2 solutions go to Ann")
    assert '"A new key" is taken otherwise' in answer(Case.working(), both)
    assert "otherwise" not in answer(Case.working(), replace(both, default=""))


def test_who_is_asked_for_approval_is_named_once_found() -> None:
    case = Case.working()
    case.directory_is_slow = True
    request = commands.RequestApproval(what=ApprovalKind.REFUND, amount=400, by="ana", why="charged twice")
    assert answer(case, request).startswith("looking for a person who may decide on a refund of 400")
    case.do(commands.TellCustomer(by="ana", text="We are on it"))
    assert case.messages[-1].facts.pending is ApprovalKind.REFUND
    case = Case.working()
    assert answer(case, replace(request, amount=100_000)).startswith("asked overseer for a refund of 100000")


def test_a_due_date_that_is_taken_back_follows_the_policy_again() -> None:
    case = Case.working()
    due = commands.SetDue(clock=ClockName.RESOLUTION, at=MONDAY + 9 * DAYS, by="ana", why="agreed")
    assert answer(case, due).startswith("the resolution is due")
    assert answer(case, replace(due, at=None)).startswith("the resolution follows the policy again, and is due")


def test_the_handover_forgets_what_was_withdrawn_and_keeps_what_was_decided() -> None:
    case = Case.working()
    case.do(commands.MakePromise(what="a fix", at=MONDAY + DAYS, by="ana"))
    case.do(commands.Withdraw(what=Withdrawable.PROMISE, by="ana", explanation="It takes longer"))
    case.do(PROPER["offer_options"])
    case.do(commands.Withdraw(what=Withdrawable.OPTIONS, by="ana", explanation="Neither works"))
    case.do(ASK)
    case.do(commands.Withdraw(what=Withdrawable.QUESTION, by="ana", explanation="We found it"))
    case.do(commands.RequestApproval(what=ApprovalKind.REFUND, amount=100_000, by="ana", why="charged twice"))
    case.do(commands.RefuseApproval(by="overseer", explanation="Not in the contract"))
    known = handover_of(case.events)
    assert [one.fate for one in known.promises] == [PromiseFate.WITHDRAWN]
    assert (known.options, known.question) == ((), "")
    assert [(one.is_granted, one.explanation) for one in known.decided] == [(False, "Not in the contract")]


def test_the_handover_says_why_the_case_came_and_what_the_customer_commented() -> None:
    case = on_shift_until(8)
    case.wait(8 * HOURS)
    came = handover_of(case.events).came
    assert came is not None
    assert came.how == "shift_ended"
    case = Case.working()
    case.do(PROPER["escalate"])
    came = handover_of(case.events).came
    assert came is not None
    assert (came.by, came.why) == ("ana", "too deep")
    surveyed = [events.SurveyAnswered(at=MONDAY, score=2, comment=text, satisfied=False) for text in ("", "Too late")]
    assert [one.text for one in handover_of(surveyed).said] == ["Too late"]


def test_a_promise_that_was_settled_is_not_settled_again() -> None:
    kept = events.PromiseKept(at=MONDAY)
    assert handover_of([kept]) == Handover()


def told_nothing(state: State, event: Event, policy: Policy = EXAMPLE) -> str:
    return done([event], state, state, policy)


def test_a_reply_before_anyone_took_the_case_says_so() -> None:
    case = IN_STAGE[Stage.UNASSIGNED]()
    assert "no one has the case yet" in answer(case, commands.RecordCustomerReply(text="Hello?"))
    held = events.CustomerReplied(at=MONDAY, text="Hello?", set_aside_until=MONDAY + DAYS)
    assert "because of the contact limit" in told_nothing(case.state, held)


def test_a_case_that_no_one_owns_resolved_or_not_has_an_answer() -> None:
    assert "who can reopen it until" in answer(Case.working(), RESOLVE)


def test_the_handover_has_what_was_chosen_advised_and_granted() -> None:
    case = Case.working()
    case.do(PROPER["offer_options"])
    case.do(PROPER["choose"])
    case.do(PROPER["consult"])
    case.do(PROPER["answer_consult"])
    case.do(commands.RequestApproval(what=ApprovalKind.REFUND, amount=100_000, by="ana", why="charged twice"))
    case.do(PROPER["approve"])
    known = handover_of(case.events)
    assert (known.chosen, known.options) == ("A", ())
    assert [(one.answers, one.text) for one in known.advice] == [("Seen before?", "Last May")]
    assert [(one.is_granted, one.amount) for one in known.decided] == [(True, 100_000)]
