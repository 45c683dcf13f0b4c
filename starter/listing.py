"""Which escalations there are, as the server's search knows them: good for an overview, a moment behind the truth."""

from collections.abc import Iterator
from dataclasses import dataclass

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from escalation.vocabulary import Category, Severity, Stage
from starter.errors import CommandRefused
from starter.transport import NoAnswer, Transport
from workflows.options import BREACHED, CATEGORY, OWNER, SEVERITY, STAGE, TICKET, TIER, WORKFLOW_TYPE, ticket_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which escalations are wanted; what is not given does not matter.

    Attributes:
        include_over: Closed and cancelled ones too.
        owner: A person's id.
        breached: Whether a promise was broken.
    """

    include_over: bool = False
    stage: Stage | None = None
    severity: Severity | None = None
    category: Category | None = None
    owner: str = ""
    breached: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One escalation in a list.

    Attributes:
        escalation: Its id.
        stage: The stage it was in when the server last heard of it; what the server never heard is empty.
        tier: Number of its tier; 1 until the server hears of another.
        running: Whether its workflow still runs; one that ended takes no commands.
    """

    escalation: str
    ticket: str
    stage: str
    severity: str
    category: str
    owner: str
    tier: int
    breached: bool
    running: bool


async def rows(transport: Transport, wanted: Filter, *, limit: int) -> tuple[Listed, ...]:
    """At most `limit` escalations that match.

    Raises:
        CommandRefused: the server cannot search for this.
        TemporalUnreachable: no server answered.
    """
    query = search_query(wanted)

    async def fetch() -> tuple[Listed, ...]:
        found = transport.client.list_workflows(query, limit=limit, rpc_timeout=transport.rpc_timeout)
        return tuple([_listed(execution) async for execution in found])

    try:
        return await transport.insist(fetch)
    except NoAnswer as error:
        raise transport.unanswered() from error
    except RPCError as error:
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise CommandRefused("InvalidArgument", error.message) from error
        raise


def search_query(wanted: Filter) -> str:
    """The server's search expression for these escalations."""
    return " AND ".join(_conditions(wanted))


def _conditions(wanted: Filter) -> Iterator[str]:
    yield f"WorkflowType = {_quoted(WORKFLOW_TYPE)}"
    if wanted.stage is not None:
        yield f"{STAGE.name} = {_quoted(wanted.stage)}"
    elif not wanted.include_over:
        yield "ExecutionStatus = 'Running'"
        yield f"{STAGE.name} NOT IN ({_quoted(Stage.CLOSED)}, {_quoted(Stage.CANCELLED)})"
    if wanted.severity is not None:
        yield f"{SEVERITY.name} = {_quoted(wanted.severity)}"
    if wanted.category is not None:
        yield f"{CATEGORY.name} = {_quoted(wanted.category)}"
    if wanted.owner:
        yield f"{OWNER.name} = {_quoted(wanted.owner)}"
    if wanted.breached is True:
        yield f"{BREACHED.name} = true"
    elif wanted.breached is False:
        yield f"({BREACHED.name} = false OR {BREACHED.name} IS NULL)"  # a new escalation says nothing of it


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _listed(execution: WorkflowExecution) -> Listed:
    attributes = execution.typed_search_attributes
    return Listed(
        escalation=execution.id,
        ticket=attributes.get(TICKET) or ticket_of(execution.id),
        stage=attributes.get(STAGE) or "",
        severity=attributes.get(SEVERITY) or "",
        category=attributes.get(CATEGORY) or "",
        owner=attributes.get(OWNER) or "",
        tier=attributes.get(TIER) or 1,
        breached=attributes.get(BREACHED) or False,
        running=execution.status is WorkflowExecutionStatus.RUNNING,
    )
