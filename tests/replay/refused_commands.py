"""A replay in which a command comes with every task of the workflow, and is refused.

On a live worker that happens whenever people ask for what cannot be done. It leaves nothing in the history, so what a
workflow does must be the same with and without; a replay that has the refusals, of a history that has not, shows it.
"""

from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowInstance, WorkflowInstanceDetails

from workflows.converter import DATA_CONVERTER

JUNK = Payload(metadata={"encoding": b"\xff"}, data=b"\xff")
NONSENSE: tuple[tuple[str, tuple[Payload, ...]], ...] = (
    ("no_such_command", ()),
    *((name, sent) for name in ("note", "resolve") for sent in ((), (JUNK,), (JUNK, JUNK))),
)
"""Names with arguments; an escalation has the one command, an incident the other, and each refuses what is not its own."""


class WithRefusedCommands(UnsandboxedWorkflowRunner):
    """Lets a command come that is refused, beside whatever else comes with a task.

    Attributes:
        refused: How many came.
    """

    def __init__(self) -> None:
        self.refused = 0

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """A workflow that is disturbed."""
        instance: Any = super().create_instance(det)
        undisturbed = instance.activate

        def activate(act: WorkflowActivation) -> WorkflowActivationCompletion:
            kinds = {job.WhichOneof("variant") for job in act.jobs}
            if not kinds & {"initialize_workflow", "remove_from_cache", "query_workflow"}:
                self._ask(act)
            completion: WorkflowActivationCompletion = undisturbed(act)
            self._forget_answers(completion)
            return completion

        instance.activate = activate
        found: WorkflowInstance = instance
        return found

    def _ask(self, act: WorkflowActivation) -> None:
        update = act.jobs.add().do_update
        update.id = update.protocol_instance_id = f"refused-{self.refused}"
        update.name, sent = NONSENSE[self.refused % len(NONSENSE)]
        update.input.extend(sent)
        update.run_validator = True
        self.refused += 1

    def _forget_answers(self, completion: WorkflowActivationCompletion) -> None:
        """The history knows nothing of them, so the comparison must not see them either."""
        commands = completion.successful.commands
        for number in reversed(range(len(commands))):
            answer = commands[number].update_response
            if commands[number].HasField("update_response") and answer.protocol_instance_id.startswith("refused-"):
                assert answer.HasField("rejected"), answer
                del commands[number]


async def replayed_with_refusals(workflow: type, run: WorkflowHistory) -> tuple[int, BaseException | None]:
    """How many commands were refused in the replay of a run, and why it failed, if it did."""
    runner = WithRefusedCommands()
    replayer = Replayer(workflows=[workflow], data_converter=DATA_CONVERTER, workflow_runner=runner)
    result = await replayer.replay_workflow(run, raise_on_replay_failure=False)
    return runner.refused, result.replay_failure
