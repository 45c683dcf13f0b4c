"""A worker for bare workflows, with the options that `worker.py` takes from the same settings."""

import asyncio
import os
import signal
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from runtime.cold_queries import OnlyBegunTasks
from runtime.settings import Settings
from tests.bench.bare_workflow import BareWorkflow, nothing_much


async def run() -> None:
    """Work until a stop signal."""
    settings = Settings.load()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with Worker(
        await Client.connect(os.environ["TEMPORAL_ADDRESS"]),
        task_queue=settings.task_queue,
        workflows=[BareWorkflow],
        workflow_runner=OnlyBegunTasks(),
        activities=[nothing_much],
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_shutdown_seconds),
        max_concurrent_workflow_tasks=settings.max_concurrent_workflow_tasks,
        max_concurrent_activities=settings.max_concurrent_activities,
    ):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(run())
