"""Checks that workers poll the task queue, without which no clock fires and no command is answered."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError

from escalation.phrasing import amount_of, minute
from runtime.connection import connect, silent_runtime
from runtime.settings import Settings
from runtime.start_checks.temporal import RPC_TIMEOUT
from runtime.unreachable import TemporalUnreachable
from starter.doctor.finding import Finding, Health

SILENCE = timedelta(seconds=90)
"""After this long without a poll a worker counts as ended. The server ends a poll without work after a minute."""


async def workers_look(settings: Settings, now: datetime) -> Finding:
    """Check which workers poll, and when the latest did."""
    try:
        polls = await _polls(await connect(settings, runtime=silent_runtime()), settings.task_queue)
    except (RPCError, TemporalUnreachable):
        return Finding(what="workers", health=Health.BAD, says="not known while Temporal does not answer")
    alive = [each for each in polls if now - each <= SILENCE]
    if not alive:
        since = f" since {minute(max(polls))}" if polls else ""
        says = (
            f"none polls the task queue `{settings.task_queue}`{since}: no deadline fires, no message goes out and no "
            "command is answered; start one: `python worker.py`"
        )
        return Finding(what="workers", health=Health.BAD, says=says)
    return Finding(what="workers", health=Health.WELL, says=f"{amount_of(len(alive), 'worker')} at work")


async def _polls(client: Client, queue: str) -> list[datetime]:
    request = DescribeTaskQueueRequest(
        namespace=client.namespace,
        task_queue=TaskQueue(name=queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    )
    found = await client.workflow_service.describe_task_queue(request, timeout=RPC_TIMEOUT)
    return [each.last_access_time.ToDatetime(UTC) for each in found.pollers]
