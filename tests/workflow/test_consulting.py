"""Advice, approval and the end of a shift, on a real server."""

from dataclasses import replace
from datetime import timedelta

import pytest
from temporalio.client import WorkflowUpdateFailedError

from activities.contracts import ApproverInput
from activities.errors import DatabaseUnavailable
from escalation.case.commands import (
    AddNote,
    AnswerConsult,
    Approve,
    Consult,
    Escalate,
    Packet,
    RefuseApproval,
    RequestApproval,
    TellCustomer,
)
from escalation.case.events import ApproverAsked, ShiftNoted
from escalation.case.state_parts import OpenConsult
from escalation.people import Colleague, PersonId
from escalation.vocabulary import ApprovalKind, ClockName
from runtime.roster_watch import watched_roster
from tests import fakes
from tests.unit.domain.policies import HANDING_OVER
from tests.workflow.lives import owned
from tests.workflow.test_visibility import current_details
from tests.workflow.world import World, eventually, member, real_now, staff
from workflows.contract import Status
from workflows.escalation import EscalationWorkflow

REFUND = RequestApproval(what=ApprovalKind.REFUND, amount=120, by="ana", why="charged twice")
NO = RefuseApproval(by="dev", explanation="The goods were used for a year")


def clocks(status: Status) -> set[ClockName]:
    return {clock.clock for clock in status.clocks}


