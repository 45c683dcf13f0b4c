"""All escalations and incidents as the server knows them, and which of them make no progress."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import WorkflowExecution

from escalation.case.naming import escalation_id, life_of, workflow_id
from starter.addressing import named
from starter.listing import LATEST_RUNS, quoted
from starter.lives import look_up
from starter.transport import Transport
from workflows.options import INCIDENT_TYPE, WORKFLOW_TYPE

AT_ONCE = 20  # workflows looked at at the same time
PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One workflow as the server knows it."""

    case: str  # the escalation's id in record, ledger and bookings, or the incident's workflow id
    workflow: str
    run: str
    status: str  # `running`, `completed`, `failed`, `canceled`, `terminated` or `timed_out`
    started_at: datetime
    is_escalation: bool = True  # whether it holds an escalation; else it is an incident
    trouble: str = ""  # why its workflow task or an activity fails again and again; empty while all is well

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.status == "running"


class Supervisor:
    """Looks after all workflows of the namespace."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def look(self, escalation: str) -> Seen | None:
        """One escalation, with what is wrong with it; None when the server knows none of this id."""
        # The newest life of a ticket has the ticket's workflow id; one that made way continues under its own.
        for workflow in dict.fromkeys((workflow_id(life_of(escalation).ticket), escalation)):
            found = await self._described(workflow)
            if found is not None and found.case == escalation:
                return found
        return None

    async def _described(self, workflow: str) -> Seen | None:
        described = await look_up(self._transport, workflow)
        return None if described is None else _seen(described, await self._transport.trouble(described))

    async def survey(self) -> Mapping[str, Seen]:
        """The latest run of every escalation and incident that the server keeps, by `Seen.case`.

        Those that run are looked at one by one, at most 20 at a time.
        """
        latest: dict[str, Seen] = {}
        async for seen in self._listed():
            known = latest.get(seen.case)
            if known is None or seen.started_at > known.started_at:
                latest[seen.case] = seen
        running = iter([seen.workflow for seen in latest.values() if seen.is_running])

        async def look_at_some() -> None:
            for workflow in running:
                found = await self._described(workflow)
                if found is not None:
                    latest[found.case] = found

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(look_at_some())
        return latest

    async def _listed(self) -> AsyncIterator[Seen]:
        query = f"WorkflowType IN ({quoted(WORKFLOW_TYPE)}, {quoted(INCIDENT_TYPE)}) AND {LATEST_RUNS}"
        client = self._transport.client
        pages = client.list_workflows(query, page_size=PAGE, rpc_timeout=self._transport.rpc_timeout)
        while True:
            await self._transport.answer(pages.fetch_next_page)
            for execution in pages.current_page or ():
                yield _seen(execution)
            if pages.next_page_token is None:
                return


def case_of(execution: WorkflowExecution) -> str:
    """The id under which the record keeps what a workflow holds."""
    if execution.workflow_type != WORKFLOW_TYPE:
        return execution.id
    name = named(execution)
    return escalation_id(name.ticket, name.life)


def _seen(execution: WorkflowExecution, trouble: str = "") -> Seen:
    status = execution.status.name.lower() if execution.status is not None else "unknown"
    return Seen(
        case=case_of(execution),
        workflow=execution.id,
        run=execution.run_id,
        status=status,
        started_at=execution.start_time,
        is_escalation=execution.workflow_type == WORKFLOW_TYPE,
        trouble=trouble,
    )
