"""A duplicate is cancelled only where work can continue in the other case."""

from dataclasses import replace

import pytest

from escalation.errors import InvalidCommand
from escalation.lifecycle.duplicates import must_continue_in
from escalation.lifecycle.view import CaseView, view_of
from escalation.vocabulary import OVER, Stage
from tests.unit.domain.case import CUSTOMER_ANN, Case, opening


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
