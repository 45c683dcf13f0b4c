"""Running a worker until a stop signal."""

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from escalation.version import VERSION
from runtime.cold_queries import OnlyBegunTasks
from runtime.settings import Settings
from runtime.unreachable import TemporalUnreachable
from workflows.first_task import be_ready

log = structlog.stdlib.get_logger("worker")

STOP_SECONDS = 15  # how much longer than the running activities' grace a worker may take to stop


def stop_on_signals() -> asyncio.Event:
    """Set once the process receives SIGTERM or Ctrl-C."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


async def serve(
    client: Client,
    settings: Settings,
    *,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., object]],
    stop: asyncio.Event,
) -> None:
    """Run a worker until the stop is asked for, or Temporal ends it; the end has a time limit either way.

    Raises:
        TemporalUnreachable: Temporal ended it.
    """
    worker, grace_seconds = _worker(client, settings, workflows, activities, stop), settings.graceful_shutdown_seconds
    running = asyncio.create_task(worker.run())
    running.add_done_callback(lambda _: stop.set())
    log.info("worker ready", task_queue=settings.task_queue, namespace=client.namespace)
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


def _worker(
    client: Client,
    settings: Settings,
    workflows: Sequence[type],
    activities: Sequence[Callable[..., object]],
    stop: asyncio.Event,
) -> Worker:
    async def end(_error: BaseException) -> None:
        stop.set()

    be_ready()
    return Worker(
        client,
        task_queue=settings.task_queue,
        workflows=workflows,
        activities=activities,
        workflow_runner=OnlyBegunTasks(),
        # Both are in every workflow task of every history, so they are short, and name no machine.
        build_id=VERSION,
        identity=f"worker-{os.getpid()}",
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
        # Left to itself, the SDK sends a heartbeat only when most of its time limit has passed: too late if it is slow.
        max_heartbeat_throttle_interval=timedelta(seconds=3),
        on_fatal_error=end,
    )
