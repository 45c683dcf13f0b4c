"""One stack for the tests that don't stop it."""

from collections.abc import AsyncIterator

import pytest

from runtime.embedded.stack import EmbeddedStack
from tests.stack import running_stack


@pytest.fixture(scope="session")
async def stack(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EmbeddedStack]:
    """Temporal, PostgreSQL with its schema and a mail sink, shared: a test uses tickets or queues of its own."""
    async with running_stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack
