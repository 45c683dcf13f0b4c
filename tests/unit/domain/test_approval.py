"""Approval: what the owner's tier may grant alone, and who decides on the rest."""

from dataclasses import replace

import pytest

from escalation.case.commands import Approve, Command, Reassign, RecordApprover, RefuseApproval, RequestApproval
from escalation.case.events import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalRequested,
    ApproverAsked,
    GrantedWithinAuthority,
)
from escalation.errors import InvalidCommand, NotAllowed
from escalation.messages import facts, notices
from escalation.messages.effects import FindApprover
from escalation.notice_kinds import NoticeKind
from escalation.vocabulary import ApprovalKind, ClockName, Stage
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import Case, nobody, own_words
from tests.unit.domain.durations import HOURS
from tests.unit.domain.stages import ASK, CANCEL, REOPEN, RESOLVE
from tests.unit.domain.test_consulting import texts

WITH_MEANS = replace(
    EXAMPLE,
    ladder=replace(
        EXAMPLE.ladder,
        tiers=tuple(
            replace(tier, authority=authority)
            for tier, authority in zip(EXAMPLE.ladder.tiers, (50, 500, 5000), strict=True)
        ),
    ),
)
"""The front line may grant 50, the specialists 500, the management 5000."""

EXCEPTION = ApprovalKind.EXCEPTION
NO = RefuseApproval(by="dev", explanation="The goods were used for a year")


def refund(amount: int, by: str = "ana") -> RequestApproval:
    return RequestApproval(what=ApprovalKind.REFUND, amount=amount, by=by, why="charged twice")


def asked(amount: int = 120) -> Case:
    case = Case.working(policy=WITH_MEANS)
    case.do(refund(amount))
    return case


def test_what_the_owners_tier_may_grant_is_granted_at_once_and_recorded() -> None:
    case = asked(50)
    granted = next(event for event in case.events if isinstance(event, GrantedWithinAuthority))
    assert (granted.what, granted.amount, granted.by, granted.why) == ("refund", 50, "ana", "charged twice")
    assert case.state.approval is None
    assert ClockName.APPROVAL not in case.state.runs
    assert not any(isinstance(event, ApprovalRequested) for event in case.events)


@pytest.mark.parametrize(
    ("amount", "tier", "approver"), [(51, 2, "dev"), (500, 2, "dev"), (501, 3, "fay"), (5001, 0, "overseer")]
)
def test_the_lowest_tier_whose_authority_covers_it_decides_and_above_all_tiers_the_overseer(
    amount: int, tier: int, approver: str
) -> None:
    case = asked(amount)
    assert case.state.approval is not None
    assert (case.state.approval.tier, case.state.approval.approver) == (tier, approver)
    assert texts(case, approver, NoticeKind.APPROVAL_ASKED) == [f"refund {amount}, for ana: charged twice"]
    assert (case.state.owner, case.state.stage) == ("ana", Stage.WORKING), "the case stays where it is"


def test_an_exception_without_a_price_goes_to_the_tier_above() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.do(RequestApproval(what=EXCEPTION, by="ana", why="loyal for years"))
    assert texts(case, "dev", NoticeKind.APPROVAL_ASKED) == ["exception 0, for ana: loyal for years"]


def test_an_exception_without_a_price_at_the_top_goes_to_the_overseer() -> None:
    case = Case.working(policy=WITH_MEANS, category="behaviour")
    case.do(RequestApproval(what=EXCEPTION, by="fay", why="loyal for years"))
    assert texts(case, "overseer", NoticeKind.APPROVAL_ASKED)


def test_who_asks_is_not_asked_and_where_no_one_is_there_the_overseer_decides() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.directory_is_slow = True
    case.do(refund(120))
    assert case.approver_searches == [FindApprover(approval=1, tier=2, authority=120, besides=("ana",))]
    assert case.approver_searches[0].key == "approver/1"
    case.do(RecordApprover(approval=1, person=""))
    assert [event.person for event in case.events if isinstance(event, ApproverAsked)] == ["overseer"]


def test_the_approver_grants_it_and_the_owner_learns_of_it() -> None:
    case = asked()
    case.do(Approve(by="dev"))
    granted = next(event for event in case.events if isinstance(event, ApprovalGranted))
    assert (granted.number, granted.amount, granted.by) == (1, 120, "dev")
    assert texts(case, "ana", NoticeKind.APPROVAL_GRANTED) == ["refund 120"]
    assert case.told_customer() == ["receipt", "owner_changed"], "the approver did not ask to tell the customer"
    assert ClockName.APPROVAL not in case.state.runs


