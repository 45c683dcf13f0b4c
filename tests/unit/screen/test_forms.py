"""Which forms a person has in a case, in which order, and what is in them already; asked of the real core."""

from datetime import timedelta

import pytest

from escalation.case.commands import (
    SUPPORT_COMMANDS,
    AgreeAction,
    Approve,
    Cancel,
    Consult,
    MakePromise,
    OfferOptions,
    Option,
    Pause,
    RequestApproval,
    RequestInformation,
    Resolve,
    SubmitReview,
)
from escalation.lifecycle.table import allowed
from escalation.lifecycle.viewing import situation_of, view_of
from escalation.screen import Desk, Form, Rank, correctable, forms_now
from escalation.vocabulary import ApprovalKind, CancelCause, Outcome
from tests.unit.domain.case import MONDAY, Case

TEAM = {"ana": "Ana Ruiz", "ben": "Ben Okoro", "dev": "Dev"}


def forms(case: Case, person: str = "ana", *, review_due: bool = False, may: str = "") -> dict[str, Form]:
    desk = Desk(
        view=view_of(case.state, case.policy),
        situation=situation_of(case.state, case.policy),
        clocks=tuple(case.state.runs),
        person=person,
        may=may.split() if may else tuple(SUPPORT_COMMANDS),
        colleagues=TEAM,
        review_due=review_due,
    )
    return {form.kind: form for form in forms_now(desk)}


def values(form: Form, field: str) -> list[str]:
    return [choice.value for choice in form.choices.get(field, ())]


def test_an_offer_comes_first_for_who_was_asked_and_not_at_all_for_others() -> None:
    case = Case.opened()
    assert [*forms(case)][:3] == ["acknowledge", "decline", "tell_customer"]
    assert forms(case)["acknowledge"].rank is Rank.ASKED
    assert not {"acknowledge", "decline"} & set(forms(case, "ben"))


def test_the_common_actions_come_in_their_order_before_the_others() -> None:
    case = Case.working()
    common = ["tell_customer", "promise", "request_information", "offer_options", "note", "resolve", "escalate"]
    assert [*forms(case)][:7] == common
    assert {form.rank for form in [*forms(case).values()][7:]} == {Rank.MORE}


def test_only_what_the_role_covers_is_there_and_never_what_incidents_and_help_desks_send() -> None:
    case = Case.working()
    assert [*forms(case, may="note")] == ["note"]
    assert not {"link_incident", "relay_bulletin", "record_update", "ticket_news"} & set(forms(case))
    assert set(forms(case)) <= set(allowed(case.state.stage))


def test_nothing_can_be_done_in_a_cancelled_case_but_what_a_customer_still_may() -> None:
    case = Case.working()
    case.do(Cancel(by="ana", cause=CancelCause.WITHDRAWN))
    assert set(forms(case)) == {"customer_replied"}


def test_what_a_case_has_nothing_of_is_not_offered() -> None:
    quiet = set(forms(Case.working()))
    assert not {"answer_consult", "approve", "choose", "resume", "withdraw", "complete_action"} & quiet
    resolved = Case.working()
    resolved.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Refunded."))
    assert "answer_survey" not in forms(resolved), "no one has asked for a rating yet"
    assert "give_back" in quiet
    assert "give_back" not in forms(Case.working(), "ben")


def test_who_is_asked_for_advice_or_approval_sees_that_first() -> None:
    case = Case.working()
    case.do(Consult(by="ana", to="ben", question="Do you know it?"))
    case.do(RequestApproval(by="ana", what=ApprovalKind.REFUND, amount=5_000, why="charged twice"))
    approver = case.state.approval.approver if case.state.approval else ""
    assert next(iter(forms(case, "ben"))) == "answer_consult"
    assert forms(case, "cho")["answer_consult"].rank is Rank.MORE, "an owner may record a colleague's answer"
    assert [*forms(case, approver)][:2] == ["approve", "refuse_approval"]
    assert not {"approve", "request_approval"} & set(forms(case))
    case.do(Approve(by=approver))
    assert "request_approval" in forms(case)


def test_what_was_said_to_the_customer_can_be_taken_back_or_settled() -> None:
    case = Case.working()
    assert "fulfils_promise" not in {each.name for each in forms(case)["tell_customer"].fields}
    assert {each.name for each in forms(case)["promise"].fields} == {"what", "at", "anyway"}
    case.do(MakePromise(by="ana", what="a call", at=MONDAY + timedelta(hours=3)))
    assert "fulfils_promise" in {each.name for each in forms(case)["tell_customer"].fields}
    case.do(OfferOptions(by="ana", options=(Option(id="1", title="Refund"), Option(id="2", title="Voucher"))))
    assert values(forms(case)["withdraw"], "what") == ["promise", "options"]
    assert [choice.label for choice in forms(case)["choose"].choices["option"]] == ["Refund", "Voucher"]
    case.do(RequestInformation(by="ana", question="Which invoice?"))
    assert "question" in values(forms(case)["withdraw"], "what")


def test_a_wait_can_be_ended_and_a_running_clock_set() -> None:
    case = Case.working()
    case.do(Pause(by="ana", why="the supplier looks"))
    assert "resume" in forms(case)
    assert values(forms(case)["set_due"], "clock") == [
        clock for clock in values(forms(case)["set_due"], "clock") if clock
    ]
    assert set(values(forms(case)["set_due"], "clock")) == {clock.value for clock in case.state.runs}


def test_a_colleague_is_chosen_by_name() -> None:
    found = forms(Case.working())
    assert [choice.label for choice in found["consult"].choices["to"]] == ["Ben Okoro", "Dev"]
    assert values(found["reassign"], "to") == ["ana", "ben", "dev"]


def test_forms_begin_with_what_the_case_knows() -> None:
    case = Case.opened(evidence=("log\nof Monday",), customer_words="I was charged twice!")
    case.acknowledge()
    found = forms(case)
    assert found["escalate"].filled["packet.concern"] == "I was charged twice!"
    assert found["escalate"].filled["packet.evidence"] == "log of Monday"
    assert found["change_severity"].filled == {"severity": "SEV2"}
    assert found["change_frustration"].filled == {"level": "0"}
    assert found["correct"].filled.items() <= correctable(view_of(case.state, case.policy)).items()
    assert found["correct"].filled["our_fault"] == "no"
    assert found["offer_options"].choices["default"]
    assert "packet.contact" not in {each.name for each in found["escalate"].fields}


def test_a_closed_case_asks_its_owner_for_the_review_and_for_what_was_agreed() -> None:
    case = Case.working()
    case.do(Resolve(by="ana", outcome=Outcome.SOLVED, solution="Refunded."))
    assert "submit_review" in forms(case)
    assert forms(case, review_due=True)["submit_review"].rank is Rank.ASKED
    case.do(SubmitReview(by="ana", root_cause="a job ran twice", prevention="a lock"))
    case.do(AgreeAction(by="ana", owner="ben", what="Add a lock", due_by=case.now + timedelta(days=3)))
    done = forms(case, "ben")["complete_action"]
    assert (done.rank, [choice.label for choice in done.choices["number"]]) == (Rank.ASKED, ["Add a lock"])
    assert forms(case)["agree_action"].filled == {"owner": "ana"}


@pytest.mark.parametrize("kind", ["resolve", "note"])
def test_without_a_checklist_there_is_nothing_to_tick(kind: str) -> None:
    assert "checked" not in {each.name for each in forms(Case.working())[kind].fields}
