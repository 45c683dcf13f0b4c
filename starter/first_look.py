"""The first result of opening an escalation: opened, refused, or not decided yet.

Looking costs the workflow nothing: no event, no action.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError

from starter.addressing import is_new, is_opening, known_life
from starter.calls import Failure, NoAnswer
from starter.transport import Transport

SECONDS = 2.0  # how long an opening waits for a worker; without one, the request is still accepted
JUDGING_SECONDS = 10.0  # how long it waits for triage, once a worker has looked

_LOOK_AGAIN = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """The first result of an opening."""

    failure: Failure | None = None  # why it failed; None where it did not
    undecided: bool = False  # whether the result was still open when the time was over
    life: int = 0  # which escalation of the ticket it is, from 1; 0 where that was not known yet


async def first_look(transport: Transport, escalation: str, *, judged: bool) -> FirstLook:
    """Watch an escalation that may just have begun until it is opened, refused by triage, or the time is over."""
    clock = asyncio.get_running_loop().time
    quiet_since, undecided = clock(), False
    with suppress(TimeoutError, NoAnswer, RPCError):
        async with asyncio.timeout(JUDGING_SECONDS if judged else SECONDS):
            while clock() - quiet_since <= SECONDS:
                seen = await transport.look(escalation)
                if seen.status is WorkflowExecutionStatus.FAILED:
                    return FirstLook(failure=await transport.failure(escalation))
                if not is_opening(seen):
                    return FirstLook(life=known_life(seen))
                undecided = True
                if judged and not is_new(seen):
                    quiet_since = clock()
                await asyncio.sleep(_LOOK_AGAIN)
    return FirstLook(undecided=undecided)
