"""A worker measures how late its event loop is."""

import asyncio
import time
from datetime import timedelta

from temporalio.runtime import Runtime

from runtime.loop_lag import histogram_of, measured_loop

SOON = timedelta(milliseconds=5)


async def test_what_holds_up_the_loop_is_measured() -> None:
    lags: list[timedelta] = []
    seen = asyncio.Event()

    def record(lag: timedelta) -> None:
        lags.append(lag)
        seen.set()

    async with measured_loop(record, SOON):
        await asyncio.sleep(0)  # the measuring begins
        until = time.monotonic() + 0.2
        while time.monotonic() < until:
            pass  # as an expression does that takes long
        await seen.wait()
    assert max(lags) > timedelta(seconds=0.15)


async def test_measuring_ends_with_the_block() -> None:
    lags: list[timedelta] = []
    async with measured_loop(lags.append, SOON):
        await asyncio.sleep(0)
    assert not [task for task in asyncio.all_tasks() if "_measure" in repr(task.get_coro())]


def test_the_lag_can_be_recorded_where_no_metrics_are_served() -> None:
    histogram_of(Runtime.default())(SOON)
