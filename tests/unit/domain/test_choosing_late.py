"""What the customer chooses when there is no choice any more is a message: recorded, and put to a person with a clock."""

from dataclasses import replace

import pytest

from escalation.case.commands import Choose, MakePromise, OfferOptions, Option, Withdraw
from escalation.case.events import CustomerReplied, OptionChosen
from escalation.errors import CaseOver, InvalidCommand
from escalation.lifecycle.answering import done
from escalation.policy import OnReply, Policy
from escalation.sentences import told
from escalation.vocabulary import ClockName, Reading, Stage, Withdrawable
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case
from tests.unit.domain.durations import DAYS
from tests.unit.domain.stages import CANCEL, RESOLVE

OFFER = OfferOptions(
    options=(Option(id="a", title="Your money back"), Option(id="b", title="A repair")), default="b", by="ana"
)
LATE = Choose(option="a")


def offered(policy: Policy = EXAMPLE) -> Case:
    case = Case.working(policy=policy)
    case.do(OFFER)
    return case


def by_default() -> Case:
    case = offered()
    case.do(MakePromise(what="a technician", at=case.now + 3 * DAYS, by="ana"))
    case.wait(DAYS)
    return case


def taken_back() -> Case:
    case = offered()
    case.do(Withdraw(what=Withdrawable.OPTIONS, explanation="There are no spare parts any more.", by="ana"))
    return case


def chosen() -> Case:
    case = offered()
    case.do(Choose(option="b"))
    return case


@pytest.mark.parametrize("story", [by_default, taken_back, chosen])
def test_while_it_is_worked_on_the_owner_has_to_answer_a_late_choice(story: object) -> None:
    assert callable(story)
    case: Case = story()
    before = case.state.chosen
    case.do(LATE)
    said = next(event for event in reversed(case.events) if isinstance(event, CustomerReplied))
    assert (said.text, said.reading) == ("Your money back", Reading.CHOICE)
    assert told(said) == 'the customer chose when there was no choice any more: "Your money back"'
    assert ClockName.NEXT_RESPONSE in case.state.runs
    assert case.told(case.state.holder)[-1] == "chose_late"
    assert case.messages[-1].notices[-1].due is not None
    assert case.state.chosen == before, "what was decided stays decided until a person says otherwise"


def test_after_the_solution_a_late_choice_does_what_the_policy_says_of_any_message() -> None:
    case = offered()
    case.do(RESOLVE)
    case.do(LATE)
    assert (case.state.stage, case.state.cycle) == (Stage.OFFERED, 2)
    case = offered(replace(EXAMPLE, on_answer=OnReply.ASK_OWNER))
    case.do(RESOLVE)
    case.do(LATE)
    assert (case.state.stage, ClockName.NEXT_RESPONSE in case.state.runs) == (Stage.RESOLVED, True)


def test_a_late_choice_of_a_case_that_is_over_belongs_to_the_next_one() -> None:
    case = offered()
    case.do(CANCEL)
    assert isinstance(case.refused(LATE), CaseOver)


def test_to_choose_the_same_again_is_recorded_and_needs_no_answer() -> None:
    case = chosen()
    case.do(Choose(option="b"))
    assert told(case.events[-1]) == 'the customer chose once more: "A repair"'
    assert done(case.events[-1:], case.state, case.state, case.policy).startswith("recorded; it was chosen before")
    assert ClockName.NEXT_RESPONSE not in case.state.runs
    assert sum(isinstance(event, OptionChosen) for event in case.events) == 1


def test_what_was_never_offered_is_refused() -> None:
    assert isinstance(offered().refused(Choose(option="c")), InvalidCommand)
    assert isinstance(chosen().refused(Choose(option="c")), InvalidCommand)
