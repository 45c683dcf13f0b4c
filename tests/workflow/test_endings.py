"""Openings that fail, and ends that come from outside."""

import pytest
from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError

from escalation.case.commands import AddNote, Cancel
from escalation.vocabulary import CancelCause, Stage
from tests.workflow.lives import offered, owned, solve
from tests.workflow.outages import Policies
from tests.workflow.world import PATIENCE, Life, World, eventually


async def failure(life: Life) -> ApplicationError:
    with pytest.raises(WorkflowFailureError) as caught:
        await life.ended()
    cause: BaseException | None = caught.value
    while cause is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    assert cause is not None
    return cause


async def test_an_unknown_policy_fails_the_opening_by_name(world: World) -> None:
    async with world.worker():
        life = await world.open("NO-POLICY-1", policy="exmaple", agrees=False)
        error = await failure(life)
    assert error.type == "UnknownPolicy"
    assert "exmaple" in error.message
    assert life.timeline() == []
    assert world.email.sent == []


async def test_a_request_that_makes_no_sense_fails_the_opening(world: World) -> None:
    async with world.worker():
        life = await world.open("NO-REASON-1", agrees=False, reasons=())
        error = await failure(life)
    assert error.type == "InvalidCommand"
    assert "`reasons` is empty" in error.message
    assert life.timeline() == []


async def test_a_command_to_an_opening_that_fails_is_answered_with_an_error(world: World) -> None:
    world.policies = store = Policies()
    async with world.worker():
        store.down = True
        life = await world.open("NO-POLICY-2", policy="exmaple", agrees=False)
        accepted = await life.handle.start_update(
            "note",
            AddNote(by="desk", text="on the phone"),
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            rpc_timeout=PATIENCE,
        )
        store.down = False
        with pytest.raises(WorkflowUpdateFailedError) as caught:
            await accepted.result()
        assert isinstance(caught.value.cause, ApplicationError)
        assert caught.value.cause.type == "NeverOpened"
        assert (await failure(life)).type == "UnknownPolicy"


async def test_an_opening_waits_for_a_policy_store_that_is_down(world: World) -> None:
    world.policies = store = Policies()
    async with world.worker():
        store.down = True
        life = await world.open("STORE-1")
        await eventually(lambda: store.asked >= 2, "the store is asked again")
        store.down = False
        assert (await life.settled()).view.stage is Stage.OFFERED


async def test_cancelling_in_temporal_withdraws_the_case_and_notifies_both_sides(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CANCEL-1")
        await life.handle.cancel()
        ended = await life.ended()
        described = await life.handle.describe()
    assert ended.stage is Stage.CANCELLED
    assert described.status is WorkflowExecutionStatus.COMPLETED
    cancelled = next(one for one in life.timeline() if one.kind == "cancelled")
    assert (cancelled.by, cancelled.cause) == ("operator", CancelCause.WITHDRAWN)
    assert world.keys_to("Ann")[-1] == "cancelled/1/customer"
    assert world.keys_to("Ana")[-1] == "notice/1/ana"
    assert world.directory.open_bookings("ana") == 0


async def test_cancelling_by_command_ends_the_workflow(world: World) -> None:
    async with world.worker():
        life = await offered(world, "CANCEL-2")
        await life.do(Cancel(by="desk", cause=CancelCause.DUPLICATE, duplicate_of="T-0", why="see 4710"))
        ended = await life.ended()
    assert ended.stage is Stage.CANCELLED
    assert world.keys_to("Ana") == ["offer/1/ana", "notice/1/ana"]


async def test_cancelling_in_temporal_before_the_opening_records_nothing(world: World) -> None:
    life = await world.open("CANCEL-3", agrees=False)
    await life.handle.cancel()
    async with world.worker():
        with pytest.raises(WorkflowFailureError):
            await life.ended()
    assert life.timeline() == []


async def test_cancelling_in_temporal_after_the_solution_calls_off_the_follow_ups(world: World) -> None:
    async with world.worker():
        life = await owned(world, "CANCEL-4")
        await solve(life)
        await life.handle.cancel()
        assert (await life.ended()).stage is Stage.CANCELLED
    assert not any(key.startswith("follow_up") for key in world.keys_to("Ann"))
