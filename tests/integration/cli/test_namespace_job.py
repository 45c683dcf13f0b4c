"""The one-shot job of docker-compose.yml that prepares Temporal, run against a real server."""

import asyncio
import os
import sysconfig
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.unit.compose import environment_of
from tests.workflow.server import STARTUP
from workflows.options import SEARCH_ATTRIBUTES

ROOT = Path(__file__).parents[3]
PROGRAMS = Path(sysconfig.get_path("scripts"))


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """A server that knows nothing of escalations."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(PROGRAMS / "temporal"), dev_server_startup_timeout=STARTUP
    ) as server:
        yield server.client.service_client.config.target_host


async def run_job(address: str, **changes: str) -> tuple[int, str]:
    environment = {**environment_of("temporal-namespace"), "TEMPORAL_ADDRESS": address, **changes}
    process = await asyncio.create_subprocess_exec(
        *("sh", str(ROOT / "deploy" / "temporal" / "namespace.sh")),
        env={"PATH": f"{PROGRAMS}:{os.environ['PATH']}", "HOME": os.environ.get("HOME", "/"), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await asyncio.wait_for(process.communicate(), timeout=60)
    assert process.returncode is not None
    return process.returncode, out.decode()


async def known_to(address: str, namespace: str) -> Mapping[str, str]:
    client = await Client.connect(address)
    request = ListSearchAttributesRequest(namespace=namespace)
    found = (await client.operator_service.list_search_attributes(request)).custom_attributes
    return {name: IndexedValueType.Name(kind).removeprefix("INDEXED_VALUE_TYPE_") for name, kind in found.items()}


async def test_the_job_makes_the_namespace_with_exactly_the_attributes_that_escalations_set(address: str) -> None:
    code, said = await run_job(address)

    assert code == 0, said
    assert "namespace escalations made" in said
    known = await known_to(address, "escalations")
    assert {name: known[name] for name in SEARCH_ATTRIBUTES} == {
        name: kind.upper() for name, kind in SEARCH_ATTRIBUTES.items()
    }


async def test_the_job_may_be_run_again_with_another_retention(address: str) -> None:
    await run_job(address)
    code, said = await run_job(address, RETENTION="60d")

    assert code == 0, said
    assert "namespace escalations was there" in said
    client = await Client.connect(address)
    described = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="escalations"))
    assert described.config.workflow_execution_retention_ttl.ToSeconds() == 60 * 86400


async def test_an_attribute_of_another_type_fails_the_job(address: str) -> None:
    await run_job(address, TEMPORAL_NAMESPACE="other")
    code, said = await run_job(address, TEMPORAL_NAMESPACE="other", SEARCH_ATTRIBUTES="EscalationTier=Keyword")

    assert code != 0
    assert "EscalationTier" in said
