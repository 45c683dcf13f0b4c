"""Work that goes on beside a block, such as the heartbeats of a long activity."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from typing import Any

PULSE_SECONDS = 2.0  # between two heartbeats while nothing else is heard of an activity


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run it as a task while the block runs; it is cancelled when that ends."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def beating(beat: Callable[[], None], seconds: float = PULSE_SECONDS) -> AbstractAsyncContextManager[None]:
    """Call `beat` at least that often while the block runs, so that only a dead worker counts as dead."""

    async def again() -> None:
        while True:
            await asyncio.sleep(seconds)
            beat()

    return beside(again())
