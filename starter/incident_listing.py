"""Lists incidents by the server's search; see `starter.listing`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus

from escalation.incident.vocabulary import IncidentStage
from starter.addressing import memo_text
from starter.listing import LATEST_RUNS, quoted, search
from starter.transport import Transport
from workflows.options import (
    INCIDENT_LINKED,
    INCIDENT_OPENED_AT,
    INCIDENT_STAGE,
    INCIDENT_TITLE,
    INCIDENT_TYPE,
    incident_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIncident:
    """One incident in a list.

    Attributes:
        stage: The stage it was in when the server last heard of it; what the server never heard is empty.
        running: Whether its workflow still runs; one that ended takes no commands.
    """

    name: str
    title: str
    stage: str
    opened_at: datetime
    linked: int
    running: bool


async def incident_rows(transport: Transport, stage: IncidentStage | None, *, limit: int) -> tuple[ListedIncident, ...]:
    """At most `limit` incidents in this stage, or in any, the one opened last first.

    Raises:
        CommandRefused: the server cannot search for this.
        TemporalUnreachable: no server answered.
    """
    found = await search(transport, " AND ".join(_conditions(stage)), limit=limit)
    listed = [await _listed(execution) for execution in found]
    return tuple(sorted(listed, key=lambda row: (row.opened_at, row.name), reverse=True))


def _conditions(stage: IncidentStage | None) -> Iterator[str]:
    yield f"WorkflowType = {quoted(INCIDENT_TYPE)}"
    yield LATEST_RUNS
    if stage is IncidentStage.OPEN:
        yield "ExecutionStatus = 'Running'"
    if stage is not None:
        yield f"{INCIDENT_STAGE.name} = {quoted(stage)}"


async def _listed(execution: WorkflowExecution) -> ListedIncident:
    attributes = execution.typed_search_attributes
    return ListedIncident(
        name=incident_of(execution.id),
        title=await memo_text(execution, INCIDENT_TITLE),
        stage=attributes.get(INCIDENT_STAGE) or "",
        opened_at=attributes.get(INCIDENT_OPENED_AT) or execution.start_time,
        linked=attributes.get(INCIDENT_LINKED) or 0,
        running=execution.status is WorkflowExecutionStatus.RUNNING,
    )
