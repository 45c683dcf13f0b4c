"""A watchdog: nothing that runs on the event loop may hold it up."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

MOST_SECONDS = 2.0
"""Longest stretch of work between two turns of the loop; Temporal takes a workflow task of that length for a deadlock."""
_EVERY = 0.02


@asynccontextmanager
async def watched_loop(most: float = MOST_SECONDS) -> AsyncIterator[None]:
    """Fail where one step of the block keeps the loop's thread at work for longer.

    Processor time of this thread, not time on the wall: a busy machine is not our fault.

    Args:
        most: Seconds.
    """
    longest = [0.0]
    watching = asyncio.create_task(_watch(longest))
    await asyncio.sleep(0)  # so that it has begun
    try:
        yield
    finally:
        await asyncio.sleep(_EVERY)  # so that it sees the last step, too
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
    assert longest[0] <= most, f"the event loop was held up for {longest[0]:.1f} s of processor time"


async def _watch(longest: list[float]) -> None:
    before = time.thread_time()
    while True:
        await asyncio.sleep(_EVERY)
        now = time.thread_time()
        longest[0] = max(longest[0], now - before)
        before = now
