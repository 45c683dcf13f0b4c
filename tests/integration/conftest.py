"""One PostgreSQL for all tests that need one; each begins with the schema and without rows."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest
import pytest_asyncio

from activities.adapters.postgres.migrate import migrate
from tests.integration.postgres.server import Server, create_database, drop_database, running_server

EMPTY = """
    do $$
    declare
        filled regclass;
    begin
        set local session_replication_role = replica;  -- the timeline's trigger would refuse
        for filled in select oid from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'schema_migrations' loop
            if pg_relation_size(filled) > 1000000 then
                execute format('truncate %s cascade', filled);
            else  -- to truncate two dozen tables takes longer than most tests
                execute format('delete from %s', filled);
            end if;
        end loop;
    end $$
"""

_numbers = count(1)


@pytest_asyncio.fixture(scope="session")
async def server() -> AsyncIterator[Server]:
    async with running_server() as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def migrated_dsn(server: Server) -> str:
    await server.hurry()
    dsn = await create_database(server, "migrated")
    await migrate(dsn)
    return dsn


@pytest.fixture
async def empty_dsn(server: Server) -> AsyncIterator[str]:
    """A database of the test's own, without any schema."""
    name = f"empty_{next(_numbers)}"
    yield await create_database(server, name)
    await drop_database(server, name)


@pytest.fixture
async def dsn(migrated_dsn: str) -> str:
    """A database with the schema and no rows."""
    connection = await asyncpg.connect(migrated_dsn)
    await connection.execute(EMPTY)
    await connection.close()
    return migrated_dsn
