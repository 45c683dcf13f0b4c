"""The watchdog of the event loop sees what it is for."""

import asyncio
import time

import pytest

from tests.event_loop import watched_loop


def work(seconds: float) -> None:
    """Keep this thread at work for a number of seconds of its processor time."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


async def test_a_step_that_holds_up_the_loop_is_seen() -> None:
    with pytest.raises(AssertionError, match="held up"):
        async with watched_loop(most=0.1):
            work(0.3)


async def test_many_short_steps_and_long_waits_are_fine() -> None:
    async with watched_loop(most=0.2):
        for _ in range(10):
            work(0.03)
            await asyncio.sleep(0.03)
