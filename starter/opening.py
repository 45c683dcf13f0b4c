"""Opens an escalation for a ticket: a workflow named after it, of which the server runs one at a time.

While an escalation of the ticket is open, opening it again finds that one. Once it is over, opening begins the next
one, which the record numbers. Each request is marked in the workflow's memo, so that a repeat whose first answer was
lost knows its own escalation again.
"""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import NoneType

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from escalation.case.commands import Open, OpenByTriage
from escalation.case.naming import CaseName, escalation_id, workflow_id
from escalation.errors import InvalidCommand, NotAllowed, Refused, ShouldNotEscalate
from escalation.lifecycle.decisions.opening import check_opening, check_since
from escalation.lifecycle.decisions.opening_by_triage import facts_of
from escalation.plain import markdown
from escalation.vocabulary import OVER, Severity, Stage
from starter.addressing import Target, is_missing, known_life, memo_text
from starter.calls import Failure
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation, WorkersBusy
from starter.first_look import first_look
from starter.lives import look_up, read_name
from starter.prechecks import as_sent, id_as_sent
from starter.transport import Transport
from workflows.carried import MakeWay, Start
from workflows.options import CATEGORY, LIFE, OPENED_BY, SEVERITY, STAGE, TICKET, WORKFLOW_TYPE

PRIORITY = {Severity.SEV1: 1, Severity.SEV2: 2, Severity.SEV3: 3, Severity.SEV4: 4}
"""Which escalations a busy worker serves first; 1 is first."""
PRIORITY_UNTIL_JUDGED = 2
"""Of one whose severity only triage will say: it may be the worst, and mostly is not. It keeps this for life."""

