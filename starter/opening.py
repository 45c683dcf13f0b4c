"""How a ticket becomes an escalation: a workflow of its own, named after it, that can start only once."""

from dataclasses import dataclass
from typing import Any

from temporalio.client import WorkflowHandle
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from escalation.commands import Open
from escalation.decisions.opening import check_opening
from escalation.errors import InvalidCommand
from escalation.vocabulary import Severity, Stage
from starter.errors import CommandRefused
from starter.transport import NoAnswer, Transport
from workflows.messages import Start
from workflows.options import CATEGORY, SEVERITY, STAGE, TICKET, WORKFLOW_TYPE, workflow_id

PRIORITY = {Severity.SEV1: 1, Severity.SEV2: 2, Severity.SEV3: 3, Severity.SEV4: 4}
"""Which escalations a busy worker serves first; 1 is first."""

_SUMMARY_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What became of a request to open.

    Attributes:
        escalation: The escalation's id.
        started: Whether this request opened it; False when the ticket was escalated before. A request whose first
            answer got lost on the way may find its own escalation, and says False too.
    """

    escalation: str
    started: bool


async def start(transport: Transport, request: Open, *, policy: str, task_queue: str) -> Opening:
    """Start the escalation of a ticket, unless there is one, or was one that did not fail.

    Raises:
        CommandRefused: the request makes no sense, names an unknown policy, or the server does not take it.
        TemporalUnreachable: no server answered.
    """
    try:
        check_opening(request)
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    escalation = workflow_id(request.ticket)

    async def begin() -> WorkflowHandle[Any, Any]:
        return await transport.client.start_workflow(
            WORKFLOW_TYPE,
            Start(request=request, policy=policy),
            id=escalation,
            task_queue=task_queue,
            # `USE_EXISTING` would not tell whether this call started it.
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            # One that failed can be mended and opened again: else a policy's misspelt name would cost the ticket.
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=_summary(request),
            static_details=_details(request, policy),
            search_attributes=_search_attributes(request),
            priority=Priority(priority_key=PRIORITY[request.severity]),
            rpc_timeout=transport.rpc_timeout,
        )

    try:
        await transport.insist(begin)
    except WorkflowAlreadyStartedError:
        return Opening(escalation=escalation, started=False)
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise CommandRefused("InvalidArgument", error.message) from error
        raise
    except NoAnswer as error:
        raise transport.unanswered() from error
    if (reason := await transport.early_failure(escalation)) is not None:
        raise CommandRefused(
            "OpeningFailed", f"`{request.ticket}` could not be opened: {reason}; mend it and open again"
        )
    return Opening(escalation=escalation, started=True)


# The UI shows these to anyone who may see the namespace: no names, no addresses, no texts of the customer.


def _summary(request: Open) -> str:
    return f"{request.severity} {request.category}: {request.ticket}"[:_SUMMARY_LENGTH]


def _details(request: Open, policy: str) -> str:
    reasons = ", ".join(reason.replace("_", " ") for reason in request.reasons)
    return "\n".join(
        (
            f"**{request.severity} {request.category}** escalation of ticket **{request.ticket}**",
            "",
            f"- why: {reasons or 'no reason given'}",
            f"- opened by: {request.by}",
            f"- policy: {policy}",
        )
    )


def _search_attributes(request: Open) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(STAGE, Stage.UNASSIGNED.value),
            SearchAttributePair(SEVERITY, request.severity.value),
            SearchAttributePair(CATEGORY, request.category.value),
            SearchAttributePair(TICKET, request.ticket),
        ]
    )
