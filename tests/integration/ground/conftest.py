"""A Temporal server that was never prepared, a PostgreSQL, and certificates; nothing of the user's configuration."""

import asyncio
import io
import sysconfig
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from starter.cli.app import run
from starter.cli.context import Context
from starter.cli.output import Output
from tests.integration.ground.certificates import Certificates, make_certificates
from tests.integration.ground.peers import Peer, TlsLine
from tests.unit.starter.desk import Ended
from tests.workflow.server import STARTUP

PROGRAMS = Path(sysconfig.get_path("scripts"))
_USERS = ("ADDRESS", "NAMESPACE", "PROFILE", "API_KEY", "TLS", "CONFIG_FILE")


@pytest.fixture(autouse=True)
def nothing_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in _USERS:
        monkeypatch.delenv(f"TEMPORAL_{name}", raising=False)
    monkeypatch.delenv("ESCALATIONS_DSN", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
async def plain() -> AsyncIterator[str]:
    """The address of a Temporal server without TLS that knows nothing of escalations."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(PROGRAMS / "temporal"), dev_server_startup_timeout=STARTUP
    ) as running:
        yield running.client.service_client.config.target_host


@pytest.fixture(scope="session")
async def encrypted(plain: str, certificates: Certificates) -> AsyncIterator[str]:
    """The same server behind TLS."""
    async with TlsLine(plain, certificates, asks_for_certificate=False) as line:
        yield line.address


@pytest.fixture(scope="session")
async def mutual(plain: str, certificates: Certificates) -> AsyncIterator[str]:
    """The same server behind TLS that asks for a client certificate."""
    async with TlsLine(plain, certificates, asks_for_certificate=True) as line:
        yield line.address


@pytest.fixture
async def silent() -> AsyncIterator[str]:
    """A peer that accepts and never answers."""
    done = asyncio.Event()

    async def wait(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with Peer(wait) as peer:
        yield peer.address
        done.set()


@pytest.fixture
def peers(plain: str, encrypted: str, mutual: str, silent: str) -> dict[str, str]:
    """The address of each kind of server."""
    return {"plain": plain, "encrypted": encrypted, "mutual": mutual, "silent": silent}


async def escalations(*argv: str) -> Ended:
    """Run a command line in this process, with the environment's settings."""
    out, err = io.StringIO(), io.StringIO()
    context = Context.of_this_process()
    context.out = Output(stdout=out, stderr=err)
    code = await run(argv, context)
    return Ended(code, out.getvalue(), err.getvalue())
