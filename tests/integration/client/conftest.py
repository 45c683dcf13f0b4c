"""A real Temporal server, and workers with the real workflow over the ports' fakes."""

import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment

from starter.client import EscalationClient
from tests.integration.client.people import quick
from tests.workflow.server import STARTUP
from tests.workflow.world import World
from workflows.converter import DATA_CONVERTER
from workflows.options import (
    BREACHED,
    CATEGORY,
    INCIDENT_LINKED,
    INCIDENT_OPENED_AT,
    INCIDENT_STAGE,
    LIFE,
    OWNER,
    SEVERITY,
    STAGE,
    TICKET,
    TIER,
)

KEYS: list[SearchAttributeKey[Any]] = [
    *(STAGE, SEVERITY, CATEGORY, OWNER, TICKET, TIER, LIFE, BREACHED),
    *(INCIDENT_STAGE, INCIDENT_LINKED, INCIDENT_OPENED_AT),
]


async def start_server() -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(Path(sysconfig.get_path("scripts")) / "temporal"),
        dev_server_startup_timeout=STARTUP,
        data_converter=DATA_CONVERTER,
        search_attributes=KEYS,
    )


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[WorkflowEnvironment]:
    async with await start_server() as started:
        yield started


@pytest.fixture
def idle(server: WorkflowEnvironment) -> World:
    """A world whose worker a test starts itself."""
    return World(server)


@pytest.fixture
async def world(idle: World) -> AsyncIterator[World]:
    """A world with a worker."""
    async with idle.worker():
        yield idle


@pytest.fixture
def client(idle: World) -> EscalationClient:
    return quick(idle)
