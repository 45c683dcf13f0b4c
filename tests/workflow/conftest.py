"""A real Temporal server with a virtual clock per workflow."""

import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from tests.workflow.world import World, attributes
from workflows.converter import DATA_CONVERTER


@pytest.fixture(scope="session")
async def env() -> AsyncIterator[WorkflowEnvironment]:
    """One server for all tests of the session; each workflow has its own clock, which stands still until it is told."""
    options = [
        "--dynamic-config-value",
        "frontend.WorkflowTimeSkippingEnabled=true",
        "--dynamic-config-value",
        'history.timerProcessorMaxTimeShift="10ms"',
    ]
    for attribute in attributes():
        options += ["--search-attribute", attribute]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_extra_args=options,
        data_converter=DATA_CONVERTER,
    ) as started:
        yield started


@pytest.fixture
def world(env: WorkflowEnvironment) -> World:
    return World(env)