async def test_a_colleague_is_asked_and_answers_and_the_case_stays_with_its_owner(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CONSULT-1")
        await life.do(Consult(by="ana", to="dev", question="Seen before?"))
        status = await life.settled()
        assert (status.view.owner, ClockName.CONSULT in clocks(status)) == ("ana", True)
        assert status.view.consult == OpenConsult(to="dev", question="Seen before?", by="ana")
        await life.wait(timedelta(hours=1, minutes=1))
        await life.do(AnswerConsult(by="dev", answer="Last May"))
        status = await life.settled()
        assert (ClockName.CONSULT in clocks(status), status.view.consult) == (False, None)
    assert len(world.keys_to("Dev")) == 2, "the question, and a reminder"
    assert [kind for kind in life.kinds() if kind.startswith("consult")] == ["consulted", "consult_answered"]


async def test_a_person_who_may_decide_is_found_and_a_refusal_reaches_the_customer(world: World) -> None:
    async with world.worker():
        life = await owned(world, "APPROVAL-1", history_limit=30)
        await life.do(REFUND)
        await life.settled()
        assert [event.person for event in life.timeline() if isinstance(event, ApproverAsked)] == ["dev"]
        for number in range(12):  # so that the request is passed to another run
            await life.do(AddNote(by="ana", text=str(number)))
        asked = (await life.settled()).view.approval
        assert asked is not None
        assert (asked.approver, asked.amount) == ("dev", 120)
        assert "Waiting for approval of refund of 120 by **dev**" in await current_details(life)
        await life.do(NO)
        await life.settled()
    assert any(key.startswith("approval_refused/") for key in world.keys_to("Ann"))
    assert life.kinds().count("approval_refused") == 1


async def test_where_the_directory_knows_no_one_the_overseer_decides(world: World) -> None:
    world.directory = fakes.Directory([one for one in staff() if 2 not in one.tiers], real_now)
    async with world.worker():
        life = await owned(world, "APPROVAL-2")
        await life.do(REFUND)
        await life.settled()
        await life.do(Approve(by="overseer", tell_customer=True))
        await life.settled()
    assert [event.person for event in life.timeline() if isinstance(event, ApproverAsked)] == ["overseer"]
    assert any(key.startswith("approval_granted/") for key in world.keys_to("Ann"))


async def test_a_step_that_was_tried_before_is_said_to_be_in_the_answer(world: World) -> None:
    async with world.worker():
        life = await owned(world, "TRIED-1")
        assert not (await life.do(AddNote(by="ana", text="no change", tried="Restarted it"))).warnings
        again = AddNote(by="ana", text="no change", tried="restarted it")
        answer = await life.do(again, command_id="again")
        assert answer.warnings == ("`Restarted it` was tried already",)
        assert await life.do(again, command_id="again") == answer


async def test_the_offer_carries_the_packet(world: World) -> None:
    async with world.worker():
        life = await owned(world, "PACKET-1")
        packet = Packet(concern="I was charged twice", nothing_tried=True, evidence=("invoice 17",))
        await life.do(Escalate(by="ana", why="too deep", packet=packet))
        await life.settled()
    letter = next(sent for sent in world.email.sent if sent.name == "Dev")
    assert "I was charged twice" in letter.body
    assert "- invoice 17" in letter.body


async def test_when_the_shift_ends_the_case_goes_to_a_person_who_is_there(world: World) -> None:
    world.policy = replace(HANDING_OVER, ladder=world.policy.ladder)
    hour = timedelta(hours=1)
    shift = (real_now() - hour, real_now() + 3 * hour)
    ana = replace(member("ana", 1), shifts=(shift,))
    world.directory = fakes.Directory([ana, *staff()[1:]], real_now)
    async with world.worker():
        life = await owned(world, "SHIFT-1")
        assert [event.until for event in life.timeline() if isinstance(event, ShiftNoted)] == [shift[1]]
        status = await life.status()
        assert next(one.due for one in status.clocks if one.clock is ClockName.SHIFT_END) == shift[1]
        status = await life.wait(3 * hour)
        assert (status.view.offered_to, status.view.tier) == ("ben", 1)
    assert "shift_ended" in life.kinds()
    assert any(key.startswith("shift_end/1/due") for key in world.keys_to("Ana"))


class Speechless(fakes.Directory):
    """A directory that names no approver, and does not say why."""

    def __init__(self) -> None:
        super().__init__(staff(), real_now)
        self.asked = 0

    async def approver(self, request: ApproverInput) -> str | None:  # noqa: ARG002 (it does not listen)
        self.asked += 1
        raise DatabaseUnavailable("no answer", after=100)


async def test_a_directory_that_does_not_answer_leaves_the_decision_to_the_overseer(world: World) -> None:
    world.directory = directory = Speechless()
    async with world.worker():
        life = await owned(world, "APPROVAL-3")
        await life.do(REFUND)
        await eventually(lambda: directory.asked >= 1, "the directory is asked")
        await life.skip(timedelta(minutes=6))
        await eventually(lambda: "approver_asked" in life.kinds(), "the overseer is asked")
        await life.do(Approve(by="overseer"))
        await life.settled()
    assert [event.person for event in life.timeline() if isinstance(event, ApproverAsked)] == ["overseer"]


async def test_a_colleague_who_does_not_exist_is_refused_at_once_while_the_roster_is_known(world: World) -> None:
    async def roster() -> list[Colleague]:
        return [Colleague(id=PersonId(one), name=one.title()) for one in ("ana", "ben", "dev")]

    async with world.worker(), watched_roster(roster):
        life = await owned(world, "CONSULT-9")
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await life.do(Consult(by="ana", to="dov", question="Seen before?"))
        assert "`to` is `dov`, who is not in the roster; did you mean `dev`" in str(refusal.value.cause)
        assert await life.handle.query(EscalationWorkflow.strangers, ["ana", "anna", "overseer"]) == ["anna"]
        await life.do(Consult(by="ana", to="dev", question="Seen before?"))
    assert "consulted" in life.kinds()


async def test_the_words_of_a_colleague_who_may_not_write_to_customers_are_refused(world: World) -> None:
    async def roster() -> list[Colleague]:
        return [Colleague(id=PersonId("ana"), name="Ana", writes_to_customers=False)]

    async with world.worker(), watched_roster(roster):
        life = await owned(world, "SILENT-3")
        with pytest.raises(WorkflowUpdateFailedError) as refusal:
            await life.do(TellCustomer(by="ana", text="We found it."))
        assert "`ana` may not write to customers" in str(refusal.value.cause)
        await life.do(AddNote(by="ana", text="We found it."))
    assert "customer_told" not in life.kinds()
