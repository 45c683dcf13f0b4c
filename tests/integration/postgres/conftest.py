"""One PostgreSQL for all tests of this folder; each begins with the schema and without rows."""

from collections.abc import AsyncIterator
from itertools import count

import asyncpg
import pytest
import pytest_asyncio

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.migrate import migrate
from tests.integration.postgres.server import Line, Server, create_database, drop_database, line_to, running_server
from tests.unit.activities.builders import Clock

POOL_SIZE = 20

EMPTY = """
    set session_replication_role = replica;  -- the timeline's trigger would refuse
    truncate escalations, timeline, timeline_superseded, reviews, deliveries, deliveries_in, people, shifts, assignments, policies, rosters,
        absences, incidents, incident_timeline, lives, long_texts, api_keys, http_answers, action_links, desk_tickets cascade;
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


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    async with Database.open(dsn, pool_size=POOL_SIZE) as database:
        yield database


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def line(server: Server) -> AsyncIterator[Line]:
    """A TCP line to the server that a test may cut."""
    async with line_to(server) as line:
        yield line
