"""The real PostgreSQL: its data outlives it, and what a crash leaves behind never stops the next start."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import psutil
import pytest

from runtime.embedded.errors import EmbeddedError
from runtime.embedded.postgres import EmbeddedPostgres
from tests.integration.embedded.conftest import kill, no_servers_left, servers_of


@pytest.fixture
def bystander() -> Iterator["subprocess.Popen[bytes]"]:
    """A process of this user that has nothing to do with any server."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


async def run_sql(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def write_a_row(dsn: str) -> None:
    await run_sql(dsn, "DROP TABLE IF EXISTS kept")
    await run_sql(dsn, "CREATE TABLE kept AS SELECT 42 AS answer")


async def read_the_row(dsn: str) -> object:
    return await run_sql(dsn, "SELECT answer FROM kept")


@pytest.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedPostgres]:
    """One in a deep folder, where an earlier start was killed while it made the data."""
    folder = tmp_path_factory.mktemp("deep")
    deep = folder / ("d" * 60) / ("e" * 60)
    (deep / "postgres.new").mkdir(parents=True)
    (deep / "postgres.new" / "half").write_text("of it")
    async with no_servers_left(deep):
        server = EmbeddedPostgres(deep)
        await server.start()
        yield server
        await server.stop()
    shutil.rmtree(folder)


async def test_a_folder_too_deep_for_a_socket_is_fine(server: EmbeddedPostgres) -> None:
    assert len(str(server._data)) > 107
    assert await run_sql(server.dsn, "SELECT current_database()") == "escalations"


async def test_a_start_that_was_cut_short_leaves_nothing_in_the_way(server: EmbeddedPostgres) -> None:
    names = {path.name for path in server._folder.iterdir()}

    assert "postgres" in names
    assert "postgres.new" not in names


async def test_it_speaks_utc_and_accepts_no_one_without_the_password(server: EmbeddedPostgres) -> None:
    password = urlsplit(server.dsn).password
    assert password

    assert await run_sql(server.dsn, "SHOW timezone") == "UTC"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await run_sql(server.dsn.replace(password, "guess"), "SELECT 1")
    assert server._password_file.stat().st_mode & 0o077 == 0


async def test_stopping_hangs_up_and_the_next_start_finds_the_data_at_the_same_address(used_dir: Path) -> None:
    first = EmbeddedPostgres(used_dir)
    await first.start()
    await write_a_row(first.dsn)
    connection = await asyncpg.connect(first.dsn)

    await first.stop()

    assert servers_of(used_dir) == {}
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT 1")
    connection.terminate()
    second = EmbeddedPostgres(used_dir)
    await second.start()
    assert second.dsn == first.dsn
    assert await read_the_row(second.dsn) == 42
    await second.stop()


async def test_committed_data_survives_the_servers_kill(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    await write_a_row(server.dsn)
    kill(server)
    assert (used_dir / "postgres" / "postmaster.pid").exists()

    again = EmbeddedPostgres(used_dir)
    await again.start()

    assert await read_the_row(again.dsn) == 42
    await again.stop()


async def test_a_stale_pid_file_that_names_another_process_harms_neither(
    used_dir: Path, bystander: "subprocess.Popen[bytes]"
) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    await write_a_row(server.dsn)
    kill(server)
    pid_file = used_dir / "postgres" / "postmaster.pid"
    pid_file.write_text("\n".join([str(bystander.pid), *pid_file.read_text().splitlines()[1:]]) + "\n")

    again = EmbeddedPostgres(used_dir)
    await again.start()

    assert await read_the_row(again.dsn) == 42
    assert bystander.poll() is None
    await again.stop()


async def test_the_next_start_waits_for_a_killed_servers_last_child(used_dir: Path) -> None:
    server = EmbeddedPostgres(used_dir)
    await server.start()
    await write_a_row(server.dsn)
    child = psutil.Process(server.record.pid).children()[0]
    child.suspend()  # it can't notice that the server dies, and still holds the data
    kill(server)

    again = EmbeddedPostgres(used_dir)
    start = asyncio.create_task(again.start())
    await until_the_log_says(used_dir / "postgres.log", "is still in use")
    assert not start.done()
    child.kill()
    await start

    assert await read_the_row(again.dsn) == 42
    await again.stop()


async def until_the_log_says(log: Path, words: str) -> None:
    async with asyncio.timeout(10):
        while True:
            if words in await asyncio.to_thread(log.read_text):
                return
            await asyncio.sleep(0.02)


async def test_a_left_over_server_is_taken_over_and_can_be_stopped(used_dir: Path) -> None:
    left_over = EmbeddedPostgres(used_dir)
    await left_over.start()

    ours = EmbeddedPostgres(used_dir)
    await ours.start()

    assert ours.record == left_over.record
    await ours.stop()
    await left_over.stop()
    assert servers_of(used_dir) == {}


async def test_data_of_a_version_that_is_not_installed_is_refused_and_left_alone(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("99\n")

    with pytest.raises(EmbeddedError, match="made by PostgreSQL 99"):
        await EmbeddedPostgres(data_dir).start()

    assert (data_dir / "postgres" / "PG_VERSION").read_text() == "99\n"
