"""What became of an escalation in its first moments: opened, refused, or not decided yet.

Looking costs the workflow nothing: no event, no action.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError

from activities.triage import TRIAGE
from starter.transport import Failure, NoAnswer, Transport

SECONDS = 2.0
"""How long an opening waits for a worker to look at it; without one it stands all the same."""
JUDGING_SECONDS = 10.0
"""How long it waits for triage, once a worker has looked."""

_LOOK_AGAIN = 0.05
_BEFORE_THE_FIRST_STEP = 3
"""Events of a history in which no step of the workflow is done: it started, and its first task may have too."""
_BEFORE_THE_VERDICT = frozenset({"load_policy", TRIAGE})
"""Activities by wire name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """What was seen.

    Attributes:
        failure: Why it failed; None where it did not.
        undecided: Whether nobody had said yet what becomes of it when the time was over.
    """

    failure: Failure | None = None
    undecided: bool = False


async def first_look(transport: Transport, escalation: str, *, judged: bool) -> FirstLook:
    """Watch an escalation that may just have been started, until it is opened or refused, or the time is over.

    Args:
        transport: How to ask.
        escalation: Its id.
        judged: Whether triage decides.
    """
    clock = asyncio.get_running_loop().time
    quiet_since, undecided = clock(), False
    with suppress(TimeoutError, NoAnswer, RPCError):
        async with asyncio.timeout(JUDGING_SECONDS if judged else SECONDS):
            while clock() - quiet_since <= SECONDS:
                seen = await transport.look(escalation)
                if seen.status is WorkflowExecutionStatus.FAILED:
                    return FirstLook(failure=await transport.failure(escalation))
                if judged and _waits_for_the_verdict(seen):
                    quiet_since, undecided = clock(), True
                elif _is_new(seen):
                    undecided = True
                elif not (judged and seen.raw_description.HasField("pending_workflow_task")):
                    return FirstLook()
                # else the answer of triage is there, and what follows from it comes with the next step
                await asyncio.sleep(_LOOK_AGAIN)
    return FirstLook(undecided=undecided)


def _is_new(seen: WorkflowExecutionDescription) -> bool:
    raw = seen.raw_description
    length = raw.workflow_execution_info.history_length
    return raw.HasField("pending_workflow_task") and length <= _BEFORE_THE_FIRST_STEP


def _waits_for_the_verdict(seen: WorkflowExecutionDescription) -> bool:
    pending = {activity.activity_type.name for activity in seen.raw_description.pending_activities}
    return not pending.isdisjoint(_BEFORE_THE_VERDICT)
