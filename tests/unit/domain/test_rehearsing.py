"""What a command would send to the customer, before anything is done."""

from escalation.lifecycle.decide import decide
from escalation.lifecycle.rehearsing import rehearsed
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Stage
from tests.unit.domain.case import Case
from tests.unit.domain.stages import PROPER


def test_a_rehearsal_has_the_letters_to_the_customer_alone_and_the_case_after_the_command() -> None:
    case = Case.working()
    before = view_of(case.state, case.policy)
    found = rehearsed(decide(case.state, PROPER["resolve"], policy=case.policy, now=case.now))
    assert [(letter.to, letter.kind.value) for letter in found.letters] == [("customer", "resolved")]
    assert found.view is not None
    assert found.view.stage is Stage.RESOLVED
    assert view_of(case.state, case.policy) == before
    case.do(PROPER["resolve"])
    assert found.view == view_of(case.state, case.policy)


def test_a_command_without_words_for_the_customer_has_no_letters() -> None:
    case = Case.working()
    assert rehearsed(decide(case.state, PROPER["note"], policy=case.policy, now=case.now)).letters == ()
