"""A release that decides otherwise, and the way back: cases that run go on, on both ways."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.api.enums.v1 import WorkflowTaskFailedCause as TaskFailed

from escalation.case.commands import AddNote, ApplyPolicy
from tests.workflow.lives import owned
from tests.workflow.releases import NEXT, NOW, next_release
from tests.workflow.world import LOOK_AGAIN, PATIENCE, Life, World
from workflows.contract import Status

CASES = 6
SHORT_RUN = 20


async def opened(world: World, name: str, *, history_limit: int = 0) -> list[Life]:
    """Open cases, each with a note, which is what the releases differ in."""
    lives = [await world.open(f"{name}-{number}", history_limit=history_limit) for number in range(1, CASES + 1)]
    for life in lives:
        await life.settled()
        await noted(life)
    return lives


async def noted(life: Life) -> Status:
    await life.do(AddNote(by="ana", text="looking"))
    return await life.settled()


async def all_go_on(lives: list[Life]) -> None:
    """Each takes another note, and no task of it failed."""
    for life in lives:
        await noted(life)
        assert not await lost_its_way(life)


async def lost_its_way(life: Life) -> bool:
    """Whether one of its tasks decided differently from its history."""
    failed = [
        event.workflow_task_failed_event_attributes.cause
        async for event in life.handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    return TaskFailed.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR in failed


def read_by_overseer(world: World, life: Life) -> int:
    """Notices to the overseer about this case."""
    return sum(sent.name == "Overseer" and sent.key.startswith(life.handle.id) for sent in world.email.sent)


async def cause_of_failure(life: Life) -> str:
    """What the latest failed task says, as soon as one failed."""
    deadline = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
    while True:
        said = [
            event.workflow_task_failed_event_attributes.failure.message
            async for event in life.handle.fetch_history_events()
            if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
        ]
        if said and "deadlock" not in said[-1]:  # a busy machine
            return said[-1]
        assert asyncio.get_running_loop().time() < deadline, "no task failed"
        await asyncio.sleep(LOOK_AGAIN)


async def test_a_new_release_and_the_way_back_stop_no_case_while_its_rules_are_not_switched_on(world: World) -> None:
    async with world.worker():
        before = await opened(world, "UP-OLD")
    with next_release():
        async with world.worker():
            await all_go_on(before)
            meanwhile = await opened(world, "UP-MEANWHILE")
    async with world.worker():
        await all_go_on(before + meanwhile)
        assert {(await life.status()).view.rules for life in before + meanwhile} == {NOW}
    assert not any(read_by_overseer(world, life) for life in before + meanwhile)


async def test_a_new_rule_holds_for_cases_opened_under_it_and_for_no_other(world: World) -> None:
    async with world.worker():
        before = await opened(world, "RULE-OLD")
    world.case_rules = NEXT
    with next_release():
        async with world.worker():
            after = await opened(world, "RULE-NEW")
            await all_go_on(before)
            assert {(await life.status()).view.rules for life in after} == {NEXT}
    assert [read_by_overseer(world, life) for life in before] == [0] * CASES
    assert [read_by_overseer(world, life) for life in after] == [1] * CASES


async def test_switching_the_rules_off_again_leaves_cases_under_the_rules_they_began_with(world: World) -> None:
    world.case_rules = NEXT
    with next_release():
        async with world.worker():
            lives = await opened(world, "OFF")
        world.case_rules = NOW
        async with world.worker():
            await all_go_on(lives)
            later = await opened(world, "OFF-LATER")
            assert {(await life.status()).view.rules for life in lives} == {NEXT}
            assert {(await life.status()).view.rules for life in later} == {NOW}


@pytest.mark.parametrize("history_limit", [0, SHORT_RUN], ids=["one_run", "continued_as_new"])
async def test_an_older_release_holds_a_case_of_newer_rules_in_words_and_the_newer_one_goes_on(
    world: World, history_limit: int
) -> None:
    world.case_rules, world.task_timeout = NEXT, timedelta(seconds=3)
    with next_release():
        async with world.worker():
            lives = await opened(world, f"HELD-{history_limit}", history_limit=history_limit)
    recorded = [list(life.timeline()) for life in lives]
    world.lives.clear()  # they do not answer while they are held
    async with world.worker():
        for life in lives:
            await life.handle.cancel()  # something to do, so that it is looked at
        for life in lives:
            assert f"the case follows rules {NEXT}, and this release knows rules 1 to {NOW}" in await cause_of_failure(
                life
            )
    assert [life.timeline() for life in lives] == recorded
    assert all([await life.is_running() for life in lives])
    world.lives.extend(lives)
    with next_release():
        async with world.worker():
            for life in lives:
                await life.ended()
    assert all("cancelled" in life.kinds() for life in lives)


async def test_a_running_case_comes_under_the_new_rules_by_command_and_stays_there(world: World) -> None:
    async with world.worker():
        life = await owned(world, "MIGRATED")
        await noted(life)
    world.case_rules = NEXT
    with next_release():
        async with world.worker():
            await life.do(ApplyPolicy(policy=world.policy.name, by="zoe", why="the overseer wants to read notes"))
            status = await noted(life)
            assert status.view.rules == NEXT
            assert not await lost_its_way(life)
    assert read_by_overseer(world, life) == 1
