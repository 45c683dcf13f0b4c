"""Lists escalations by the server's search: good for an overview, but it may lag by a moment."""

from collections.abc import Iterator
from dataclasses import dataclass

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from escalation.case.naming import escalation_id
from escalation.vocabulary import Category, Severity, Stage
from starter.addressing import named
from starter.errors import CommandRefused
from starter.transport import Transport
from workflows.options import BREACHED, CATEGORY, OWNER, SEVERITY, STAGE, TIER, WORKFLOW_TYPE

LATEST_RUNS = "ExecutionStatus != 'ContinuedAsNew'"
"""A run that continued as new is kept with all it said last; the case is the run that follows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter for escalations; fields that are not set match all."""

    include_over: bool = False
    stage: Stage | None = None
    severity: Severity | None = None
    category: Category | None = None
    owner: str = ""
    breached: bool | None = None  # whether a promise was broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One escalation in a list."""

    escalation: str
    ticket: str
    stage: str  # the stage it was in when the server last heard of it; what the server never heard is empty
    severity: str
    category: str
    owner: str
    tier: int  # number of its tier; 1 until the server hears of another
    breached: bool
    running: bool  # whether its workflow still runs; one that ended takes no commands
    life: int = 1  # which escalation of the ticket it is, from 1


async def rows(transport: Transport, wanted: Filter, *, limit: int) -> tuple[Listed, ...]:
    """At most `limit` escalations that match.

    Raises:
        CommandRefused: the server cannot search for this, such as an id with a backslash.
        TemporalUnreachable: no server answered.
    """
    return tuple(_listed(execution) for execution in await search(transport, search_query(wanted), limit=limit))


async def search(transport: Transport, query: str, *, limit: int) -> tuple[WorkflowExecution, ...]:
    """At most `limit` workflows that match a search expression of the server.

    Raises:
        CommandRefused: the server cannot search for this.
        TemporalUnreachable: no server answered.
    """

    async def fetch() -> tuple[WorkflowExecution, ...]:
        found = transport.client.list_workflows(query, limit=limit, rpc_timeout=transport.rpc_timeout)
        return tuple([execution async for execution in found])

    return await transport.answer(fetch)


def search_query(wanted: Filter) -> str:
    """The server's search expression for these escalations."""
    return " AND ".join(_conditions(wanted))


def _conditions(wanted: Filter) -> Iterator[str]:
    yield f"WorkflowType = {quoted(WORKFLOW_TYPE)}"
    yield LATEST_RUNS
    if wanted.stage is not None:
        yield f"{STAGE.name} = {quoted(wanted.stage)}"
    elif not wanted.include_over:
        yield "ExecutionStatus = 'Running'"
        yield f"{STAGE.name} NOT IN ({quoted(Stage.CLOSED)}, {quoted(Stage.CANCELLED)})"
    if wanted.severity is not None:
        yield f"{SEVERITY.name} = {quoted(wanted.severity)}"
    if wanted.category is not None:
        yield f"{CATEGORY.name} = {quoted(wanted.category)}"
    if wanted.owner:
        _must_be_searchable(wanted.owner)
        yield f"{OWNER.name} = {quoted(wanted.owner)}"
    if wanted.breached is True:
        yield f"{BREACHED.name} = true"
    elif wanted.breached is False:
        yield f"({BREACHED.name} = false OR {BREACHED.name} IS NULL)"  # a new escalation says nothing of it


def _must_be_searchable(owner: str) -> None:
    # Refuse what the server's search finds nothing for, though it may be there: it escapes such characters twice.
    if any(character in '\\"' or not character.isprintable() for character in owner):
        raise CommandRefused(
            "InvalidArgument",
            f"owner `{owner}`: the search cannot find an id with a backslash, a double quote or a control character",
        )


def quoted(text: str) -> str:
    """The text as a literal of the server's search language."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _listed(execution: WorkflowExecution) -> Listed:
    attributes, name = execution.typed_search_attributes, named(execution)
    return Listed(
        escalation=escalation_id(name.ticket, name.life),
        ticket=name.ticket,
        life=name.life,
        stage=attributes.get(STAGE) or "",
        severity=attributes.get(SEVERITY) or "",
        category=attributes.get(CATEGORY) or "",
        owner=attributes.get(OWNER) or "",
        tier=attributes.get(TIER) or 1,
        breached=attributes.get(BREACHED) or False,
        running=execution.status is WorkflowExecutionStatus.RUNNING,
    )
