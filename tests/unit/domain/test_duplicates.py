"""A duplicate is cancelled only where work can continue in the other case."""

from dataclasses import replace

import pytest

from escalation.case.commands import AddNote, Cancel
from escalation.errors import InvalidCommand
from escalation.lifecycle.duplicates import must_continue_in
from escalation.lifecycle.view import CaseView
from escalation.lifecycle.viewing import view_of
from escalation.sentences import story_of
from escalation.vocabulary import OVER, CancelCause, Stage
from tests.unit.domain.case import CUSTOMER_ANN, Case, opening, own_words


def view(**changes: object) -> CaseView:
    case = Case()
    case.do(opening(**changes))
    return view_of(case.state, case.policy)


def refusal(other: CaseView | None) -> str:
    with pytest.raises(InvalidCommand) as refused:
        must_continue_in("T-2", other, view())
    return str(refused.value)


def test_an_open_case_of_the_same_customer_will_do() -> None:
    for stage in set(Stage) - OVER:
        must_continue_in("T-2", replace(view(ticket="T-2"), stage=stage), view())


def test_a_case_that_is_unknown_or_over_would_answer_no_one() -> None:
    assert "check the number" in refusal(None)
    for stage in OVER:
        assert f"whose escalation is {stage}" in refusal(replace(view(ticket="T-2"), stage=stage))


def test_another_customer_is_refused_and_not_named() -> None:
    bea = replace(CUSTOMER_ANN, id="c-2", name="Bea", address="bea@example.com")
    for stage in Stage:
        said = refusal(replace(view(ticket="T-2", customer=bea), stage=stage))
        assert "whose customer is not that of this case" in said
        for private in ("c-1", "c-2", "Ann", "Bea", "example.com", stage.value):
            assert private not in said.split()


def test_any_known_case_will_do_where_the_letter_promises_no_answer_there() -> None:
    bea = replace(CUSTOMER_ANN, id="c-2", name="Bea")
    must_continue_in("T-2", replace(view(ticket="T-2", customer=bea), stage=Stage.CLOSED), view(), anyway=True)
    with pytest.raises(InvalidCommand, match="check the number"):
        must_continue_in("T-2", None, view(), anyway=True)


@pytest.mark.parametrize("anyway", [False, True])
def test_the_letter_names_the_other_case_only_where_it_answers_there(*, anyway: bool) -> None:
    case = Case.working()
    case.do(Cancel(by="ana", cause=CancelCause.DUPLICATE, duplicate_of="T-2", anyway=anyway))
    letter = own_words(next(one for one in reversed(case.messages) if one.to == "customer"))
    assert (letter.duplicate_of, letter.continues) == (("", False) if anyway else ("T-2", True))
    assert [line for event, line in story_of(case.events) if event.kind == "cancelled"] == [
        "ana cancelled it (duplicate of T-2)"
    ]


def test_anyway_without_a_duplicate_makes_no_sense() -> None:
    assert "is not duplicate" in str(Case.working().refused(Cancel(by="ana", cause=CancelCause.WITHDRAWN, anyway=True)))


def test_who_has_the_other_case_reads_which_ticket_goes_on_there() -> None:
    case = Case.working()
    for by, told in (("zoe", 1), ("ana", 1)):  # who cancelled it knows
        case.do(AddNote(by=by, text="T-9 was cancelled as a duplicate of this case", duplicate="T-9"))
        assert case.told("ana").count("duplicate") == told
    case.do(AddNote(by="ben", text="T-9 is not a duplicate of this case after all", duplicate="T-9", undone=True))
    assert case.told("ana")[-1] == "no_duplicate"
    case.do(AddNote(by="zoe", text="T-8 is a duplicate of this case", duplicate="T-8", apart=True))
    assert case.told("ana")[-1] == "duplicate_apart", "it asks for no answer to another customer in this case"
    case.do(AddNote(by="ben", text="T-9 is none", duplicate="T-9", undone=True))
    assert case.messages[-1].facts.notices[0].text == "T-9"
