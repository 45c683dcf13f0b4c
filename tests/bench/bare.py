"""Bare workflows, each doing as many steps as one escalation did."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus

from tests.bench.bare_worker import TASK_QUEUE
from tests.bench.bare_workflow import BareStart, BareWorkflow, Steps
from tests.bench.clock import now
from tests.bench.subject import Subject
from tests.bench.worker_process import worker_process

FAR = timedelta(hours=7)


class BareWorkflows(Subject):
    """The yardstick.

    Attributes:
        lives: The steps of whole lives, one after another given to the workflows.
        openings: Those of openings.
        firings: Those that follow a threshold.
    """

    name = "bare workflows"

    def __init__(self, client: Client, environment: Mapping[str, str], log: Path) -> None:
        self.client = client
        self.lives: Sequence[Steps] = ()
        self.openings: Sequence[Steps] = ()
        self.firings: Sequence[Steps] = ()
        self._environment = environment
        self._log = log
        self._reached: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[int]:
        """See base class."""
        arguments = ["-m", "tests.bench.bare_worker"]
        async with worker_process(arguments, self._environment, self._log, piped=True) as process:
            listening = asyncio.create_task(self._listen(process.stdout or asyncio.StreamReader()))
            try:
                yield process.pid
            finally:
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)

    async def open(self, batch: str, number: int, due: datetime | None = None) -> None:
        """See base class; open when as much is done as when an escalation is recorded as offered."""
        steps = self.openings[number % len(self.openings)]
        after = self.firings[number % len(self.firings)] if self.firings else Steps()
        # The deadlines of escalations are whole seconds: so many fall on the same instant here, too.
        instant = (due or now() + FAR).replace(microsecond=0).timestamp()
        await self._start(batch, number, BareStart(steps=steps, due=instant, after=after))
        await self._part(batch, number, 0)

    async def live(self, batch: str, number: int) -> None:
        """See base class; each update is sent when the part before it is done."""
        steps = self.lives[number % len(self.lives)]
        await self._start(batch, number, BareStart(steps=steps))
        handle = self.client.get_workflow_handle_for(BareWorkflow.run, self.workflow(batch, number))
        for part in range(steps.updates):
            await self._part(batch, number, part)
            await handle.execute_update(BareWorkflow.command)
        await handle.result()

    async def lags(self, batch: str, count: int) -> list[float]:
        """See base class; the workflows' results."""
        found = []
        for number in reversed(range(count)):  # the last is due last
            handle = self.client.get_workflow_handle_for(BareWorkflow.run, self.workflow(batch, number))
            if (await handle.describe()).status is not WorkflowExecutionStatus.COMPLETED:
                return []
            found.append(await handle.result())
        return found

    def workflow(self, batch: str, number: int) -> str:
        """See base class."""
        return f"bare-{batch}-{number}"

    async def _start(self, batch: str, number: int, start: BareStart) -> None:
        await self.client.start_workflow(
            BareWorkflow.run, start, id=self.workflow(batch, number), task_queue=TASK_QUEUE
        )

    async def _part(self, batch: str, number: int, part: int) -> None:
        """Wait until this part is done, as the worker's standard output tells."""
        name = f"{self.workflow(batch, number)} {part}"
        await self._reached[name].wait()
        del self._reached[name]

    async def _listen(self, output: asyncio.StreamReader) -> None:
        while line := await output.readline():
            self._reached[line.decode().strip()].set()
