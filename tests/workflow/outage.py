"""An incident in a test: opened and steered through the client, its workflow on a real server."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError

from escalation.incident.commands import OpenIncident, ReopenIncident, ResolveIncident, TellLinked
from escalation.incident.events import IncidentEvent
from escalation.incident.state import fold
from escalation.incident.view import view_of
from escalation.incident.vocabulary import Result
from starter.errors import WorkersBusy
from starter.incidents import IncidentClient
from tests.workflow.virtual_time import VirtualClock
from tests.workflow.world import LOOK_AGAIN, PATIENCE, World
from workflows.carried import IncidentEnded, IncidentStart
from workflows.incident import IncidentWorkflow
from workflows.incident_contract import IncidentStatus
from workflows.options import incident_id


@dataclass
class Outage:
    """One running incident."""

    world: World
    name: str

    @classmethod
    async def begins(cls, world: World, name: str, *, history_limit: int = 0) -> "Outage":
        request = OpenIncident(name=name, title="Mail is late", cause="a full queue", by="zoe")
        await world.client.start_workflow(
            IncidentWorkflow.run,
            args=[IncidentStart(request=request, history_limit=history_limit)],
            id=incident_id(name),
            task_queue=world.task_queue,
        )
        return cls(world, name)

    @property
    def client(self) -> IncidentClient:
        return self.world.support.incidents

    @property
    def handle(self) -> WorkflowHandle[IncidentWorkflow, IncidentEnded]:
        return self.world.client.get_workflow_handle_for(IncidentWorkflow.run, incident_id(self.name))

    async def link(self, *tickets: str, command_id: str | None = None) -> None:
        await self.client.link(self.name, tickets, by="desk", command_id=command_id)

    async def tell(self, text: str = "We found it.", *, command_id: str | None = None) -> None:
        await self.client.send(self.name, TellLinked(text=text, by="zoe"), command_id=command_id)

    async def resolve(self) -> None:
        await self.client.send(
            self.name, ResolveIncident(solution="The queue was restarted.", root_cause="a full disk", by="zoe")
        )

    async def reopen(self) -> None:
        await self.client.send(self.name, ReopenIncident(why="Mail is late again.", by="zoe"))

    async def status(self) -> IncidentStatus:
        return await self.client.status(self.name)

    async def until(
        self, fact: Callable[[IncidentStatus], bool], what: str, *, patience: timedelta = PATIENCE
    ) -> IncidentStatus:
        """The status as soon as it is as the test needs it."""
        deadline = asyncio.get_running_loop().time() + patience.total_seconds()
        while True:
            try:
                found = await self.status()
            except WorkersBusy:
                found = None  # the server lets runs that follow each other within a second wait, and answers nothing
            if found is not None and fact(found):
                return found
            assert asyncio.get_running_loop().time() < deadline, f"never came true: {what}; last seen: {found}"
            await asyncio.sleep(LOOK_AGAIN)

    async def settled(self, *, patience: timedelta = PATIENCE) -> IncidentStatus:
        """The status once every message is delivered, and it is recorded; the record agrees."""
        status = await self.until(
            lambda one: not (one.view.owed or one.unrecorded), "everybody has heard", patience=patience
        )
        assert view_of(fold(self.recorded())) == status.view
        return status

    def recorded(self) -> list[IncidentEvent]:
        return self.world.incidents.timelines.get(self.name, [])

    async def results(self) -> dict[str, Result | None]:
        return {one.ticket: one.result for one in (await self.status()).view.links}

    async def jump(self, most: timedelta) -> None:
        """Its clock goes on to its next timer, so far at most."""
        await VirtualClock(self.world.env, self.world.client, self.handle).jump(most)

    async def events(self, run_id: str | None = None) -> int:
        """How many events its history has."""
        handle = self.world.client.get_workflow_handle(self.handle.id, run_id=run_id)
        return len((await handle.fetch_history()).events)

    async def run_id(self) -> str:
        return (await self.handle.describe()).run_id

    async def is_running(self) -> bool:
        try:
            return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING
        except RPCError:
            return False
