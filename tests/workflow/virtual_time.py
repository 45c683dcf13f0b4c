"""The virtual clock of one workflow, moved one jump at a time.

The server (1.32) offers to run a clock forward over many timers. Where the end of such a run comes while a worker is
still busy with a timer just before it, the server takes the next timer for its goal, hours or days away, and only then
stops; the busier the machine, the likelier. A single jump has its goal settled before the worker has anything to do.
"""

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

from google.protobuf.field_mask_pb2 import FieldMask
from temporalio.api.common.v1 import FastForwardConfig, TimeSkippingConfig, WorkflowExecution
from temporalio.api.workflow.v1 import WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import UpdateWorkflowExecutionOptionsRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment

WORTH_A_JUMP = timedelta(seconds=3)
"""Less is waited for: longer than a jump takes, so that its end is still to come when it begins."""
LONGEST = timedelta(seconds=60)
"""How long, in real time, a jump may be held up by what is under way."""
LOOK_AGAIN = 0.02
ONCE = 1


class VirtualClock:
    """The clock of one workflow on a server from `tests.workflow.server`."""

    def __init__(self, env: WorkflowEnvironment, client: Client, handle: WorkflowHandle[Any, Any]) -> None:
        self._env = env
        self._client = client
        self._handle = handle

    async def now(self) -> datetime:
        return await self._env.get_current_time(self._handle)

    async def jump(self, most: timedelta) -> None:
        """Jump to the workflow's next timer, or so far where none comes before; nothing where the workflow ends.

        Args:
            most: How far at most; at least `WORTH_A_JUMP`. Nothing should be under way, or the jump waits for that.
        """
        before, real = await self.now(), asyncio.get_running_loop().time
        asked = real()
        if not await self._begin(most):
            return
        while await self._is_jumping():
            assert real() - asked < LONGEST.total_seconds(), "the clock cannot jump: something is under way"
            await asyncio.sleep(LOOK_AGAIN)
        passed, meanwhile = await self.now() - before, timedelta(seconds=real() - asked)
        assert passed < most + meanwhile + WORTH_A_JUMP, f"the clock was to jump {most} and went on by {passed}"

    async def _begin(self, most: timedelta) -> bool:
        """Ask for the jump; False where the workflow has ended."""
        try:
            await begin_jump(self._client, self._handle.id, most)
        except RPCError as error:
            described = await self._handle.describe()
            if error.status is RPCStatusCode.NOT_FOUND and described.status is not WorkflowExecutionStatus.RUNNING:
                return False
            raise
        return True

    async def _is_jumping(self) -> bool:
        described = await self._handle.describe()
        return is_jumping(described) and described.status is WorkflowExecutionStatus.RUNNING


async def begin_jump(client: Client, workflow: str, most: timedelta) -> None:
    """Have the clock of a workflow jump to its next timer, or so far where none comes before.

    Raises:
        RPCError: The workflow has ended, or no answer came. It is not asked again: that might begin a second jump.
    """
    forward = FastForwardConfig(id=str(uuid.uuid4()))
    forward.duration.FromTimedelta(most)
    once = TimeSkippingConfig(enabled=True, fast_forward_config=forward, max_session_skip_count=ONCE)
    await client.workflow_service.update_workflow_execution_options(
        UpdateWorkflowExecutionOptionsRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow),
            workflow_execution_options=WorkflowExecutionOptions(time_skipping_config=once),
            update_mask=FieldMask(paths=["time_skipping_config"]),
            identity=client.identity,
        )
    )


def is_jumping(described: WorkflowExecutionDescription) -> bool:
    """Whether a jump was begun and has not come yet."""
    return described.raw_description.workflow_extended_info.time_skipping_info.effective_config.enabled
