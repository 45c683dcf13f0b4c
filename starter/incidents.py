"""Incidents through the client: one cause, many escalations.

    await client.incidents.open("mail-0302", title="Mail is late", by="zoe")
    await client.incidents.link("mail-0302", ["4711", "4712"], by="zoe")
    await client.incidents.send("mail-0302", TellLinked(text="We found it.", by="zoe"))

Commands take a `command_id` as those of an escalation do, and raise `CommandRefused`, `UnknownIncident`, `IncidentEnded`,
`WorkersBusy` and `TemporalUnreachable`. An answer says that the incident has it in hand; telling many escalations takes
its time, and `status` says how far it is.
"""

import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.client import WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import (
    Priority,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from escalation.errors import Refused
from escalation.incident.commands import IncidentCommand, LinkTickets, OpenIncident, UnlinkTickets
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import check_opening
from escalation.incident.vocabulary import IncidentStage
from escalation.plain import markdown
from starter.addressing import memo_text
from starter.errors import CommandRefused, EscalationEnded, IncidentEnded, UnknownEscalation, UnknownIncident
from starter.listing import LATEST_RUNS, quoted, search
from starter.lives import read_name
from starter.prechecks import as_sent
from starter.transport import Transport
from workflows.carried import IncidentStart
from workflows.incident_contract import IncidentAnswer, IncidentStatus
from workflows.options import (
    INCIDENT_LINKED,
    INCIDENT_OPENED_AT,
    INCIDENT_STAGE,
    INCIDENT_TITLE,
    INCIDENT_TYPE,
    incident_id,
    incident_of,
)

_SUMMARY_LENGTH = 120
_CAUSE_LENGTH = 2000
_FIRST = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIncident:
    """One incident in a list."""

    name: str
    title: str
    stage: str  # the stage it was in when the server last heard of it; what the server never heard is empty
    opened_at: datetime
    linked: int
    running: bool  # whether its workflow still runs; one that ended takes no commands


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpening:
    """The result of a request to open an incident.

    Attributes:
        started: Whether this request opened it; False when the name was taken.
    """

    incident: str
    started: bool


class IncidentClient:
    """Opens incidents, steers them, and asks how they are."""

    def __init__(self, transport: Transport, task_queue: str) -> None:
        self._transport = transport
        self._task_queue = task_queue

    async def open(self, name: str, *, title: str, cause: str = "", by: str) -> IncidentOpening:
        """Begin an incident; one whose name is taken stays as it is, with `started=False`.

        Raises:
            CommandRefused: the request makes no sense.
            TemporalUnreachable: no server answered; open it again, it cannot open twice.
        """
        request = OpenIncident(name=name, title=title, cause=cause, by=by)
        request = as_sent(request)
        try:
            check_opening(request)
        except Refused as error:
            raise CommandRefused(type(error).__name__, str(error)) from error

        async def begin() -> WorkflowHandle[Any, Any]:
            return await self._transport.client.start_workflow(
                INCIDENT_TYPE,
                IncidentStart(request=request),
                id=incident_id(name),
                task_queue=self._task_queue,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                # The names of its bulletins are taken for good: an escalation takes each of them once.
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                static_summary=f"incident: {markdown(request.title, _SUMMARY_LENGTH)}",
                static_details=_details(request),
                memo={INCIDENT_TITLE: request.title},
                search_attributes=TypedSearchAttributes(
                    [SearchAttributePair(INCIDENT_STAGE, IncidentStage.OPEN.value)]
                ),
                # The cases that it is to tell must not keep busy workers from it.
                priority=Priority(priority_key=_FIRST),
                rpc_timeout=self._transport.rpc_timeout,
            )

        try:
            await self._transport.answer(begin)
        except WorkflowAlreadyStartedError:
            return IncidentOpening(incident=incident_id(name), started=False)
        return IncidentOpening(incident=incident_id(name), started=True)

    async def send(self, name: str, command: IncidentCommand, *, command_id: str | None = None) -> IncidentAnswer:
        """Send a command and wait for its answer."""
        with _named(name) as incident:
            chosen = command_id or str(uuid.uuid4())
            return await self._transport.update(incident, command, chosen, answer=IncidentAnswer)

    async def link(
        self, name: str, tickets: Iterable[str], *, by: str, command_id: str | None = None
    ) -> IncidentAnswer:
        """Say of escalations that this is what they are about; those linked already stay so."""
        command = LinkTickets(tickets=_tickets(tickets), by=by)
        return await self.send(name, command, command_id=command_id)

    async def unlink(
        self, name: str, tickets: Iterable[str], *, by: str, command_id: str | None = None
    ) -> IncidentAnswer:
        """Unlink tickets from an incident."""
        command = UnlinkTickets(tickets=_tickets(tickets), by=by)
        return await self.send(name, command, command_id=command_id)

    async def list(self, stage: IncidentStage | None = None, *, limit: int = 100) -> tuple[ListedIncident, ...]:
        """List incidents, newest first; the list may lag by a moment.

        Args:
            stage: Only those in this stage; open ones that were ended in Temporal are not among them.

        Raises:
            CommandRefused: the server does not know the search attribute.
            TemporalUnreachable: no server answered.
        """
        return await incident_rows(self._transport, stage, limit=limit)

    async def status(self, name: str) -> IncidentStatus:
        """Return the incident now: its bulletins, and their result at each linked escalation."""
        with _named(name) as incident:
            return await self._transport.query(incident, "status", answer=IncidentStatus)

    async def timeline(self, name: str) -> tuple[IncidentEvent, ...]:
        """Its latest events, oldest first; the record in PostgreSQL has all of them."""
        with _named(name) as incident:
            return tuple(await self._transport.query(incident, "timeline", answer=list[IncidentEvent]))


def _details(request: OpenIncident) -> str:
    # What the Temporal UI shows of the request itself; the current details show the rest.
    known = f"\n\nCause: {markdown(request.cause, _CAUSE_LENGTH)}" if request.cause else ""
    return f"Incident **{markdown(request.name)}**: {markdown(request.title)}{known}"


def _tickets(tickets: Iterable[str]) -> tuple[str, ...]:
    """Ticket numbers, or ids of one escalation each, as the incident keeps them."""
    return tuple(read_name(ticket).short for ticket in tickets)


@contextmanager
def _named(name: str) -> Iterator[str]:
    """Its workflow id; what goes wrong with it within is said of an incident."""
    incident = incident_id(incident_of(name))
    try:
        yield incident
    except UnknownEscalation as error:
        raise UnknownIncident(incident, incident_of(incident)) from error
    except EscalationEnded as error:
        raise IncidentEnded(incident, incident_of(incident)) from error


async def incident_rows(transport: Transport, stage: IncidentStage | None, *, limit: int) -> tuple[ListedIncident, ...]:
    """At most `limit` incidents in this stage, or in any, the one opened last first.

    Raises:
        CommandRefused: the server cannot search for this.
        TemporalUnreachable: no server answered.
    """
    found = await search(transport, " AND ".join(_incident_conditions(stage)), limit=limit)
    listed = [await _listed(execution) for execution in found]
    return tuple(sorted(listed, key=lambda row: (row.opened_at, row.name), reverse=True))


def _incident_conditions(stage: IncidentStage | None) -> Iterator[str]:
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
