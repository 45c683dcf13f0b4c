"""The whole stack, a real worker, and the HTTP server on it: in this process, and once by real sockets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from playwright.async_api import Browser
from pydantic import SecretStr

from activities.adapters.postgres.api_keys import ApiKey, ApiKeys
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from starter.http.access.keys import Keys, new_id
from starter.http.access.roles import Role
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.browser import running_browser
from tests.integration.http import senders
from tests.integration.http.teams import roster_of_all
from tests.peers.help_desks import PeerDesk
from tests.peers.serving import served
from tests.stack import environment_of, running_stack, running_worker


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedStack]:
    folder = tmp_path_factory.mktemp("http")
    async with running_stack(folder) as stack:
        yield stack


@pytest.fixture(scope="session")
def peer_desk() -> PeerDesk:
    """A help desk with an API; `kept` in the webhook file."""
    return PeerDesk()


@pytest.fixture(scope="session")
async def webhook_file(peer_desk: PeerDesk, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    async with served(peer_desk.app()) as url:
        yield senders.written(tmp_path_factory.mktemp("webhooks"), url)


@pytest.fixture(scope="session")
async def settings(stack: EmbeddedStack, webhook_file: Path) -> AsyncIterator[Settings]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "TEMPORAL_ADDRESS": stack.temporal_address,
            **senders.ENVIRONMENT,
            **senders.MAIL_IN,
        }.items():
            patch.setenv(name, value)
        yield Settings(dsn=SecretStr(stack.dsn), http_requests_per_minute=1_000_000, webhooks=webhook_file)


@pytest.fixture(scope="session")
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    """The connections, without a worker."""
    async with Backend.connected(settings) as backend:
        yield backend


@pytest.fixture(scope="session")
async def worker(
    stack: EmbeddedStack, webhook_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[None]:
    folder = tmp_path_factory.mktemp("worker")
    environment = {
        "ESCALATIONS_PUBLIC_URL": "http://escalations.example.com",
        "ESCALATIONS_WEBHOOKS": str(webhook_file),
        **senders.ENVIRONMENT,
        **senders.MAIL_IN,
    }
    async with running_worker(folder / "worker.log", environment_of(stack, **environment), roster_of_all(folder)):
        yield


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One browser for all tests of pages."""
    async with running_browser() as browser:
        yield browser


@asynccontextmanager
async def in_process(app: FastAPI, **headers: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application in this process; what the application raises is answered with 500, as by the server."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://escalations.example.com", headers=headers) as client,
    ):
        yield client


@pytest.fixture
async def anyone(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    """A caller without credentials."""
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


async def key_of(backend: Backend, actor: str, role: Role, *tickets: str) -> str:
    """A new key of this actor."""
    key = ApiKey(id=new_id(), name=actor, role=role, tickets=tickets, created_at=backend.now())
    return await Keys(ApiKeys(backend.database), backend.now).create(key)


async def as_caller(client: httpx2.AsyncClient, backend: Backend, actor: str, role: Role) -> httpx2.AsyncClient:
    """The client, from now on with a key of this actor."""
    client.headers["authorization"] = f"Bearer {await key_of(backend, actor, role)}"
    return client


@pytest.fixture
async def admin(anyone: httpx2.AsyncClient, backend: Backend) -> httpx2.AsyncClient:
    """A caller who may do everything."""
    return await as_caller(anyone, backend, "ada", Role.ADMIN)
