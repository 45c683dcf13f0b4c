"""A limit on contacts, on a real server: the clock that puts messages forward outlives runs and the end of the work."""

from dataclasses import replace
from datetime import timedelta

from escalation.case.commands import RecordCustomerReply
from escalation.case.events import CustomerReplied, MessagesPutForward
from escalation.vocabulary import ClockName
from tests.unit.domain.policies import LIMITED
from tests.workflow.lives import owned, solve
from tests.workflow.world import Life, World

AGAIN = RecordCustomerReply(text="You again!")
NEAR_THE_END = timedelta(hours=7, minutes=30)


def set_aside(life: Life) -> int:
    return sum(isinstance(event, CustomerReplied) and event.set_aside_until is not None for event in life.timeline())


def put_forward(life: Life) -> list[int]:
    return [event.count for event in life.timeline() if isinstance(event, MessagesPutForward)]


async def test_what_goes_over_the_limit_is_kept_and_released_together(world: World) -> None:
    world.policy = LIMITED
    async with world.worker():
        life = await owned(world, "LIMIT-1", history_limit=40)
        answers = [await life.do(AGAIN) for _ in range(12)]
        status = await life.settled()
        assert [bool(answer.warnings) for answer in answers] == [False] * 2 + [True] * 10
        assert ClockName.CONTACT_LIMIT in {one.clock for one in status.clocks}
        assert set_aside(life) == 10
        letters = [key for key in world.keys_to("Ann") if key.startswith("contact_limited/")]
        told = len(world.keys_to("Ana"))
        await life.wait(NEAR_THE_END)
        assert put_forward(life) == []
        await life.wait(timedelta(hours=1))
        assert put_forward(life) == [10]
        assert len(letters) == 1
        assert len(world.keys_to("Ana")) > told
        assert ClockName.CONTACT_LIMIT not in {one.clock for one in (await life.settled()).clocks}


async def test_what_was_set_aside_is_released_after_the_case_was_solved(world: World) -> None:
    world.policy = replace(LIMITED, thanks=False)
    async with world.worker():
        life = await owned(world, "LIMIT-2")
        for _ in range(3):
            await life.do(AGAIN)
        await solve(life)
        await life.wait(timedelta(hours=9))
        assert put_forward(life) == [1]
        assert any(key.startswith("contact_limit/1/due") for key in world.keys_to("Ana"))
