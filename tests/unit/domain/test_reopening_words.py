"""The words with which a case is reopened: those of the customer are what colleagues read first."""

from escalation.case.commands import Reopen
from escalation.lifecycle.viewing import situation_of
from escalation.messages.handover_reading import handover_of
from tests.unit.domain.case import Case
from tests.unit.domain.stages import PROPER


def test_what_a_customer_writes_to_reopen_is_what_they_wrote_last() -> None:
    case = Case.working()
    case.do(PROPER["resolve"])
    case.do(Reopen(by="customer", why="It smokes again"))
    assert situation_of(case.state, case.policy).customer_words == "It smokes again"
    assert [one.text for one in handover_of(case.events).said][-1:] == ["It smokes again"]


def test_what_a_colleague_says_of_a_reopening_is_not_taken_for_the_customers_words() -> None:
    case = Case.working()
    case.do(PROPER["resolve"])
    before = situation_of(case.state, case.policy).customer_words
    case.do(Reopen(by="ana", why="I saw it fail"))
    assert situation_of(case.state, case.policy).customer_words == before
    assert "I saw it fail" not in [one.text for one in handover_of(case.events).said]
