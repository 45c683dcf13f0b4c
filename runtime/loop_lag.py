"""Measures the lag of a worker's event loop, which delays every case of that worker."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

from temporalio.runtime import Runtime

from activities.background import alongside

EVERY = timedelta(seconds=0.5)  # how often it is measured
METRIC = "escalations_event_loop_lag"


def measured_loop(record: Callable[[timedelta], None], every: timedelta = EVERY) -> AbstractAsyncContextManager[None]:
    """Measure the event loop while the block runs.

    Args:
        record: Takes how much later than asked for the loop came back, again and again.
        every: How long to ask for.
    """
    return alongside(_measure(record, every))


def histogram_of(runtime: Runtime) -> Callable[[timedelta], None]:
    """Records into the histogram that the worker's metrics serve, in milliseconds."""
    meter = runtime.metric_meter
    return meter.create_histogram_timedelta(METRIC, "How late the event loop of the worker is").record


async def _measure(record: Callable[[timedelta], None], every: timedelta) -> None:
    loop, seconds = asyncio.get_running_loop(), every.total_seconds()
    while True:
        due = loop.time() + seconds
        await asyncio.sleep(seconds)
        record(timedelta(seconds=max(0.0, loop.time() - due)))
