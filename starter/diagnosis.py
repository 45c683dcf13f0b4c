"""Finds why a workflow makes no progress, from what the server knows; it works when no worker can answer.

A workflow whose task fails is tried again without end and answers no one: its clocks are silent. The server counts the
attempts and keeps the first failure in the history. An activity that fails again and again is seen the same way.
"""

from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution as ExecutionRef
from temporalio.api.enums.v1 import EventType
from temporalio.api.enums.v1 import WorkflowTaskFailedCause as Cause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus

FAILING_FROM_ATTEMPT = 3
"""From this attempt on a workflow task counts as failing: one that failed once, on a busy worker, passes by itself."""
STUCK_ACTIVITY_ATTEMPTS = 10
"""From this attempt on an activity counts as stuck: after some minutes for the database, an hour for a relay."""
# Latest events of a history in which its last workflow task is found.
_LOOK_BACK = 20
_LONGEST_CAUSE = 300

_WORKFLOW_TASK_ENDS = frozenset(
    {
        EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
        EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
    }
)
_HARMLESS = frozenset(
    {
        Cause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND,  # something came in while the run ended
        Cause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW,
        Cause.WORKFLOW_TASK_FAILED_CAUSE_FORCE_CLOSE_COMMAND,
    }
)


async def trouble_of(client: Client, described: WorkflowExecutionDescription, *, rpc_timeout: timedelta) -> str:
    """Return why its workflow task or an activity keeps failing; empty while all is well, and once it has ended.

    Args:
        rpc_timeout: How long the server may take to answer.

    Raises:
        RPCError: the server did not answer.
    """
    if described.status is not WorkflowExecutionStatus.RUNNING:
        return ""
    return await _failing_task(client, described, rpc_timeout) or _failing_activity(described)


async def _failing_task(client: Client, described: WorkflowExecutionDescription, rpc_timeout: timedelta) -> str:
    raw = described.raw_description
    if not raw.HasField("pending_workflow_task") or raw.pending_workflow_task.attempt < FAILING_FROM_ATTEMPT:
        return ""
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=client.namespace,
        execution=ExecutionRef(workflow_id=described.id, run_id=described.run_id),
        maximum_page_size=_LOOK_BACK,
    )
    answer = await client.workflow_service.get_workflow_execution_history_reverse(request, timeout=rpc_timeout)
    last = next((event for event in answer.history.events if event.event_type in _WORKFLOW_TASK_ENDS), None)
    return "" if last is None else _cause(last, raw.pending_workflow_task.attempt)


def _cause(event: HistoryEvent, attempt: int) -> str:
    """Say why the task fails; empty where it only waits for a worker, or was put back in the course of things."""
    if event.event_type != EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
        return ""
    failed = event.workflow_task_failed_event_attributes
    if failed.cause in _HARMLESS:
        return ""
    said = _one_line(failed.failure.message) or Cause.Name(failed.cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")
    return f"its workflow task fails (attempt {attempt}): {said}"


def _failing_activity(described: WorkflowExecutionDescription) -> str:
    failing = [one for one in described.raw_description.pending_activities if one.attempt >= STUCK_ACTIVITY_ATTEMPTS]
    return "; ".join(_said_of(one) for one in failing)


def _said_of(activity: PendingActivityInfo) -> str:
    failure = activity.last_failure
    kind = failure.application_failure_info.type or _one_line(failure.message) or "no answer"
    return f"its activity `{activity.activity_type.name}` fails (attempt {activity.attempt}): {kind}"


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_CAUSE]
