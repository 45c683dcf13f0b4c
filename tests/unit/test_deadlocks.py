"""A workflow task is judged by the processor time of its thread."""

import time

import pytest
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.worker._workflow import _RunningWorkflow

from tests.replay.replaying import replayer
from tests.replay.store import INCIDENTS
from tests.unit.test_event_loop import work
from tests.workflow import deadlocks
from tests.workflow.deadlocks import HeldUp, WatchedExecutor
from workflows.incident import IncidentWorkflow

SDK_SECONDS = 2.0
"""By the clock on the wall; then the SDK interrupts the thread of a workflow task, or tries to evict it forever."""


def test_a_task_that_works_for_too_long_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlocks, "MOST_SECONDS", 0.1)
    with WatchedExecutor() as executor, pytest.raises(HeldUp, match="processor time"):
        executor.submit(work, 0.2).result()


def test_a_task_that_waits_its_turn_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlocks, "MOST_SECONDS", 0.1)
    with WatchedExecutor() as executor:
        executor.submit(time.sleep, 0.2).result()


@pytest.mark.slow
async def test_a_replay_whose_first_task_waits_its_turn_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = [SDK_SECONDS + 0.2]
    in_time = _RunningWorkflow.activate

    def late(running: _RunningWorkflow, act: WorkflowActivation) -> WorkflowActivationCompletion:
        if waited:
            time.sleep(waited.pop())  # holds the thread past the limit of the SDK, as a busy machine does
        return in_time(running, act)

    monkeypatch.setattr(_RunningWorkflow, "activate", late)
    name = next(iter(INCIDENTS.names()))
    await replayer(IncidentWorkflow).replay_workflow(INCIDENTS.load(name).runs[0])
    assert not waited
