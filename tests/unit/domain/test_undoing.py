"""A cancellation by mistake is undone: the case continues in a new life."""

from dataclasses import replace
from datetime import timedelta

import pytest

from escalation.case.events import Opened
from escalation.errors import InvalidCommand
from escalation.lifecycle.undoing import undoing
from escalation.lifecycle.viewing import view_of
from escalation.messages import facts
from escalation.messages.handover import Came
from escalation.messages.handover_reading import UNDONE, handover_of
from escalation.vocabulary import Severity
from tests.unit.domain.case import Case, opening
from tests.unit.domain.durations import DAYS
from tests.unit.domain.stages import CANCEL, cancelled

WHY = "the wrong ticket"


def test_a_case_that_was_cancelled_by_mistake_continues_with_its_facts_and_its_last_owner() -> None:
    case = Case.working(severity=Severity.SEV1, frustration=3)
    case.do(CANCEL)
    view = view_of(case.state, case.policy)
    request = undoing(view, "escalation-T-1", case.events, by="ana", why=WHY, now=case.now + DAYS)
    again = Case(now=case.now + DAYS)
    again.do(request)
    assert isinstance(again.events[0], Opened)
    assert again.events[0].undoes == "escalation-T-1"
    state = again.state
    assert (state.severity, state.frustration, state.offered_to) == (Severity.SEV1, 3, "ana")
    assert isinstance(again.messages[0].facts, facts.Receipt)
    assert again.messages[0].facts.undoes_cancel
    assert any(WHY in piece for piece in again.events[0].evidence)


def test_who_takes_it_on_reads_that_it_was_cancelled_by_mistake_and_who_had_it() -> None:
    case = Case.working()
    case.do(CANCEL)
    again = Case(now=case.now + DAYS)
    again.do(undoing(view_of(case.state, case.policy), "escalation-T-1", case.events, by="zoe", why=WHY, now=again.now))
    known = handover_of([*case.events, again.events[0]])
    assert (known.owner, known.came) == ("", Came(how=UNDONE, by="zoe"))
    assert [one.person for one in known.passed] == ["ana"]


def test_a_case_that_was_opened_without_a_reason_continues_too() -> None:
    case = Case.working()
    case.do(CANCEL)
    view = replace(view_of(case.state, case.policy), reasons=())
    again = Case(now=case.now + DAYS)
    again.do(undoing(view, "escalation-T-1", case.events, by="ana", why=WHY, now=again.now))
    assert again.state.reasons == ()


@pytest.mark.parametrize(("days", "why"), [(15, "more than 14 days ago"), (1, "")])
def test_a_cancellation_is_undone_within_a_window(days: int, why: str) -> None:
    case = cancelled()
    now = case.now + timedelta(days=days)
    view = view_of(case.state, case.policy)
    if not why:
        assert undoing(view, "e", case.events, by="ana", why=WHY, now=now).ticket == "T-1"
        return
    with pytest.raises(InvalidCommand, match=why):
        undoing(view, "e", case.events, by="ana", why=WHY, now=now)


def test_a_case_that_is_not_cancelled_has_nothing_to_undo() -> None:
    case = Case.working()
    with pytest.raises(InvalidCommand, match="is working, not cancelled"):
        undoing(view_of(case.state, case.policy), "e", case.events, by="ana", why=WHY, now=case.now)


def test_an_opening_that_names_an_owner_asks_them_first() -> None:
    case = Case()
    case.do(opening(owner="ben"))
    assert (case.state.offered_to, case.told("ana")) == ("ben", [])
