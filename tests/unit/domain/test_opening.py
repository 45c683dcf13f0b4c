"""Opening: what a request must say, and who the customer's contact is."""

import pytest

from escalation.errors import InvalidCommand
from escalation.lifecycle import decide
from escalation.vocabulary import Stage
from tests.example_policy import EXAMPLE, REF
from tests.unit.domain.case import MONDAY, Case, opening


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"ticket": ""}, "`ticket` is empty"),
        ({"summary": " "}, "`summary` is empty"),
        ({"reasons": ()}, "`reasons` is empty"),
        ({"frustration": 5}, "`frustration` is 5"),
        ({"frustration": -1}, "`frustration` is -1"),
    ],
)
def test_a_request_that_lacks_something_is_refused_with_what_it_lacks(
    changes: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InvalidCommand, match=complaint):
        decide(None, opening(**changes), policy=EXAMPLE, now=MONDAY, ref=REF)


def test_the_contact_is_the_one_named_or_else_the_policys() -> None:
    assert Case.opened().state.contact == "front-desk"
    assert Case.opened(contact="cat").state.contact == "cat"


def test_the_state_carries_what_was_opened_and_under_which_policy() -> None:
    state = Case.opened(frustration=3, our_fault=True).state
    assert (state.ticket, state.policy, state.frustration, state.our_fault) == ("T-1", REF, 3, True)
    assert (state.opened_at, state.cycle_opened_at, state.cycle) == (MONDAY, MONDAY, 1)


def test_an_open_case_cannot_be_opened_again() -> None:
    case = Case.opened()
    assert "possible now: acknowledge" in str(case.refused(opening()))
    assert case.state.stage is Stage.OFFERED
