"""Bare workflows, each doing as many steps as one escalation did."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from tests.bench.bare_workflow import BareStart, BareWorkflow, Steps
from tests.bench.clock import now
from tests.bench.subject import Firing, Subject
from tests.bench.worker_process import worker_process

FAR = timedelta(hours=7)


class BareWorkflows(Subject):
    """The yardstick.

    Attributes:
        lives: The steps of whole lives, one after another given to the workflows.
        openings: Those of openings.
        after: Those that follow a threshold.
        until: When those with a threshold end: an end is work, and escalations do not end then.
    """

    name = "bare workflows"

    def __init__(self, client: Client, environment: Mapping[str, str], log: Path) -> None:
        self.client = client
        self.lives: Sequence[Steps] = ()
        self.openings: Sequence[Steps] = ()
        self.after: Sequence[Steps] = ()
        self.until = now()
        self._environment = environment
        self._queues = count(1)
        self._queue = ""
        self.log = log
        self._dues: dict[str, datetime] = {}
        self._reached: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[int]:
        """See base class."""
        arguments = ["-m", "tests.bench.bare_worker"]
        self._queue = f"bare-{next(self._queues)}"
        environment = {**self._environment, "ESCALATIONS_TASK_QUEUE": self._queue}
        async with worker_process(arguments, environment, self.log, piped=True) as process:
            listening = asyncio.create_task(self._listen(process.stdout or asyncio.StreamReader()))
            try:
                yield process.pid
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def open(self, batch: str, number: int, due: datetime | None = None) -> None:
        """See base class; open when as much is done as when an escalation is recorded as offered."""
        steps = self.openings[number % len(self.openings)]
        after = self.after[number % len(self.after)] if self.after else Steps()
        instant = self._dues[self.workflow(batch, number)] = due or now() + FAR
        await self._start(
            batch, number, BareStart(steps=steps, due=instant.timestamp(), after=after, until=self.until.timestamp())
        )
        await self._part(batch, number, 0)

    async def live(self, batch: str, number: int) -> None:
        """See base class; each update is sent when the part before it is done."""
        steps = self.lives[number % len(self.lives)]
        await self._start(batch, number, BareStart(steps=steps))
        handle = self.client.get_workflow_handle_for(BareWorkflow.run, self.workflow(batch, number))
        for part in range(steps.updates):
            await self._part(batch, number, part)
            await handle.execute_update(BareWorkflow.command)
        await self._part(batch, number, steps.updates)

    async def firings(self, batch: str, count: int) -> list[Firing]:
        """See base class; the workflows' results."""
        found = []
        for number in reversed(range(count)):  # the last is due last
            handle = self.client.get_workflow_handle_for(BareWorkflow.run, self.workflow(batch, number))
            if (await handle.describe()).status is not WorkflowExecutionStatus.COMPLETED:
                return []
            found.append(Firing(due=self._dues[handle.id], lag=await handle.result()))
        return found

    def workflow(self, batch: str, number: int) -> str:
        """See base class."""
        return f"bare-{batch}-{number}"

    async def _start(self, batch: str, number: int, start: BareStart) -> None:
        await self.client.start_workflow(
            BareWorkflow.run, start, id=self.workflow(batch, number), task_queue=self._queue
        )

    async def _part(self, batch: str, number: int, part: int) -> None:
        """Wait until this part is done, as the worker's standard output reports."""
        name = f"{self.workflow(batch, number)} {part}"
        await self._reached[name].wait()
        del self._reached[name]

    async def _listen(self, output: asyncio.StreamReader) -> None:
        while line := await output.readline():
            self._reached[line.decode().strip()].set()
