"""Work that goes on beside a block, such as the heartbeats of a long activity."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

import structlog

_log = structlog.stdlib.get_logger(__name__)

PULSE_SECONDS = 2.0  # between two heartbeats while nothing else is heard of an activity


@asynccontextmanager
async def alongside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run it as a task while the block runs; it is cancelled when that ends.

    Raises:
        Exception: What ended the work before; the log has said so at once.
    """
    task = asyncio.create_task(work, name=getattr(work, "__qualname__", ""))
    task.add_done_callback(_report)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _report(task: asyncio.Task[None]) -> None:
    # The block may run for weeks: an operator must not learn only at its end that this goes on no more.
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("background work failed; restart the process", work=task.get_name(), exc_info=error)


def beating(beat: Callable[[], None], seconds: float = PULSE_SECONDS) -> AbstractAsyncContextManager[None]:
    """Call `beat` at least that often while the block runs, so that only a dead worker counts as dead."""

    async def again() -> None:
        while True:
            await asyncio.sleep(seconds)
            beat()

    return alongside(again())
