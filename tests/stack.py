"""Real servers and a real worker process for tests, that never outlive the test."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from activities.adapters.postgres.migrate import migrate
from examples.demo import stage
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from workflows.options import SEARCH_ATTRIBUTES

READY = b'"worker ready"'
READY_SECONDS = 120.0


@asynccontextmanager
async def running_stack(folder: Path) -> AsyncIterator[EmbeddedStack]:
    """Temporal, PostgreSQL with its schema and a mail sink on this folder, new or used."""
    async with EmbeddedStack(folder, search_attributes=SEARCH_ATTRIBUTES) as stack:
        await migrate(stack.dsn)
        yield stack


def environment_of(stack: EmbeddedStack, **changes: str) -> dict[str, str]:
    """What a program of ours needs in its environment to use this stack; `changes` win."""
    return stage.worker_environment(stack.settings(Settings()), stack) | changes


@dataclass(slots=True)
class WorkerProcess(stage.WorkerProcess):
    """A worker, or another program, as a child process that a test waits for, kills and starts again."""

    ready: bytes = READY

    async def start(self) -> None:
        """Start it and return when its log says that it is ready."""
        before = len(self._written())
        # Not super(): a dataclass with slots is created twice, and super() would still mean the first one.
        await stage.WorkerProcess.start(self)
        async with asyncio.timeout(READY_SECONDS):
            while self.ready not in self._written()[before:]:
                self.check()
                await asyncio.sleep(0.05)

    async def crash(self) -> None:
        """`kill -9`."""
        self.check()
        await self.kill()

    def _written(self) -> bytes:
        return self.log.read_bytes() if self.log.exists() else b""


@asynccontextmanager
async def running_worker(
    log: Path, environment: Mapping[str, str], roster: Path = stage.ROSTER
) -> AsyncIterator[WorkerProcess]:
    """A worker that is ready, and gone at the end, however the test ends."""
    worker = WorkerProcess(log=log, environment=environment, roster=roster)
    try:
        await worker.start()
        yield worker
    finally:
        if worker.process is not None and worker.process.returncode is None:
            await worker.kill()
