"""The whole stack of a folder: one owner, others join, and a killed owner loses nothing."""

import asyncio
import json
import signal
from pathlib import Path

import aiosmtplib
import asyncpg
import psutil
import pytest

from runtime.embedded.errors import EmbeddedError
from runtime.embedded.ports import is_free
from runtime.embedded.processes import stop_server
from runtime.embedded.record import FolderLock, read_record
from runtime.embedded.stack import EmbeddedStack
from runtime.settings import Settings
from tests.integration.embedded.conftest import StartOwner, kill_temporal, servers_of
from tests.integration.embedded.test_postgres import read_the_row, run_sql, write_a_row
from tests.integration.embedded.test_temporal_server import open_workflow, status_of

ATTRIBUTES = {"Stage": "Keyword"}


async def send_mail(host: str, port: int) -> None:
    content = "Subject: hello\r\n\r\nhello\r\n"
    async with aiosmtplib.SMTP(hostname=host, port=port, timeout=5) as client:
        await client.sendmail("support@example.com", ["dana@example.org"], content)


async def test_the_stack_brings_up_three_servers_and_takes_them_down(data_dir: Path) -> None:
    async with EmbeddedStack(data_dir / "new", search_attributes=ATTRIBUTES) as stack:
        await open_workflow(stack.temporal_address, "one", "working")
        await write_a_row(stack.dsn)
        await send_mail(stack.smtp_host, stack.smtp_port)

        assert [received.message["Subject"] for received in stack.sink.messages] == ["hello"]
        assert set(servers_of(data_dir / "new")) == {"temporal", "postgres"}
        record = read_record(data_dir / "new")
        assert record is not None
        assert record.temporal is not None
        assert record.temporal.address == stack.temporal_address
        assert (data_dir / "new" / "stack.json").stat().st_mode & 0o077 == 0

    assert not (data_dir / "new" / "stack.json").exists()
    assert servers_of(data_dir / "new") == {}
    ports: dict[str, int] = json.loads((data_dir / "new" / "ports.json").read_text())
    assert len(ports) == 5
    assert all(is_free(port) for port in ports.values())


async def test_after_a_stop_the_data_is_there_and_the_addresses_are_the_same(used_dir: Path) -> None:
    async with EmbeddedStack(used_dir, search_attributes=ATTRIBUTES) as stack:
        await open_workflow(stack.temporal_address, "before-the-stop")
        await write_a_row(stack.dsn)
        before = (stack.temporal_address, stack.ui_url, stack.metrics_url, stack.dsn, stack.smtp_port)

    async with EmbeddedStack(used_dir, search_attributes=ATTRIBUTES) as stack:
        assert (stack.temporal_address, stack.ui_url, stack.metrics_url, stack.dsn, stack.smtp_port) == before
        assert await status_of(stack.temporal_address, "before-the-stop") is not None
        assert await read_the_row(stack.dsn) == 42
        kill_temporal(used_dir)


async def test_two_that_start_together_share_one_set_of_servers(used_dir: Path) -> None:
    first, second = EmbeddedStack(used_dir), EmbeddedStack(used_dir)

    await asyncio.gather(first.__aenter__(), second.__aenter__())

    assert sorted([first.owned, second.owned]) == [False, True]
    assert (first.dsn, first.temporal_address) == (second.dsn, second.temporal_address)
    owner, guest = (first, second) if first.owned else (second, first)
    with pytest.raises(EmbeddedError, match=r"received mail is in .*mail"):
        _ = guest.sink
    await guest.__aexit__(None, None, None)
    assert await run_sql(owner.dsn, "SELECT 1") == 1
    kill_temporal(used_dir)
    await owner.__aexit__(None, None, None)
    assert servers_of(used_dir) == {}


async def test_a_second_program_joins_and_leaves_the_owners_servers_running(
    used_dir: Path, start_owner: StartOwner
) -> None:
    owner = start_owner(used_dir)
    mails_before = len(list((used_dir / "mail").iterdir()))

    async with EmbeddedStack(used_dir, search_attributes={"Skills": "KeywordList"}) as guest:
        assert not guest.owned
        await write_a_row(guest.dsn)
        await send_mail(guest.smtp_host, guest.smtp_port)

    assert set(servers_of(used_dir)) == {"temporal", "postgres"}
    assert len(list((used_dir / "mail").iterdir())) == mails_before + 1
    owner.communicate(timeout=30)  # its input closes, and it stops in order
    assert owner.returncode == 0
    assert servers_of(used_dir) == {}


