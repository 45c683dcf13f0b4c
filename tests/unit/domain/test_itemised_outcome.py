"""A billing case ends with what it comes to, line by line."""

from dataclasses import replace

import pytest

from escalation.case.commands import OutcomeItem, Resolve
from escalation.case.events import Resolved
from escalation.messages import facts
from escalation.vocabulary import Outcome
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case

REFUND = OutcomeItem(what="Refund of the second charge", amount="49.90", currency="eur")
FEE = OutcomeItem(what="Fee that stays", amount="-5")
IN_EUROS = replace(EXAMPLE, currency="EUR")


def resolved(*items: OutcomeItem) -> Resolve:
    return Resolve(by="ana", outcome=Outcome.SOLVED, solution="We paid it back.", items=items)


def test_the_items_are_kept_and_in_the_letter_each_with_its_currency() -> None:
    case = Case.working(policy=IN_EUROS)
    case.do(resolved(REFUND, FEE))
    kept = (replace(REFUND, currency="EUR"), replace(FEE, currency="EUR"))
    (event,) = (event for event in case.events if isinstance(event, Resolved))
    (letter,) = (one.facts for one in case.messages if isinstance(one.facts, facts.Resolved))
    assert event.items == letter.items == kept


def test_an_amount_may_have_a_decimal_comma() -> None:
    case = Case.working(policy=IN_EUROS)
    case.do(resolved(replace(REFUND, amount="49,90")))
    (event,) = (event for event in case.events if isinstance(event, Resolved))
    assert event.items == (replace(REFUND, currency="EUR"),)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (replace(REFUND, amount="about 50"), "the amount `about 50`; write a number with a point"),
        (replace(REFUND, amount="1,000"), "write a number with a point, such as 49.90"),
        (FEE, "no currency for `Fee that stays`"),
        (replace(REFUND, what=" "), "`items` is empty"),
    ],
)
def test_an_item_without_sound_amount_or_currency_is_refused(item: OutcomeItem, said: str) -> None:
    assert said in str(Case.working().refused(resolved(item)))
