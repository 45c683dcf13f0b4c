"""Keeps a query from moving a workflow.

A query that reaches a worker without the workflow in its cache brings the whole history. The SDK (1.35) then also applies
the events after the last workflow task, at the time of that task, although their own task has not begun: a timer that
fired finds that nothing is due yet, and starts again. What comes of it is written down with the next real task, and no
replay finds the same. The case is stuck with a nondeterminism error. It takes a worker that was killed, and a person who
looks at a case meanwhile.

Such a query is refused here, which also drops the workflow from the cache; the client repeats it. The real task then brings
the same events at their own time.
"""

from collections.abc import Callable
from typing import Any

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

Activate = Callable[[WorkflowActivation], WorkflowActivationCompletion]  # lets a workflow act on what has happened

ASK_AGAIN = "the workflow's next task has not begun; ask again"
_CHANGES_NOTHING = {"query_workflow", "remove_from_cache"}


class OnlyBegunTasks(SandboxedWorkflowRunner):
    """Runs workflows in the sandbox, and lets them act only within workflow tasks that have begun."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """See base class."""
        instance: Any = super().create_instance(det)
        instance.activate = within_begun_tasks(instance.activate)
        found: WorkflowInstance = instance
        return found


def within_begun_tasks(activate: Activate) -> Activate:
    """The same, except that it refuses to act on events whose task has not begun.

    They come at the time of the task before them, and with a longer history. Within one task the history is as long.
    """
    began, length = (0, 0), 0

    def guarded(act: WorkflowActivation) -> WorkflowActivationCompletion:
        nonlocal began, length
        if {job.WhichOneof("variant") for job in act.jobs} <= _CHANGES_NOTHING:
            return activate(act)
        at = (act.timestamp.seconds, act.timestamp.nanos)
        if at == began and act.history_length > length:
            return _refused(act)
        began, length = at, act.history_length
        return activate(act)

    return guarded


def _refused(act: WorkflowActivation) -> WorkflowActivationCompletion:
    completion = WorkflowActivationCompletion(run_id=act.run_id)
    completion.failed.failure.message = ASK_AGAIN
    completion.failed.failure.application_failure_info.type = "AskAgain"
    return completion
