"""Reaches an escalation whose workflow has ended: it continues from the record for one more command, and ends again."""

from temporalio.client import (
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowUpdateStage,
)
from temporalio.common import SearchAttributePair, TypedSearchAttributes, WorkflowIDConflictPolicy
from temporalio.service import RPCError

from escalation.case.commands import SupportCommand
from escalation.case.naming import CaseName
from escalation.vocabulary import Stage
from starter.addressing import Target, known_life
from starter.calls import NoAnswer
from starter.errors import CommandRefused
from starter.lives import look_up
from starter.prechecks import as_sent
from starter.transport import Transport
from workflows.carried import Ended, Recall, Start
from workflows.contract import Answer
from workflows.options import STAGE, TICKET, WORKFLOW_TYPE

NEVER_OPENED = "NeverOpened"
"""Type of the refusal of a command that waited for an escalation that could not be opened, or recalled."""


async def recall(
    transport: Transport,
    name: CaseName,
    ended: Target | None,
    command: SupportCommand,
    command_id: str,
    task_queue: str,
) -> Answer | None:
    """The answer of an escalation that is recalled from the record; None where the record does not know it, or has it open.

    A command that was done before its end is answered as then.

    Args:
        name: The escalation; the ticket's latest where it has no number.
        command_id: The same again is the same command.

    Raises:
        CommandRefused: It refuses the command.
        StarterError: As `Transport.update`.
    """
    if ended is not None and not name.life:
        seen = await look_up(transport, str(ended))
        name = CaseName(ticket=name.ticket, life=0 if seen is None else known_life(seen))
    home = Target.of(str(name))
    for target in (ended, home):
        known = None if target is None else await _answers_of(transport, target)
        if known and command_id in known:
            return known[command_id]
    starting = _Recalling(transport, name, command, command_id, task_queue)
    try:
        return await transport.update(home, command, command_id, answer=Answer, through=starting.send)
    except CommandRefused as refusal:
        if refusal.type == NEVER_OPENED:
            return None
        raise


class _Recalling:
    """Sends a command with the start of the workflow that takes it."""

    def __init__(
        self, transport: Transport, name: CaseName, command: SupportCommand, command_id: str, task_queue: str
    ) -> None:
        self._transport, self._name, self._task_queue = transport, name, task_queue
        self._command, self._command_id = as_sent(command), command_id

    async def send(self) -> Answer:
        transport = self._transport
        attributes = [SearchAttributePair(STAGE, Stage.CLOSED.value), SearchAttributePair(TICKET, self._name.ticket)]
        starting: WithStartWorkflowOperation[object, object] = WithStartWorkflowOperation(
            WORKFLOW_TYPE,
            Start(request=Recall(ticket=self._name.ticket, life=self._name.life)),
            id=str(self._name),
            task_queue=self._task_queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            search_attributes=TypedSearchAttributes(attributes),
            static_summary="what came after the end",
        )
        handle = await transport.client.start_update_with_start_workflow(
            self._command.kind,
            self._command,
            start_workflow_operation=starting,
            id=self._command_id,
            wait_for_stage=WorkflowUpdateStage.ACCEPTED,
            result_type=Answer,
            rpc_timeout=transport.rpc_timeout,
        )
        answer: Answer = await handle.result(rpc_timeout=transport.rpc_timeout)
        return answer


async def _answers_of(transport: Transport, target: Target) -> dict[str, Answer]:
    """The answers of a workflow that has ended; none where the server no longer knows, or it runs again."""
    try:
        seen = await transport.look(target)
        if seen.status is not WorkflowExecutionStatus.COMPLETED:
            return {}
        handle = transport.client.get_workflow_handle(target.workflow, run_id=seen.run_id, result_type=Ended)
        ended: Ended = await transport.insist(lambda: handle.result(rpc_timeout=transport.rpc_timeout))
    except (RPCError, NoAnswer, WorkflowFailureError):
        return {}
    return ended.answers
