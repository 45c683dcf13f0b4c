"""A real Temporal server with a virtual clock per workflow."""

import socket
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from tests.workflow.world import IDENTITY, World, attributes
from workflows.converter import DATA_CONVERTER

COUNTED = ("counted4", "counted5")
"""Namespaces in which only one life is lived, so that the server's own counters are about that life."""


@pytest.fixture(scope="session")
def metrics_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
async def env(metrics_port: int) -> AsyncIterator[WorkflowEnvironment]:
    """One server for all tests of the session; each workflow has its own clock, which stands still until it is told."""
    options = ["--metrics-port", str(metrics_port)]
    for setting in ("frontend.WorkflowTimeSkippingEnabled=true", 'history.timerProcessorMaxTimeShift="10ms"'):
        options += ["--dynamic-config-value", setting]
    for namespace in COUNTED:
        options += ["--namespace", namespace]
    for attribute in attributes():
        options += ["--search-attribute", attribute]
    async with await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_extra_args=options,
        data_converter=DATA_CONVERTER,
        identity=IDENTITY,
    ) as started:
        yield started


@pytest.fixture
def world(env: WorkflowEnvironment) -> World:
    return World(env)


@pytest.fixture
def other_world(env: WorkflowEnvironment) -> World:
    return World(env)
