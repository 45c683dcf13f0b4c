"""A data folder that the servers can use, and nothing of them left over after a test."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from starter.embedded.postgres import EmbeddedPostgres
from starter.embedded.processes import find_server
from starter.embedded.temporal_server import TemporalServer

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_temporal_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "TEMPORAL_API_KEY", "TEMPORAL_TLS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with usable_folder() as folder:
        yield folder


@contextmanager
def usable_folder() -> Iterator[Path]:
    """A new folder that goes away with its servers."""
    # Not tmp_path: as root PostgreSQL runs as another user, who can't pass through pytest's own folder.
    folder = Path(tempfile.mkdtemp(prefix="escalations-")).resolve()
    folder.chmod(0o711)
    yield folder
    for process in servers_of(folder).values():
        process.kill()
    shutil.rmtree(folder)


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
