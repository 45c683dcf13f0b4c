"""Which database the commands on the record use, and what they say when there is none."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.embedded.record import PostgresRecord, StackRecord, TemporalRecord, write_record
from runtime.settings import SettingsError
from starter.cli.record.database import record_dsn, record_is_certain
from tests.unit.starter.desk import Desk

ROSTER = Path(__file__).parents[3] / "examples" / "roster.yaml"
EMBEDDED = "postgresql://postgres:not-for-logs@127.0.0.1:5433/escalations"
COMMANDS = [("migrate",), ("report",), ("audit",), ("history", "T-1"), ("roster", "load", str(ROSTER))]


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ESCALATIONS_DSN", raising=False)
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))


@pytest.fixture
def nobody_there() -> Iterator[int]:
    """A port that is ours, and on which nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def stack_runs(folder: Path, pid: int) -> None:
    write_record(folder, StackRecord(pid=pid, postgres=PostgresRecord(pid=pid, dsn=EMBEDDED)))


def temporal_runs_too(folder: Path, pid: int, *, temporal: int | None = None) -> None:
    server = TemporalRecord(pid=temporal or pid, address="127.0.0.1:7233", ui_url="", metrics_url="")
    postgres = PostgresRecord(pid=pid, dsn=EMBEDDED)
    write_record(folder, StackRecord(pid=pid, temporal=server, postgres=postgres))


def gone() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_configured_database_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stack_runs(tmp_path, os.getpid())
    monkeypatch.setenv("ESCALATIONS_DSN", "postgresql://us:secret@db.example.com/escalations")

    assert record_dsn() == "postgresql://us:secret@db.example.com/escalations"


def test_without_one_the_running_embedded_database_is_used(tmp_path: Path) -> None:
    stack_runs(tmp_path, os.getpid())

    assert record_dsn() == EMBEDDED


def test_a_stack_that_no_longer_runs_is_not_used(tmp_path: Path) -> None:
    stack_runs(tmp_path, gone())

    with pytest.raises(SettingsError, match="no embedded PostgreSQL runs in"):
        record_dsn()


def test_a_stack_without_a_database_is_not_used(tmp_path: Path) -> None:
    write_record(tmp_path, StackRecord(pid=os.getpid()))

    with pytest.raises(SettingsError, match="no embedded PostgreSQL runs in"):
        record_dsn()


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
async def test_with_no_database_at_all_it_is_said_what_to_do(
    desk: Desk, tmp_path: Path, command: tuple[str, ...]
) -> None:
    ended = await desk(*command)

    assert (ended.code, ended.out) == (2, "")
    (line,) = ended.err.splitlines()
    assert line.startswith(f"bad setting: ESCALATIONS_DSN: is not set, and no embedded PostgreSQL runs in `{tmp_path}`")
    assert "worker.py --dev" in line


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
async def test_a_database_that_does_not_answer_exits_5(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, nobody_there: int, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", f"postgresql://us:not-for-logs@127.0.0.1:{nobody_there}/escalations")
    ended = await desk(*command, "--json")

    told = json.loads(ended.err)
    assert (ended.code, ended.out, told["error"], told["exit"]) == (5, "", "no answer", 5)
    assert told["message"].startswith(f"PostgreSQL at 127.0.0.1:{nobody_there} is not available")
    assert "not-for-logs" not in ended.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "dsn", ["postgresql://us:not-for-logs@db.example.com:port/x", "postgresql://us:not-for-logs@h/x?sslmode=maybe"]
)
async def test_an_address_that_cannot_be_read_is_a_bad_setting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, dsn: str, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", dsn)
    ended = await desk(*command)

    assert (ended.code, ended.out) == (2, "")
    assert "bad setting: ESCALATIONS_DSN: " in ended.err
    assert "not-for-logs" not in ended.err


async def test_a_roster_with_mistakes_is_shown_before_any_database_is_asked(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "team.yaml").write_text("people: []\n", encoding="utf-8")
    ended = await desk("roster", "load", str(tmp_path / "team.yaml"))

    assert (
        ended.err
        == f"bad input: {tmp_path / 'team.yaml'}:1: people: `people` is empty; write at least one, or leave the key out where it is optional\n"
    )


# In which record the escalations are that we reach.


def test_a_dsn_says_it_whatever_temporal_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", "postgresql://us:secret@db.example.com/escalations")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.com:7233")

    assert record_is_certain()


def test_the_embedded_record_is_that_of_the_embedded_temporal(tmp_path: Path) -> None:
    assert not record_is_certain()
    temporal_runs_too(tmp_path, os.getpid())

    assert record_is_certain()


@pytest.mark.parametrize(
    ("name", "value"), [("TEMPORAL_ADDRESS", "temporal.example.com:7233"), ("TEMPORAL_PROFILE", "prod")]
)
def test_escalations_elsewhere_are_not_in_the_embedded_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    temporal_runs_too(tmp_path, os.getpid())
    (tmp_path / "profiles.toml").write_text('[profile.prod]\naddress = "temporal.example.com:7233"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "profiles.toml"))
    monkeypatch.setenv(name, value)

    assert not record_is_certain()


def test_a_stack_of_which_a_part_is_missing_is_not_certain(tmp_path: Path) -> None:
    stack_runs(tmp_path, os.getpid())
    assert not record_is_certain()
    temporal_runs_too(tmp_path, os.getpid(), temporal=gone())
    assert not record_is_certain()
