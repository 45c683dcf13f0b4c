"""Finds the workflow that a ticket number or an escalation id reaches.

The newest life of a ticket has the ticket's workflow id, so a ticket needs no search. A life named by its number is
that one, or one that made way and continues under its own id, or an earlier run that the server still keeps.
"""

from dataclasses import dataclass

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionDescription, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from escalation.case.naming import CaseName, life_of, workflow_id
from workflows.options import LIFE

BEFORE_THE_OPENING = frozenset({"load_policy", "triage", "claim_life"})
"""Activities, by wire name, that come before an escalation is opened."""
# Events of a history in which no step of the workflow is done: it started, and its first task may have too.
_BEFORE_THE_FIRST_STEP = 3
# Events of a history at most until the escalation is opened: the start, its task, and three activities with theirs.
_UNTIL_OPENED = 21


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A workflow, or one particular run of it."""

    name: str
    workflow: str
    run: str | None = None  # one run, also one that ended; None for the latest
    chain: str | None = None  # first run id; where it is given, commands reach no other chain of runs

    @classmethod
    def of(cls, workflow: "str | Target") -> "Target":
        """The latest run of a workflow."""
        return workflow if isinstance(workflow, Target) else cls(name=workflow, workflow=workflow)

    def handle(self, client: Client) -> WorkflowHandle[object, object]:
        """The workflow's handle."""
        return client.get_workflow_handle(self.workflow, run_id=self.run, first_execution_run_id=self.chain)

    def __str__(self) -> str:
        return self.name


def is_missing(error: RPCError) -> bool:
    """Whether the server says that there is no such workflow."""
    return error.status is RPCStatusCode.NOT_FOUND


def named(seen: WorkflowExecution) -> CaseName:
    """The ticket and the life that a workflow holds.

    The ticket is read from the workflow id, which is unique: anyone may start a workflow with any search attributes.
    """
    by_id = life_of(seen.id)
    if seen.id != workflow_id(by_id.ticket):
        return by_id
    return CaseName(ticket=by_id.ticket, life=seen.typed_search_attributes.get(LIFE) or 1)


def known_life(seen: WorkflowExecutionDescription) -> int:
    """Number of the life; 0 while it is being opened and has none."""
    told = seen.typed_search_attributes.get(LIFE)
    if told is not None:
        return told
    return 0 if is_opening(seen) else named(seen).life


async def memo_text(seen: WorkflowExecution, name: str) -> str:
    """A text of a workflow's memo; empty if there is none, or something else: anyone can start a workflow with a memo."""
    try:
        found: object = await seen.memo_value(name, default="")
    except Exception:  # noqa: BLE001 (whatever a decoder raises at junk; one such workflow must not end a whole list)
        return ""
    return found if isinstance(found, str) else ""


def is_new(seen: WorkflowExecutionDescription) -> bool:
    """Whether no worker has taken a first step with it."""
    return _has_task_within(seen, _BEFORE_THE_FIRST_STEP)


def is_opening(seen: WorkflowExecutionDescription) -> bool:
    """Whether it may not be opened yet; also of one that just was, until its next task has begun and ended."""
    pending = {activity.activity_type.name for activity in seen.raw_description.pending_activities}
    if not pending.isdisjoint(BEFORE_THE_OPENING):
        return True
    first_run = seen.raw_description.workflow_execution_info.first_run_id
    return first_run in {"", seen.run_id} and _has_task_within(seen, _UNTIL_OPENED)


def _has_task_within(seen: WorkflowExecutionDescription, events: int) -> bool:
    raw = seen.raw_description
    return raw.HasField("pending_workflow_task") and raw.workflow_execution_info.history_length <= events
