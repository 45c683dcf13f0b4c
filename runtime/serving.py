"""Running a worker until a stop signal."""

import asyncio
import signal

import structlog
from temporalio.service import RPCError
from temporalio.worker import Worker

from runtime.unreachable import TemporalUnreachable

log = structlog.stdlib.get_logger("worker")

STOP_SECONDS = 15
"""How much longer than the running activities' grace a worker may take to stop."""


def stop_on_signals() -> asyncio.Event:
    """Set once the process receives SIGTERM or Ctrl-C."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serve(worker: Worker, stop: asyncio.Event, *, grace_seconds: int) -> None:
    """Run until the stop is asked for, or Temporal ends the worker; the end has a time limit either way.

    Raises:
        TemporalUnreachable: Temporal ended it.
    """
    running = asyncio.create_task(worker.run())
    running.add_done_callback(lambda _: stop.set())
    log.info("worker ready", task_queue=worker.task_queue, namespace=worker.client.namespace)
    await stop.wait()
    log.info("worker stopping", grace_seconds=grace_seconds)
    try:
        async with asyncio.timeout(grace_seconds + STOP_SECONDS):
            await worker.shutdown()
            await running
    except TimeoutError:
        log.warning("worker did not stop in time", seconds=grace_seconds + STOP_SECONDS)
    except RPCError as error:
        raise TemporalUnreachable(
            f"Temporal ended the worker: {error.message.rstrip('.')}; check the namespace and our rights there"
        ) from error
