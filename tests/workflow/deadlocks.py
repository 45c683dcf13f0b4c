"""Workflow tasks that take too long, told apart from a machine that is busy.

The SDK takes a task that has not yielded for 2 s for a deadlock, by the clock on the wall. A machine that runs other
tests may not give a thread its turn for that long. So tests judge a task by the processor time of its thread.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import pytest
from temporalio.worker._workflow import _WorkflowWorker

MOST_SECONDS = 2.0
"""Processor time of one workflow task; on a machine of its own, that is what the SDK allows."""
PATIENCE_SECONDS = 60
"""Until a task that waits forever is interrupted, by the clock on the wall."""

P = ParamSpec("P")
R = TypeVar("R")


class HeldUp(AssertionError):
    """A workflow task kept its thread at work for too long; in production the SDK would have failed it."""


class WatchedExecutor(ThreadPoolExecutor):
    """Runs workflow tasks, and fails those that work for too long."""

    def __init__(self) -> None:
        super().__init__(max_workers=20, thread_name_prefix="workflow_tasks")

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        def watched() -> R:
            before = time.thread_time()
            answer = fn(*args, **kwargs)
            took = time.thread_time() - before
            if took > MOST_SECONDS:
                raise HeldUp(f"a workflow task took {took:.1f} s of processor time")
            return answer

        return super().submit(watched)


@pytest.fixture(autouse=True, scope="session")
def patient_workers() -> Iterator[None]:
    """Workers and replayers wait longer until they take a task for a deadlock; there is no setting for it.

    A replayer whose last task, the eviction, misses the limit tries again forever.
    """
    with pytest.MonkeyPatch.context() as patch:
        limit = property(lambda _: PATIENCE_SECONDS, lambda *_: None)
        patch.setattr(_WorkflowWorker, "_deadlock_timeout_seconds", limit, raising=False)
        yield
