"""Reaching Temporal: the standard configuration first, our own stack next, and a clear word when there is none."""

import asyncio
import io
import json
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.service import RPCError

from runtime.connection import connect, silent_runtime, temporal_is_configured, worker_runtime
from runtime.embedded.ports import HOST, PortBook
from runtime.embedded.record import StackRecord, TemporalRecord, write_record
from runtime.embedded.stack import EmbeddedStack
from runtime.log_setup import configure_logging
from runtime.settings import LogFormat, Settings, SettingsError
from runtime.unreachable import TemporalUnreachable
from tests.chaos.proxy import Line
from tests.integration.embedded.conftest import kill_temporal, no_servers_left
from workflows.converter import DATA_CONVERTER


@pytest.fixture(scope="module")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedStack]:
    folder = tmp_path_factory.mktemp("stack")
    async with no_servers_left(folder), EmbeddedStack(folder, postgres=False, smtp=False) as stack:
        yield stack
        kill_temporal(folder)


def a_closed_port(tmp_path: Path) -> str:
    return f"{HOST}:{PortBook(tmp_path / 'closed.json').take('nobody')}"


async def refusal(settings: Settings) -> str:
    with pytest.raises(TemporalUnreachable) as caught:
        await connect(settings)
    assert caught.value.__cause__ is None
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_nothing_listening_is_said_at_once_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    address = a_closed_port(tmp_path)
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)

    message = await refusal(Settings(data_dir=tmp_path))

    assert message.startswith(f"No Temporal server at {address} (connection refused).")
    assert "worker.py --dev" in message
    assert "TEMPORAL_ADDRESS" in message


async def test_a_server_that_accepts_and_stays_silent_is_given_up_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("runtime.connection.CONNECT_SECONDS", 0.2)
    done = asyncio.Event()

    async def stay_silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await done.wait()
        writer.close()

    async with await asyncio.start_server(stay_silent, HOST, 0) as server:
        port = server.sockets[0].getsockname()[1]
        monkeypatch.setenv("TEMPORAL_ADDRESS", f"{HOST}:{port}")
        assert "no answer within" in await refusal(Settings(data_dir=tmp_path))
        done.set()


async def test_an_unknown_host_is_called_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.invalid:7233")

    assert "temporal.invalid:7233" in await refusal(Settings(data_dir=tmp_path))


async def test_a_running_stack_of_the_data_folder_is_used(stack: EmbeddedStack) -> None:
    client = await connect(stack.settings(Settings()))

    assert client.service_client.config.target_host == stack.temporal_address
    assert client.data_converter is DATA_CONVERTER
    assert await client.service_client.check_health()


async def test_a_configured_address_wins_over_the_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address = a_closed_port(tmp_path)
    record = TemporalRecord(pid=1, address=f"{HOST}:1", ui_url="", metrics_url="")
    write_record(tmp_path, StackRecord(pid=1, temporal=record))
    monkeypatch.setenv("TEMPORAL_ADDRESS", address)

    assert f"at {address} (" in await refusal(Settings(data_dir=tmp_path))


async def test_a_profile_in_a_file_says_where_temporal_is(
    monkeypatch: pytest.MonkeyPatch, stack: EmbeddedStack, tmp_path: Path
) -> None:
    profile = tmp_path / "temporal.toml"
    profile.write_text(f'[profile.lab]\naddress = "{stack.temporal_address}"\nnamespace = "default"\n')
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(profile))
    monkeypatch.setenv("TEMPORAL_PROFILE", "lab")

    client = await connect(Settings(data_dir=tmp_path))

    assert isinstance(client, Client)
    assert temporal_is_configured()


async def test_the_record_of_a_server_that_has_ended_is_not_believed(tmp_path: Path) -> None:
    gone = TemporalRecord(pid=2**22 + 1, address=f"{HOST}:1", ui_url="", metrics_url="")
    write_record(tmp_path, StackRecord(pid=2**22 + 1, temporal=gone))

    message = await refusal(Settings(data_dir=tmp_path))

    assert message.startswith(f"No `worker.py --dev` runs in `{tmp_path}`, and TEMPORAL_ADDRESS is not set. ")
    assert "at localhost:7233" in message


@pytest.mark.parametrize(("text", "profile"), [("broken = [", ""), ("", "nowhere")])
async def test_a_profile_that_cannot_be_read_is_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, profile: str
) -> None:
    file = tmp_path / "temporal.toml"
    file.write_text(text)
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(file))
    if profile:
        monkeypatch.setenv("TEMPORAL_PROFILE", profile)

    with pytest.raises(SettingsError, match=r"^TEMPORAL_(PROFILE|CONFIG_FILE): [^\n]*$"):
        await connect(Settings(data_dir=tmp_path))


def test_temporal_counts_as_configured_only_with_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not temporal_is_configured()
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example.com:7233")
    assert temporal_is_configured()


async def test_a_workers_metrics_are_served_where_the_setting_says(stack: EmbeddedStack, tmp_path: Path) -> None:
    address = a_closed_port(tmp_path)
    settings = stack.settings(Settings(metrics_address=address))
    await connect(settings, runtime=worker_runtime(settings))

    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()

    assert b"temporal_request" in answer


_KEPT: list[Runtime] = []
"""Runtimes that have threads of their own: one of those threads would panic if it collected its runtime as garbage."""


async def cut_off(runtime: Runtime, stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask a server that goes away after the connection; the SDK says that it tries again, then gives up."""
    _KEPT.append(runtime)
    host, _, port = stack.temporal_address.partition(":")
    async with Line(host, int(port)) as line:
        monkeypatch.setenv("TEMPORAL_ADDRESS", line.address)
        client = await connect(Settings(), runtime=runtime)
        await line.refuse()
        with pytest.raises(RPCError):
            await client.get_workflow_handle("nobody").describe(rpc_timeout=timedelta(seconds=2))


class Log(io.StringIO):
    """Records when something was written, from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def write(self, text: str) -> int:
        length = super().write(text)
        if text.endswith("\n"):
            self.written.set()
        return length


@pytest.mark.usefixtures("logging_as_it_was")
async def test_what_the_sdk_says_in_a_worker_goes_where_its_log_goes(
    stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    log = Log()
    configure_logging(Settings(log_format=LogFormat.JSON), log)

    await cut_off(worker_runtime(Settings(metrics_address=None)), stack, monkeypatch)

    assert await asyncio.to_thread(log.written.wait, 10), "the SDK hands its lines over a few milliseconds later"
    line = json.loads(log.getvalue().splitlines()[0])
    assert (line["level"], line["logger"]) == ("warning", "temporalio")
    assert "temporal_log" not in line
    assert capfd.readouterr().out == ""


async def test_the_sdk_writes_nothing_between_the_answers_of_the_command_line(
    stack: EmbeddedStack, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    await cut_off(silent_runtime(), stack, monkeypatch)

    assert capfd.readouterr() == ("", "")
