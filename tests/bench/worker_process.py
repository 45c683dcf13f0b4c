"""A worker as a child process, which never outlives the bench."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from runtime.embedded.errors import log_tail

ROOT = Path(__file__).parents[2]
STOP_SECONDS = 15.0
LINE_LIMIT = 1 << 20


class WorkerDied(Exception):
    """A worker ended while it was measured; its last log lines are in the message."""


@asynccontextmanager
async def worker_process(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path, *, piped: bool
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start a worker with this Python. It is stopped on the way out, whatever happens.

    Args:
        arguments: What Python runs.
        environment: Beside our own.
        log: Takes what it writes.
        piped: Its standard output is a pipe to us instead, which must be read.

    Raises:
        WorkerDied: It ended before it was stopped.
    """
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *arguments,
            stdout=asyncio.subprocess.PIPE if piped else output,
            stderr=output,
            env={**_own_environment(), **environment},
            cwd=ROOT,
            limit=LINE_LIMIT,
            start_new_session=True,  # Ctrl-C is for the bench, which then stops the worker
        )
    body = asyncio.current_task()
    watcher = asyncio.create_task(_watch(process, body))
    try:
        yield process
    except asyncio.CancelledError:
        if watcher.done() and not watcher.cancelled() and body is not None and body.uncancel() == 0:
            raise WorkerDied(f"a worker ended with exit code {process.returncode}{log_tail(log)}") from None
        raise
    finally:
        watcher.cancel()
        await _stop(process)


async def _watch(process: asyncio.subprocess.Process, body: "asyncio.Task[object] | None") -> None:
    await process.wait()
    if body is not None:
        body.cancel()


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _own_environment() -> dict[str, str]:
    """Ours, without what would lead a worker elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ESCALATIONS_"))}
