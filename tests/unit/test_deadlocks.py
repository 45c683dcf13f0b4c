"""A workflow task is judged by the processor time of its thread."""

import time

import pytest

from tests.unit.test_event_loop import work
from tests.workflow import deadlocks
from tests.workflow.deadlocks import HeldUp, WatchedExecutor


def test_a_task_that_works_for_too_long_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlocks, "MOST_SECONDS", 0.1)
    with WatchedExecutor() as executor, pytest.raises(HeldUp, match="processor time"):
        executor.submit(work, 0.2).result()


def test_a_task_that_waits_its_turn_is_fine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlocks, "MOST_SECONDS", 0.1)
    with WatchedExecutor() as executor:
        executor.submit(time.sleep, 0.2).result()
