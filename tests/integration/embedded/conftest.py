"""Data folders for the servers, and nothing of them left over after a test."""

import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import psutil
import pytest

from runtime.embedded.postgres import EmbeddedPostgres
from runtime.embedded.processes import find_server, stop_server
from runtime.embedded.stack import EmbeddedStack
from runtime.embedded.temporal_server import TemporalServer

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_temporal_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "TEMPORAL_API_KEY", "TEMPORAL_TLS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "none.toml").touch()
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


@pytest.fixture
async def data_dir(tmp_path: Path) -> AsyncIterator[Path]:
    """A folder of the test's own, in which nothing ever ran."""
    folder = tmp_path / "data"
    folder.mkdir()
    async with no_servers_left(folder):
        yield folder
    shutil.rmtree(folder)


@pytest.fixture
async def used_dir(yesterdays: Path) -> AsyncIterator[Path]:
    """A folder in which the servers ran before: they start in a fraction of the time. Other tests' data is there."""
    async with no_servers_left(yesterdays):
        yield yesterdays


@pytest.fixture(scope="session")
async def yesterdays(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    folder = tmp_path_factory.mktemp("used")
    async with EmbeddedStack(folder) as stack:
        connection = await asyncpg.connect(stack.dsn)
        # What is committed survives the server's kill without it; only a power cut needs it.
        await connection.execute("ALTER SYSTEM SET fsync = off")
        await connection.close()
        kill_temporal(folder)
    yield folder
    shutil.rmtree(folder)


@asynccontextmanager
async def no_servers_left(folder: Path) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for process in servers_of(folder).values():
            await stop_server(process)


def servers_of(folder: Path) -> dict[str, psutil.Process]:
    """The server processes that run on this folder."""
    found = {
        "temporal": find_server("start-dev", "--db-filename", str(folder / "temporal.db")),
        "postgres": find_server("-D", str(folder / "postgres"), program="postgres"),
    }
    return {name: process for name, process in found.items() if process is not None}


def kill(server: TemporalServer | EmbeddedPostgres) -> None:
    """What `kill -9` does: the server gets no chance to tidy up."""
    process = server._process
    assert process is not None
    process.kill()
    process.wait(10)


def kill_temporal(folder: Path) -> None:
    """For tests that are about something else: it takes more than a second to stop when asked."""
    servers_of(folder)["temporal"].kill()


StartOwner = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def start_owner() -> Iterator[StartOwner]:
    """Start another program that owns the stack of a folder, and return when its servers run."""
    programs: list[subprocess.Popen[str]] = []

    def start(folder: Path) -> "subprocess.Popen[str]":
        command = [sys.executable, str(Path(__file__).with_name("stack_process.py")), str(folder)]
        program = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
        )
        programs.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == "running\n"
        return program

    yield start
    for program in programs:
        if program.poll() is None:
            program.send_signal(signal.SIGKILL)
        program.communicate()
