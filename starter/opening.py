"""How a ticket becomes an escalation: a workflow of its own, named after it, that can start only once."""

from dataclasses import dataclass, replace
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

from escalation.commands import Open, OpenByTriage
from escalation.decisions.opening import check_opening
from escalation.decisions.opening_by_triage import facts_of
from escalation.errors import InvalidCommand, NotAllowed, Refused, ShouldNotEscalate
from escalation.plain import markdown
from escalation.vocabulary import Severity, Stage
from starter.acceptance import as_sent, id_as_sent
from starter.errors import CommandRefused
from starter.first_look import first_look
from starter.transport import Failure, NoAnswer, Transport
from workflows.messages import Start
from workflows.options import CATEGORY, SEVERITY, STAGE, TICKET, WORKFLOW_TYPE, workflow_id

PRIORITY = {Severity.SEV1: 1, Severity.SEV2: 2, Severity.SEV3: 3, Severity.SEV4: 4}
"""Which escalations a busy worker serves first; 1 is first."""
PRIORITY_UNTIL_JUDGED = 2
"""Of one whose severity only triage will say: it may be the worst, and mostly is not. It keeps this for life."""

_SUMMARY_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What became of a request to open.

    Attributes:
        escalation: The escalation's id.
        started: Whether this request opened it; False when the ticket was escalated before. A request whose first
            answer got lost on the way may find its own escalation, and says False too.
        judging: Whether triage had not answered yet; it may still refuse it.
    """

    escalation: str
    started: bool
    judging: bool = False


async def start(transport: Transport, request: Open | OpenByTriage, *, policy: str, task_queue: str) -> Opening:
    """Start the escalation of a ticket, unless there is one, or was one that did not fail.

    Raises:
        CommandRefused: the request makes no sense, names an unknown policy, or the server does not take it; or triage
            says that the ticket should not escalate.
        TemporalUnreachable: no server answered.
    """
    request, policy = as_sent(request), id_as_sent(policy, "policy")
    try:
        check_opening(request)
    except Refused as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    if isinstance(request, OpenByTriage):  # what triage does not read need not travel
        request = replace(request, facts=facts_of(request))
    escalation = workflow_id(request.ticket)
    try:
        await transport.insist(lambda: _begin(transport, request, policy, task_queue))
        started = True
    except WorkflowAlreadyStartedError:
        started = False
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise CommandRefused("InvalidArgument", error.message) from error
        raise
    except NoAnswer as error:
        raise transport.unanswered() from error
    judged = isinstance(request, OpenByTriage)
    if not (started or judged):
        return Opening(escalation=escalation, started=False)
    # A repeat waits for the answer of triage too: what it found may be its own.
    seen = await first_look(transport, escalation, judged=judged)
    if seen.failure is not None:
        raise _refusal(request.ticket, seen.failure)
    return Opening(escalation=escalation, started=started, judging=judged and seen.undecided)


async def _begin(
    transport: Transport, request: Open | OpenByTriage, policy: str, task_queue: str
) -> WorkflowHandle[Any, Any]:
    return await transport.client.start_workflow(
        WORKFLOW_TYPE,
        Start(request=request, policy=policy),
        id=workflow_id(request.ticket),
        task_queue=task_queue,
        # `USE_EXISTING` would not tell whether this call started it.
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        # One that failed can be mended and opened again: else a policy's misspelt name would cost the ticket.
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary=_summary(request),
        static_details=_details(request, policy),
        search_attributes=_search_attributes(request),
        priority=Priority(priority_key=_priority(request)),
        rpc_timeout=transport.rpc_timeout,
    )


def _refusal(ticket: str, failure: Failure) -> CommandRefused:
    if failure.type in {ShouldNotEscalate.__name__, InvalidCommand.__name__, NotAllowed.__name__}:
        return CommandRefused(failure.type, failure.said)
    return CommandRefused("OpeningFailed", f"`{ticket}` could not be opened: {failure.said}; mend it and open again")


# The UI shows these to anyone who may see the namespace: no names, no addresses, no texts of the customer.


def _summary(request: Open | OpenByTriage) -> str:
    return f"{_kind(request)}: {markdown(request.ticket, _SUMMARY_LENGTH)}"


def _details(request: Open | OpenByTriage, policy: str) -> str:
    reasons = ", ".join(reason.replace("_", " ") for reason in request.reasons)
    return "\n".join(
        (
            f"**{_kind(request)}** escalation of ticket **{markdown(request.ticket)}**",
            "",
            f"- why: {reasons or 'as triage says'}",
            f"- opened by: {markdown(request.by)}",
            f"- policy: {markdown(policy)}",
        )
    )


def _kind(request: Open | OpenByTriage) -> str:
    """What is known of it, in words that stay true: the current details say what triage made of it."""
    known = [value for value in (request.severity, request.category) if value is not None]
    return " ".join((*known, "by triage") if isinstance(request, OpenByTriage) else known)


def _search_attributes(request: Open | OpenByTriage) -> TypedSearchAttributes:
    """What is known; the workflow adds what triage says."""
    pairs: list[SearchAttributePair[str]] = [
        SearchAttributePair(STAGE, Stage.UNASSIGNED.value),
        SearchAttributePair(TICKET, request.ticket),
    ]
    if request.severity is not None:
        pairs.append(SearchAttributePair(SEVERITY, request.severity.value))
    if request.category is not None:
        pairs.append(SearchAttributePair(CATEGORY, request.category.value))
    return TypedSearchAttributes(pairs)


def _priority(request: Open | OpenByTriage) -> int:
    return PRIORITY_UNTIL_JUDGED if request.severity is None else PRIORITY[request.severity]