async def test_a_killed_owners_servers_are_taken_over_with_their_data(used_dir: Path, start_owner: StartOwner) -> None:
    owner = start_owner(used_dir)
    record = read_record(used_dir)
    assert record is not None
    assert record.temporal is not None
    assert record.postgres is not None
    await open_workflow(record.temporal.address, "taken-over", "working")
    await write_a_row(record.postgres.dsn)
    owner.send_signal(signal.SIGKILL)
    owner.wait(10)

    async with EmbeddedStack(used_dir, search_attributes=ATTRIBUTES) as stack:
        assert stack.owned
        found = read_record(used_dir)
        assert found is not None
        assert (found.temporal, found.postgres, found.smtp) == (record.temporal, record.postgres, record.smtp)
        assert await status_of(stack.temporal_address, "taken-over") is not None
        assert await read_the_row(stack.dsn) == 42
        kill_temporal(used_dir)

    assert servers_of(used_dir) == {}


async def test_when_everything_was_killed_the_next_start_brings_it_back_with_its_data(
    used_dir: Path, start_owner: StartOwner
) -> None:
    owner = start_owner(used_dir)
    record = read_record(used_dir)
    assert record is not None
    assert record.temporal is not None
    assert record.postgres is not None
    await open_workflow(record.temporal.address, "all-killed")
    await write_a_row(record.postgres.dsn)
    owner.kill()
    for server in servers_of(used_dir).values():
        await stop_server(server)
    assert (used_dir / "stack.json").exists()

    async with EmbeddedStack(used_dir, search_attributes=ATTRIBUTES) as stack:
        assert await status_of(stack.temporal_address, "all-killed") is not None
        assert await read_the_row(stack.dsn) == 42
        kill_temporal(used_dir)


async def test_an_owner_whose_servers_have_ended_is_named(
    used_dir: Path, start_owner: StartOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.embedded.stack.JOIN_SECONDS", 0.5)
    owner = start_owner(used_dir)
    servers_of(used_dir)["temporal"].kill()

    with pytest.raises(EmbeddedError, match=rf"belongs to process {owner.pid}, but its servers don't answer"):
        async with EmbeddedStack(used_dir):
            pass


async def test_when_one_server_cannot_start_the_others_are_stopped_again(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("99\n")

    with pytest.raises(EmbeddedError, match="made by PostgreSQL 99"):
        async with EmbeddedStack(data_dir):
            pass

    assert servers_of(data_dir) == {}
    assert not (data_dir / "stack.json").exists()
    lock = FolderLock(data_dir)
    assert lock.take()
    lock.release()


async def test_the_settings_of_a_stack_point_at_its_servers(used_dir: Path) -> None:
    base = Settings(smtp_host="mail.example.com", smtp_starttls=True, smtp_username="us", task_queue="mine")
    async with EmbeddedStack(used_dir, temporal=False) as stack:
        settings = stack.settings(base)

        connection = await asyncpg.connect(settings.require_dsn())
        await connection.close()
        assert (settings.smtp_host, settings.smtp_port) == (stack.smtp_host, stack.smtp_port)
        assert (settings.smtp_starttls, settings.smtp_username) == (False, None)
        assert settings.data_dir == used_dir
        assert settings.task_queue == "mine"


async def test_a_part_that_is_left_out_stays_as_it_was_configured(data_dir: Path) -> None:
    base = Settings(smtp_host="mail.example.com")
    async with EmbeddedStack(data_dir, postgres=False, smtp=False) as stack:
        assert set(servers_of(data_dir)) == {"temporal"}
        assert stack.settings(base).smtp_host == "mail.example.com"
        assert stack.settings(base).dsn is None
        with pytest.raises(EmbeddedError, match="runs no PostgreSQL"):
            _ = stack.dsn
        with pytest.raises(EmbeddedError, match="runs no PostgreSQL"):
            async with EmbeddedStack(data_dir):
                pass
        kill_temporal(data_dir)


async def test_a_stack_that_was_not_entered_says_so(data_dir: Path) -> None:
    with pytest.raises(EmbeddedError, match="async with"):
        _ = EmbeddedStack(data_dir).temporal_address


async def test_an_unreadable_record_is_not_a_record(data_dir: Path) -> None:
    (data_dir / "stack.json").write_text("{half")

    assert read_record(data_dir) is None
    async with EmbeddedStack(data_dir, temporal=False, postgres=False) as stack:
        assert stack.owned


async def test_a_record_with_another_programs_process_id_never_gets_it_killed(data_dir: Path) -> None:
    bystander = psutil.Popen(["sleep", "600"])
    record = {"pid": bystander.pid, "temporal": {"pid": bystander.pid, "address": "127.0.0.1:1"}}
    record["temporal"] |= {"ui_url": "", "metrics_url": ""}  # type: ignore[operator]  # a plain JSON document
    (data_dir / "stack.json").write_text(json.dumps(record))

    async with EmbeddedStack(data_dir, postgres=False, smtp=False):
        kill_temporal(data_dir)

    assert bystander.is_running()
    bystander.kill()
    bystander.wait(5)
