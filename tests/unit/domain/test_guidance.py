"""Question sets and checklists: in the offer, in letters, and before a case is resolved."""

from dataclasses import replace
from typing import Any

import pytest

from escalation.case.commands import AddNote, Reopen, RequestInformation, Resolve
from escalation.guidance import Checklist, Guidance, QuestionSet, asks_several
from escalation.lifecycle.answering import done
from escalation.lifecycle.viewing import view_of
from escalation.messages import facts
from escalation.vocabulary import Category, Outcome
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import CUSTOMER_ANN, Case

CHARGE = QuestionSet(
    name="charge",
    category=Category.BILLING,
    subcategory="charge",
    questions={"en": ("Which amount?", "On which day?"), "de": ("Welcher Betrag?", "An welchem Tag?")},
)
ALL = QuestionSet(name="all", questions={"any": ("Since when?",)})
BOOKED = Checklist(
    name="billing",
    category=Category.BILLING,
    items={"booked": "The refund is booked", "told": "Accounting knows"},
    required=True,
)
TIDY = Checklist(name="tidy", items={"tidy": "The notes are tidy"})
GUIDED = replace(EXAMPLE, guidance=Guidance(question_sets=(ALL, CHARGE), checklists=(BOOKED, TIDY)))
SOLVED = Resolve(by="ana", outcome=Outcome.SOLVED, solution="We paid it back.")


def case(subcategory: str = "Charge", **changes: Any) -> Case:
    return Case.working(policy=GUIDED, subcategory=subcategory, **changes)


def asked(case: Case) -> str:
    return next(one.facts.question for one in case.messages if isinstance(one.facts, facts.Question))


def test_the_offer_has_the_questions_and_the_checklist_of_the_case() -> None:
    offer = next(one.facts for one in case().messages if isinstance(one.facts, facts.Offer))
    assert offer.to_ask == (CHARGE, ALL), "those for its subcategory come first"
    assert [item.text for item in offer.checklist] == ["The refund is booked", "Accounting knows", "The notes are tidy"]


def test_a_set_for_other_cases_is_not_offered() -> None:
    assert view_of(case(subcategory="invoice").state, GUIDED).question_sets == ("all",)
    assert view_of(case(category=Category.SERVICE).state, GUIDED).question_sets == ("all",)


def test_a_set_is_asked_in_the_language_of_the_customer() -> None:
    english, german = case(), case(customer=replace(CUSTOMER_ANN, language="de-AT"))
    for one in (english, german):
        one.do(RequestInformation(by="ana", question="", question_set="charge"))
    assert asked(english) == "- Which amount?\n- On which day?"
    assert asked(german) == "- Welcher Betrag?\n- An welchem Tag?"


def test_a_sentence_of_ones_own_comes_before_the_set() -> None:
    one = case()
    one.do(RequestInformation(by="ana", question="To find the payment:", question_set="all"))
    assert asked(one) == one.state.question == "To find the payment:\n\n- Since when?"


def test_an_unknown_set_is_refused_with_those_that_fit() -> None:
    refusal = case().refused(RequestInformation(by="ana", question="", question_set="network"))
    assert str(refusal) == "`question_set` is `network`; sets for this case: charge, all"


def test_neither_a_question_nor_a_set_asks_nothing() -> None:
    assert "`question` is empty" in str(case().refused(RequestInformation(by="ana", question=" ")))


def test_a_case_is_not_resolved_before_its_required_checklist_is_done() -> None:
    one = case()
    assert str(one.refused(SOLVED)) == (
        "the checklist is not done: `booked` (The refund is booked); `told` (Accounting knows); "
        "name each that is, with `checked`"
    )
    one.do(AddNote(by="ana", text="Booked today", checked=("booked",)))
    assert [(item.id, item.done) for item in view_of(one.state, GUIDED).checklist] == [
        ("booked", True),
        ("told", False),
        ("tidy", False),
    ]
    one.do(replace(SOLVED, checked=("told",)))
    assert one.state.checked == ("booked", "told")


def test_only_items_of_the_case_can_be_ticked() -> None:
    refusal = case(category=Category.SERVICE).refused(AddNote(by="ana", text="x", checked=("booked",)))
    assert str(refusal) == "`checked` is `booked`, which is not on the checklist; items for this case: tidy"


def test_ticks_are_those_of_the_cycle_and_those_before_are_known() -> None:
    one = case()
    one.do(AddNote(by="ana", text="Booked today", checked=("booked",)))
    one.do(replace(SOLVED, checked=("told",)))
    assert [*one.warnings] == ["open on the checklist: `tidy` (The notes are tidy)"]
    one.do(Reopen(by="customer", why="No money came"))
    items = view_of(one.state, GUIDED).checklist
    assert [(item.id, item.done, item.was_done) for item in items] == [
        ("booked", False, True),
        ("told", False, True),
        ("tidy", False, False),
    ]
    offer = [each.facts for each in one.messages if isinstance(each.facts, facts.Offer)][-1]
    assert [item.was_done for item in offer.checklist] == [True, True, False]
    one.acknowledge()
    assert "`booked`" in str(one.refused(SOLVED)), "what did not hold is looked at again"
    one.do(replace(SOLVED, checked=("booked", "told", "tidy")))
    assert not one.warnings


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("Which light is on?", False),
        ("Please send the log", False),
        ("Which light is on? And since when?", True),
        ("Please tell us:\n\n- your number\n- the day", True),
        ("- Which amount?", False),
    ],
)
def test_a_text_asks_several_things_with_several_marks_or_a_list(text: str, several: bool) -> None:
    assert asks_several(text) is several


def test_who_asks_several_things_reads_so() -> None:
    one = case()
    decision = one.do(RequestInformation(by="ana", question="", question_set="charge"))
    assert done(decision.events, one.state, one.state, GUIDED).startswith("the questions go to Ann")
