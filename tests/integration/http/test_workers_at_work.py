"""What `escalations doctor` says about workers, with one that runs."""

from datetime import timedelta

import pytest

from runtime.settings import Settings
from starter.doctor.examine import SILENCE, workers_look
from starter.doctor.finding import Health
from starter.http.backend import Backend


@pytest.mark.usefixtures("worker")
async def test_a_worker_that_polls_is_counted_and_one_that_ended_is_missed(
    settings: Settings, backend: Backend
) -> None:
    now = backend.now()
    at_work = await workers_look(settings, now)
    assert (at_work.health, at_work.says) == (Health.WELL, "1 worker at work")

    ended = await workers_look(settings, now + 2 * SILENCE + timedelta(minutes=5))
    assert (ended.health, " since 20" in ended.says, "python worker.py" in ended.says) == (Health.BAD, True, True)


async def test_a_queue_that_no_worker_ever_polled_is_named(settings: Settings, backend: Backend) -> None:
    lonely = settings.model_copy(update={"task_queue": "misspelled"})
    found = await workers_look(lonely, backend.now())
    assert found.health is Health.BAD
    assert found.says.startswith("none polls the task queue `misspelled`: no deadline fires")
