"""A real Temporal server with a virtual clock per workflow."""

import socket
from collections.abc import AsyncIterator

import pytest
from temporalio.testing import WorkflowEnvironment

from tests.event_loop import watched_loop
from tests.workflow.server import start_server
from tests.workflow.world import World

COUNTED = ("counted4", "counted5")
"""Namespaces in which only one life is lived, so that the server's own counters are about that life."""


@pytest.fixture(scope="session")
def metrics_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
async def env(metrics_port: int) -> AsyncIterator[WorkflowEnvironment]:
    """One server for all tests of the session; each workflow has its own clock, which moves only when it is set."""
    options = ["--metrics-port", str(metrics_port)]
    for namespace in COUNTED:
        options += ["--namespace", namespace]
    async with await start_server(options) as started:
        yield started


@pytest.fixture(autouse=True)
async def _nothing_holds_up_the_loop(env: WorkflowEnvironment) -> AsyncIterator[None]:  # noqa: ARG001 (started before)
    async with watched_loop():
        yield


@pytest.fixture
def world(env: WorkflowEnvironment) -> World:
    return World(env)


@pytest.fixture
def other_world(env: WorkflowEnvironment) -> World:
    return World(env)
