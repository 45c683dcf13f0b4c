"""What happens when PostgreSQL goes away, and when it comes back."""

import asyncio
import time
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.faults import InvalidDsn, place
from activities.adapters.postgres.ledger import Ledger
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.records import Records
from activities.errors import DatabaseUnavailable, UnstorableValue
from escalation.vocabulary import Channel
from tests.integration.postgres.server import Line, Server, create_database, running_server
from tests.unit.activities.builders import CASE, OPENED, Clock, batch, note


def through(line: Line, dsn: str, user: str = "") -> str:
    """The address by way of the line; another user's password is xyzzy."""
    address = urlsplit(dsn)
    who = f"{user}:xyzzy" if user else f"{address.username}:{address.password}"
    return urlunsplit(address._replace(netloc=f"{who}@127.0.0.1:{line.port}"))


@pytest.mark.parametrize(
    ("dsn", "where"),
    [
        ("postgresql://user:xyzzy@db.example.com:6432/escalations", "db.example.com:6432"),
        ("postgresql://user:xyzzy@db.example.com/escalations", "db.example.com:5432"),
        ("postgresql://user:xyzzy@/escalations?host=/run/postgresql", "/run/postgresql:5432"),
        ("postgresql:///escalations", "localhost:5432"),
        ("postgresql://user:xyzzy@db.example.com:port/escalations", "the configured address"),
    ],
)
def test_messages_say_where_and_never_with_which_password(dsn: str, where: str) -> None:
    assert place(dsn) == where


async def test_starting_while_no_one_listens_says_where_it_tried(line: Line) -> None:
    await line.cut()
    with pytest.raises(DatabaseUnavailable, match=f"127.0.0.1:{line.port} is not available") as refused:
        async with Database.open(f"postgresql://someone:xyzzy@127.0.0.1:{line.port}/escalations"):
            pass
    assert "xyzzy" not in f"{refused.value} {refused.value.__cause__}"
    line.connect()


@pytest.mark.parametrize("dsn", ["mysql://u:xyzzy@127.0.0.1/x", "postgresql://u:xyzzy@127.0.0.1:port/x"])
async def test_an_address_that_cannot_be_read_is_not_repeated(dsn: str) -> None:
    with pytest.raises(InvalidDsn) as refused:
        async with Database.open(dsn):
            pass
    assert "xyzzy" not in str(refused.value)
    assert refused.value.__cause__ is None


async def test_a_missing_database_is_said_so(server: Server) -> None:
    with pytest.raises(DatabaseUnavailable, match='database "nowhere" does not exist'):
        async with Database.open(server.dsn("nowhere")):
            pass


async def test_a_cut_line_is_a_database_that_is_unreachable_and_the_pool_recovers(line: Line, dsn: str) -> None:
    async with Database.open(through(line, dsn)) as database:
        records = Records(database)
        await records.append(batch([OPENED]))
        await line.cut()
        for _ in range(3):
            with pytest.raises(DatabaseUnavailable):
                await records.append(batch([note("a")], first=2))
        line.connect()
        await records.append(batch([note("a")], first=2))
        assert (await records.view(CASE)).last_seq == 2


async def test_a_line_cut_in_the_middle_of_a_statement_leaves_nothing_half_done(
    line: Line, dsn: str, database: Database
) -> None:
    async with Database.open(through(line, dsn)) as cut_off, database.transaction() as holding:
        await Records(database).append(batch([OPENED]))
        await holding.execute("select from escalations for update")
        writing = asyncio.create_task(Records(cut_off).append(batch([note("a")], first=2)))
        await _until_somebody_waits(database)
        await line.cut()
        with pytest.raises(DatabaseUnavailable):
            await writing
        line.connect()
    await Records(database).append(batch([OPENED, note("a"), note("b")]))
    assert (await Records(database).view(CASE)).last_seq == 3