_SUMMARY_LENGTH = 120
# How often, and after how many seconds, an opening looks again while the escalation before ends.
_ROUNDS, _PAUSE = 100, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The result of a request to open.

    Attributes:
        started: Whether this request opened it; False when an escalation of the ticket is open already.
        judging: Whether triage had not answered yet; it may still refuse it.
        life: Which escalation of the ticket it is, from 1; 0 while no worker has numbered it.
        stage: The stage of the one that is there, where this request did not open it; empty while none is known.
    """

    escalation: str
    started: bool
    judging: bool = False
    life: int = 0
    stage: str = ""


async def start(
    transport: Transport,
    request: Open | OpenByTriage,
    *,
    policy: str,
    task_queue: str,
    command_id: str | None = None,
    again: bool = True,
) -> Opening:
    """Start an escalation of a ticket, unless one is open.

    Args:
        command_id: The same again is the same request, also when its escalation is over meanwhile.
        again: Whether a ticket whose escalation is over escalates again; otherwise that escalation is the answer.

    Raises:
        CommandRefused: the request makes no sense, names an unknown policy, or the server does not take it; or triage
            says that the ticket should not escalate.
        WorkersBusy: the escalation before has something to wait for, and no worker moved it out of the way.
        TemporalUnreachable: no server answered.
    """
    request, policy = as_sent(request), id_as_sent(policy, "policy")
    request = _sensible(request)
    starting = _Starting(transport, request, policy, task_queue, command_id, again=again)
    started = await starting.begin()
    judged = isinstance(request, OpenByTriage)
    if not (started or judged):
        found = await look_up(transport, starting.workflow)
        if found is None:
            return _opening(request.ticket, 0, started=False)
        stage = found.typed_search_attributes.get(STAGE) or ""
        return replace(_opening(request.ticket, known_life(found), started=False), stage=stage)
    # A request that found one waits for the answer of triage too.
    seen = await first_look(transport, starting.workflow, judged=judged)
    if seen.failure is not None:
        raise _refusal(request.ticket, seen.failure)
    return _opening(request.ticket, seen.life, started=started, judging=judged and seen.undecided)


def _opening(ticket: str, life: int, *, started: bool, judging: bool = False) -> Opening:
    return Opening(escalation=escalation_id(ticket, life or 1), started=started, judging=judging, life=life)


def _sensible(request: Open | OpenByTriage) -> Open | OpenByTriage:
    """The request with its ticket as the bare number, and without what need not travel."""
    name = read_name(request.ticket)
    if name.life:
        raise CommandRefused(
            InvalidCommand.__name__, f"`{name}` is one escalation of ticket {name.ticket}; open the ticket itself"
        )
    request = replace(request, ticket=name.ticket)
    try:
        check_opening(request)
        # The worker asks again; asked here, a request that makes no sense leaves no failed workflow behind.
        check_since(request.since, datetime.now(UTC))  # noqa: TID251 (a client is an edge)
    except Refused as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    return replace(request, facts=facts_of(request)) if isinstance(request, OpenByTriage) else request


class _Starting:
    """One request to open, over its repeats."""

    def __init__(
        self,
        transport: Transport,
        request: Open | OpenByTriage,
        policy: str,
        task_queue: str,
        command_id: str | None,
        *,
        again: bool,
    ) -> None:
        self.workflow = workflow_id(request.ticket)
        self._transport, self._request, self._policy, self._task_queue = transport, request, policy, task_queue
        self._mark, self._again = command_id or str(uuid.uuid4()), again
        self._may_be_there = command_id is not None

    async def begin(self) -> bool:
        """Whether this request opened the escalation that there is now."""
        for _ in range(_ROUNDS):
            if await self._transport.answer(self._once):
                return True
            found = await look_up(self._transport, self.workflow)
            if found is not None and (await self._is_ours(found)):
                return True
            if found is not None and (not self._again or not await self._is_over(found)):
                return False
            await asyncio.sleep(_PAUSE)
        raise WorkersBusy(self.workflow, seconds=_ROUNDS * _PAUSE)

    async def _once(self) -> bool:
        if self._may_be_there:
            try:
                if await self._is_ours(await self._transport.look(self.workflow)):
                    return True
            except RPCError as error:
                if not is_missing(error):
                    raise
        self._may_be_there = True
        try:
            await self._start()
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def _is_ours(self, seen: WorkflowExecutionDescription) -> bool:
        return await memo_text(seen, OPENED_BY) == self._mark

    async def _is_over(self, seen: WorkflowExecutionDescription) -> bool:
        """Whether the next one can begin; one that is over and waits for its review makes way."""
        if seen.status is not WorkflowExecutionStatus.RUNNING:
            return True
        if seen.typed_search_attributes.get(STAGE) not in OVER:
            return False
        await self._home_must_be_free(seen.typed_search_attributes.get(LIFE) or 1)
        chain = Target(
            name=self.workflow, workflow=self.workflow, chain=seen.raw_description.workflow_execution_info.first_run_id
        )
        # It may have ended, or may be open again, when this arrives.
        with suppress(EscalationEnded, CommandRefused, UnknownEscalation):
            await self._transport.update(chain, MakeWay(), f"make-way-for-{self._mark}", answer=NoneType)
        return True

    async def _home_must_be_free(self, life: int) -> None:
        # One that is over continues in a workflow named after its life, which nothing else may be called.
        home = str(CaseName(ticket=self._request.ticket, life=life))
        found = await look_up(self._transport, home)
        if found is None or found.status is not WorkflowExecutionStatus.RUNNING:
            return
        if found.workflow_type != WORKFLOW_TYPE:  # one of ours is that escalation, which has made way meanwhile
            raise CommandRefused(
                "OpeningFailed",
                f"the escalation before it still waits, for its review perhaps, and would continue as the workflow `{home}`; "
                "another workflow runs under that name: end that one in Temporal, then open again",
            )

    async def _start(self) -> None:
        request, reuse = self._request, WorkflowIDReusePolicy
        await self._transport.client.start_workflow(
            WORKFLOW_TYPE,
            Start(request=request, policy=self._policy),
            id=self.workflow,
            task_queue=self._task_queue,
            # `USE_EXISTING` would not tell whether this call started it.
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            # One that failed was never an escalation: else a policy's misspelt name would cost the ticket.
            id_reuse_policy=reuse.ALLOW_DUPLICATE if self._again else reuse.ALLOW_DUPLICATE_FAILED_ONLY,
            memo={OPENED_BY: self._mark},
            static_summary=_summary(request),
            static_details=_details(request, self._policy),
            search_attributes=_search_attributes(request),
            priority=Priority(priority_key=_priority(request)),
            rpc_timeout=self._transport.rpc_timeout,
        )


def _refusal(ticket: str, failure: Failure) -> CommandRefused:
    if failure.type in {ShouldNotEscalate.__name__, InvalidCommand.__name__, NotAllowed.__name__}:
        return CommandRefused(failure.type, failure.said)
    return CommandRefused("OpeningFailed", f"`{ticket}` could not be opened: {failure.said}; fix it and open again")


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
    # What is known of it, in words that stay true: the current details say what triage made of it.
    known = [value for value in (request.severity, request.category) if value is not None]
    return " ".join((*known, "by triage") if isinstance(request, OpenByTriage) else known)


def _search_attributes(request: Open | OpenByTriage) -> TypedSearchAttributes:
    """Set what is known; the workflow adds what triage says."""
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
