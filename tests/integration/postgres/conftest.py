"""PostgreSQL through our own pool, and a line to it."""

from collections.abc import AsyncIterator

import pytest

from activities.adapters.postgres.database import Database
from tests.integration.postgres.server import Line, Server, line_to
from tests.unit.activities.builders import Clock

POOL_SIZE = 20


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