async def test_an_administrator_who_ends_the_connection_is_survived(dsn: str, database: Database) -> None:
    async with Database.open(dsn, pool_size=1) as ours:

        async def work() -> None:
            async with ours.connection() as connection, database.connection() as administrator:
                pid = await connection.fetchval("select pg_backend_pid()")
                await administrator.execute("select pg_terminate_backend($1)", pid)
                await connection.execute("select 1")

        with pytest.raises(DatabaseUnavailable):
            await work()
        await Records(ours).append(batch([OPENED]))


async def test_a_line_that_swallows_everything_is_given_up_on(line: Line, dsn: str) -> None:
    opened = Database.open(through(line, dsn), acquire_seconds=0.2, command_seconds=0.2)
    async with opened as database:
        line.silent = True
        before = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match="no answer in time"):
            await Records(database).append(batch([OPENED]))
        assert time.monotonic() - before < 5
        line.silent = False
        await line.cut()
        line.connect()
        await Records(database).append(batch([OPENED]))


async def test_when_all_connections_are_in_use_waiting_has_an_end(dsn: str) -> None:
    async with Database.open(dsn, pool_size=1, acquire_seconds=0.1) as database, database.connection():
        with pytest.raises(DatabaseUnavailable):
            await Records(database).view(CASE)


async def test_too_many_connections_is_a_database_that_is_unreachable(line: Line, dsn: str, database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute(
            "create role narrow login password 'xyzzy' connection limit 1; grant pg_read_all_data to narrow"
        )
    try:
        async with Database.open(through(line, dsn, "narrow"), pool_size=2) as narrow, narrow.connection():
            with pytest.raises(DatabaseUnavailable, match="too many connections"):
                await Ledger(narrow, Clock()).claim(CASE, "k", channel=Channel.EMAIL, kind="receipt", to="customer")
    finally:
        async with database.connection() as connection:
            await connection.execute("drop owned by narrow; drop role narrow")


async def test_asking_after_the_pool_was_closed_is_an_outage_and_no_riddle(dsn: str) -> None:
    async with Database.open(dsn) as database:
        records = Records(database)
    with pytest.raises(DatabaseUnavailable, match="closed"):
        await records.view(CASE)


async def test_an_error_of_our_own_is_not_mistaken_for_an_outage(database: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with database.connection() as connection:
            await connection.execute("select 1 / 0")
    with pytest.raises(asyncpg.InterfaceError):
        async with database.connection() as connection:
            await connection.fetch("select $1::int")


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    async def work() -> None:
        async with database.transaction() as connection:
            await connection.execute("insert into people (id, name, address) values ('ana', 'Ana', 'a@example.com')")
            await connection.execute("select 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await work()
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from people") == 0


async def test_a_server_that_is_restarted_is_found_again() -> None:
    async with running_server() as server:
        dsn = await create_database(server, "restarted")
        await migrate(dsn)
        async with Database.open(dsn) as database:
            records = Records(database)
            await records.append(batch([OPENED]))
            await server.stop()
            with pytest.raises(DatabaseUnavailable):
                await records.view(CASE)
            await server.start()
            assert (await records.view(CASE)).last_seq == 1


async def _until_somebody_waits(database: Database) -> None:
    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    async with database.connection() as connection:
        while await connection.fetchval(waiting) == 0:
            pass


@pytest.mark.parametrize("value", ["a\x00b", "half \ud83d"])
async def test_a_value_that_postgresql_cannot_hold_is_refused_for_good(database: Database, value: str) -> None:
    with pytest.raises(UnstorableValue, match="cannot hold a value") as refused:
        async with database.connection() as connection:
            await connection.fetchval("select $1::text", value)
    assert value not in str(refused.value)


async def test_a_number_that_postgresql_cannot_hold_is_refused_for_good(database: Database) -> None:
    with pytest.raises(UnstorableValue):
        async with database.connection() as connection:
            await connection.fetchval("select $1::int", 10**12)