def test_the_customer_may_be_notified_of_the_approval() -> None:
    case = asked()
    case.do(Approve(by="dev", tell_customer=True))
    assert case.told_customer() == ["receipt", "owner_changed", "approval_granted"]
    letter = next(message for message in case.messages if message.kind == "approval_granted")
    assert own_words(letter) == facts.ApprovalGranted(approval=ApprovalKind.REFUND, amount=120)


def test_a_refusal_is_explained_to_the_customer() -> None:
    case = asked()
    assert "`explanation` is empty" in str(case.refused(replace(NO, explanation=" ")))
    case.do(NO)
    refused = next(event for event in case.events if isinstance(event, ApprovalRefused))
    assert (refused.number, refused.explanation, refused.by) == (1, "The goods were used for a year", "dev")
    letter = next(message for message in case.messages if message.kind == "approval_refused")
    assert own_words(letter) == facts.ApprovalRefused(
        approval=ApprovalKind.REFUND, amount=120, explanation="The goods were used for a year"
    )
    assert texts(case, "ana", NoticeKind.APPROVAL_REFUSED) == ["refund 120 The goods were used for a year"]


@pytest.mark.parametrize("by", ["ana", "eli"])
def test_only_the_person_asked_and_the_overseer_decide(by: str) -> None:
    case = asked()
    for command in (Approve(by=by), replace(NO, by=by)):
        refusal = case.refused(command)
        assert isinstance(refusal, NotAllowed)
        assert f"`dev` was asked to decide on this, not `{by}`" in str(refusal)
    case.do(Approve(by="overseer"))
    assert case.state.approval is None


def test_while_a_person_is_sought_only_the_overseer_decides() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.directory_is_slow = True
    case.do(refund(120))
    assert "the search for an approver is still running" in str(case.refused(Approve(by="dev")))
    case.do(Approve(by="overseer"))
    before = len(case.events)
    case.do(RecordApprover(approval=1, person="dev"))
    assert len(case.events) == before, "who is found too late is not bothered"


def test_a_silent_approver_is_reminded_and_then_the_overseer_is_notified() -> None:
    case = asked()
    case.wait(4 * HOURS)
    assert case.fired(ClockName.APPROVAL) == [("50%", "2h"), ("due", "4h")]
    assert case.told("dev") == ["approval_asked", "approval_asked"]
    assert texts(case, "overseer", NoticeKind.APPROVAL_OVERDUE) == ["refund 120, for ana: charged twice"]
    case.do(Approve(by="dev"))


def test_asking_again_takes_the_earlier_request_back() -> None:
    case = asked()
    case.wait(HOURS)
    case.do(refund(700))
    assert texts(case, "dev", NoticeKind.NO_LONGER_NEEDED) == ["refund 120"]
    assert texts(case, "fay", NoticeKind.APPROVAL_ASKED) == ["refund 700, for ana: charged twice"]
    assert case.due(ClockName.APPROVAL) == "3h"
    assert isinstance(case.refused(Approve(by="dev")), NotAllowed)


def test_what_may_be_granted_alone_leaves_an_open_request_as_it_is() -> None:
    case = asked()
    case.do(refund(20))
    assert case.state.approval is not None
    assert case.state.approval.amount == 120
    assert case.due(ClockName.APPROVAL) == "2h"


def test_a_stale_name_from_the_directory_does_not_answer_a_newer_request() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.directory_is_slow = True
    case.do(refund(120))
    case.do(refund(130))
    case.do(RecordApprover(approval=1, person="dev"))
    assert case.state.approval is not None
    assert case.state.approval.approver == ""
    case.do(RecordApprover(approval=2, person="eli"))
    assert case.state.approval.approver == "eli"
    case.do(RecordApprover(approval=2, person="dev"))
    assert case.state.approval.approver == "eli", "who was asked stays asked"


