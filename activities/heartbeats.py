"""Heartbeats of a long activity, so that only a dead worker counts as dead."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

PULSE_SECONDS = 2.0
"""Between two heartbeats while nothing else is heard of an activity."""


@asynccontextmanager
async def beating(beat: Callable[[], None], seconds: float = PULSE_SECONDS) -> AsyncIterator[None]:
    """Call `beat` at least that often, as long as this process lives."""

    async def again() -> None:
        while True:
            await asyncio.sleep(seconds)
            beat()

    pulse = asyncio.create_task(again())
    try:
        yield
    finally:
        pulse.cancel()
