"""Questions to workflows that a worker does not have in its cache, with a task of theirs still to begin."""

import asyncio
import uuid

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from runtime.cold_queries import ASK_AGAIN, OnlyBegunTasks
from tests.workflow.napping import NAPS, Napping
from tests.workflow.world import PATIENCE

MANY = 12
"""Whether a question or a task reaches a worker first is the server's business; among a dozen, some questions do."""

Handle = WorkflowHandle[Napping, list[bool]]


def worker(client: Client, queue: str) -> Worker:
    return Worker(client, task_queue=queue, workflows=[Napping], workflow_runner=OnlyBegunTasks())


async def begun(client: Client, queue: str) -> list[Handle]:
    """Workflows that sleep, and whose worker has ended."""
    async with worker(client, queue):
        handles = [
            await client.start_workflow(Napping.run, id=f"napping-{uuid.uuid4()}", task_queue=queue)
            for _ in range(MANY)
        ]
        assert [await each.query(Napping.naps) for each in handles] == [0] * MANY
    return handles


async def woken(handles: list[Handle]) -> None:
    """The timer of each has fired."""
    for handle in handles:
        async for event in handle.fetch_history_events(wait_new_event=True):
            if event.event_type == EventType.EVENT_TYPE_TIMER_FIRED:
                break


async def asked(handle: Handle) -> int | str:
    """The answer, or why there was none."""
    try:
        return await handle.query(Napping.naps, rpc_timeout=PATIENCE)
    except WorkflowQueryFailedError as error:
        return error.message


async def test_a_question_before_the_task_begins_moves_no_workflow(env: WorkflowEnvironment) -> None:
    queue = f"napping-{uuid.uuid4()}"
    handles = await begun(env.client, queue)
    questions = [asyncio.create_task(asked(each)) for each in handles]
    await woken(handles)
    async with worker(env.client, queue):
        answers = await asyncio.gather(*questions)
        ended = await asyncio.wait_for(asyncio.gather(*(each.result() for each in handles)), PATIENCE.total_seconds())
    assert ended == [[True] * NAPS] * MANY, "no one woke too early"
    assert ASK_AGAIN in answers, "a question came first at least once"
    replayer = Replayer(workflows=[Napping])
    for handle in handles:
        await replayer.replay_workflow(await handle.fetch_history())