def test_only_the_owner_asks_with_a_reason_and_a_sensible_amount() -> None:
    case = Case.working(policy=WITH_MEANS)
    assert isinstance(case.refused(refund(120, by="zoe")), NotAllowed)
    assert "`why` is empty" in str(case.refused(replace(refund(120), why=" ")))
    for amount in (-1, 0):
        assert f"`amount` is {amount}" in str(case.refused(refund(amount)))
    assert isinstance(case.refused(replace(refund(-1), what=EXCEPTION)), InvalidCommand)


def test_an_overseer_who_holds_the_case_decides_alone() -> None:
    case = Case.opened(policy=WITH_MEANS, staffing=nobody)
    case.do(refund(9999, by="overseer"))
    assert case.kinds()[-1] == "granted_within_authority"


def test_the_decision_goes_to_the_current_owner_by_then() -> None:
    case = asked()
    case.do(Reassign(to="zoe", by="desk", why="knows it"))
    case.do(Approve(by="dev"))
    assert texts(case, "zoe", NoticeKind.APPROVAL_GRANTED) == ["refund 120"]


def test_an_approver_who_has_the_case_by_then_is_not_told_what_they_decided_themselves() -> None:
    for decision in (Approve(by="dev"), NO):
        case = asked()
        case.do(Reassign(to="dev", by="desk", why="decides it anyway"))
        case.do(decision)
        assert case.state.approval is None
        assert texts(case, "dev", NoticeKind.APPROVAL_GRANTED) == texts(case, "dev", NoticeKind.APPROVAL_REFUSED) == []


def test_while_a_person_is_sought_no_one_is_reminded_and_the_overseer_learns_that_it_takes_long() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.directory_is_slow = True
    case.do(refund(120))
    case.wait(4 * HOURS)
    assert case.fired(ClockName.APPROVAL) == [("50%", "2h"), ("due", "4h")]
    assert not [one for one in case.messages if any(n.kind is NoticeKind.APPROVAL_ASKED for n in one.notices)]
    assert texts(case, "overseer", NoticeKind.APPROVAL_OVERDUE) == ["refund 120, for ana: charged twice"]


def test_it_can_be_asked_and_decided_while_the_customer_is_waited_for() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.do(ASK)
    case.do(refund(120))
    case.do(NO)
    assert case.state.stage is Stage.WAITING_ON_CUSTOMER


@pytest.mark.parametrize("end", [RESOLVE, CANCEL])
def test_the_end_of_the_case_takes_the_request_back(end: Command) -> None:
    case = asked()
    case.do(end)
    assert texts(case, "dev", NoticeKind.NO_LONGER_NEEDED) == ["refund 120"]
    assert case.state.approval is None
    assert ClockName.APPROVAL not in case.state.runs


def test_a_reopened_case_asks_for_nothing_and_numbers_go_on() -> None:
    case = asked()
    case.do(RESOLVE)
    case.do(REOPEN)
    case.acknowledge()
    assert "no approval is asked for" in str(case.refused(Approve(by="dev")))
    case.do(refund(120))
    assert case.state.approval is not None
    assert case.state.approval.number == 2


def test_asking_and_deciding_are_signs_of_life() -> None:
    case = Case.working(policy=WITH_MEANS)
    case.wait(5 * HOURS)
    case.do(refund(120))
    assert case.due(ClockName.CHECK_IN) == "11h"
    case.wait(HOURS)
    case.do(Approve(by="dev"))
    assert case.due(ClockName.CHECK_IN) == "12h"


def test_a_second_request_warns_its_sender_and_informs_the_first_approver() -> None:
    case = Case.working(policy=replace(EXAMPLE, currency="EUR"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=100_000, by="ana", why="charged twice"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=90_000, by="ana", why="less will do"))
    assert case.warnings == ("the request for a refund of 100000 EUR was not decided yet; this one takes its place",)
    (no_longer,) = (one for one in case.messages[-1].notices if isinstance(one, notices.NoLongerNeeded))
    assert no_longer.is_replaced
    assert no_longer.approval is not None
    assert (no_longer.approval.amount, no_longer.approval.currency) == (100_000, "EUR")


def test_who_solves_a_case_reads_that_an_open_request_is_withdrawn() -> None:
    case = Case.working(policy=replace(EXAMPLE, currency="EUR"))
    case.do(RequestApproval(what=ApprovalKind.REFUND, amount=100_000, by="ana", why="charged twice"))
    case.do(RESOLVE)
    assert "the request for a refund of 100000 EUR was not decided yet; it is withdrawn" in case.warnings
