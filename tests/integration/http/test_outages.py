"""Servers that are really stopped under the API: it starts without either, says so, asks for patience, and recovers."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from activities.adapters.postgres.migrate import migrate
from runtime.embedded.temporal_server import TemporalServer
from runtime.settings import Settings
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http.conftest import as_caller, in_process
from tests.integration.http.test_rest import OPEN
from tests.integration.postgres.server import Server, create_database, running_server
from workflows.options import SEARCH_ATTRIBUTES

SECONDS = 12.0
"""Callers wait for ten seconds, as a rule."""


@pytest.fixture
async def postgres() -> AsyncIterator[Server]:
    async with running_server() as server:
        yield server


@pytest.fixture
async def temporal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[TemporalServer]:
    """Stopped; it comes back at the same address."""
    server = TemporalServer(tmp_path, search_attributes=SEARCH_ATTRIBUTES)
    await server.start()
    await server.stop()
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    try:
        yield server
    finally:
        await server.stop()


async def readiness(client: httpx2.AsyncClient) -> tuple[int, str, str]:
    answer = await client.get("/health/ready")
    return answer.status_code, answer.json()["temporal"], answer.json()["postgresql"]


async def ready(client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while True:
            if (await readiness(client))[0] == 200:
                return
            await asyncio.sleep(0.1)


async def asks_for_patience(client: httpx2.AsyncClient, path: str) -> None:
    before = time.monotonic()
    for answer in (await client.get(path), await client.post("/v1/escalations", json=OPEN | {"ticket": "OUT-1"})):
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (503, True), answer.text
        assert answer.json()["type"] == "urn:escalations:problem:unreachable"
    assert time.monotonic() - before < 2 * SECONDS


async def test_an_outage_of_either_server_is_answered_503_and_ends_by_itself(
    postgres: Server, temporal: TemporalServer
) -> None:
    dsn = await create_database(postgres, "outages")
    await migrate(dsn)
    await postgres.stop()
    settings = Settings(dsn=SecretStr(dsn))
    async with Backend.connected(settings) as backend, in_process(create_app(settings, backend=backend)) as client:
        assert await readiness(client) == (503, "unreachable", "unreachable")
        client.headers["authorization"] = "Bearer esc_abcd2345_x"
        await asks_for_patience(client, "/v1/escalations/OUT-1")
        await postgres.start()
        await as_caller(client, backend, "ada", Role.ADMIN)
        assert await readiness(client) == (503, "unreachable", "ok")
        await asks_for_patience(client, "/v1/escalations/OUT-1")

        await temporal.start()
        await ready(client)
        assert (await client.get("/v1/escalations/OUT-1")).status_code == 404

        await temporal.stop()
        assert await readiness(client) == (503, "unreachable", "ok")
        await asks_for_patience(client, "/v1/escalations/OUT-1")
        await temporal.start()
        await ready(client)

        await postgres.stop()
        assert await readiness(client) == (503, "ok", "unreachable")
        await asks_for_patience(client, "/v1/escalations")
        await postgres.start()
        await ready(client)
        assert (await client.get("/v1/escalations")).json()["items"] == []
