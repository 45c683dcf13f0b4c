"""A worker is ready for its first case before it takes one."""

from typing import Any

import pytest

from escalation.case.codec import adapter_of
from tests.replay.replaying import replayer
from tests.replay.store import CASES, INCIDENTS
from workflows.escalation import EscalationWorkflow
from workflows.first_task import be_ready
from workflows.incident import IncidentWorkflow


@pytest.mark.parametrize(("shelf", "workflow"), [(CASES, EscalationWorkflow), (INCIDENTS, IncidentWorkflow)])
async def test_no_workflow_task_builds_what_reads_its_values(shelf: Any, workflow: type) -> None:
    runs = [run for name in shelf.names() for run in shelf.load(name).runs]
    adapter_of.cache_clear()
    be_ready()
    built = adapter_of.cache_info().misses

    for run in runs:
        await replayer(workflow).replay_workflow(run)

    assert adapter_of.cache_info().misses == built
