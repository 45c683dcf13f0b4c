"""Question sets and checklists: in the offer, in letters, and before a case is resolved."""

from dataclasses import replace
from typing import Any

from escalation.case.commands import AddNote, RequestInformation, Resolve
from escalation.guidance import Checklist, Guidance, QuestionSet
from escalation.lifecycle.view import view_of
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
    assert str(refusal) == "`checked` is `booked`; items for this case: tidy"
