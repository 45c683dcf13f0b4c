"""A real PostgreSQL that the command line is pointed at, and no configuration of the user's."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from tests.unit.starter.desk import Desk


@pytest.fixture(autouse=True)
def nothing_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_PROFILE", "TEMPORAL_API_KEY", "TEMPORAL_TLS"):
        monkeypatch.delenv(name, raising=False)
    for name in ("ESCALATIONS_BY", "ESCALATIONS_DSN", "COLUMNS", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "none.toml").touch()
    monkeypatch.setenv("TEMPORAL_CONFIG_FILE", str(tmp_path / "none.toml"))
    monkeypatch.setenv("ESCALATIONS_DATA_DIR", str(tmp_path))


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, dsn: str) -> Desk:
    """The command line on a database with the schema and no rows."""
    monkeypatch.setenv("ESCALATIONS_DSN", dsn)
    return Desk()


@pytest.fixture
def fresh_desk(monkeypatch: pytest.MonkeyPatch, empty_dsn: str) -> Desk:
    """The command line on a database without any schema."""
    monkeypatch.setenv("ESCALATIONS_DSN", empty_dsn)
    return Desk()


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    async with Database.open(dsn, pool_size=2) as database:
        yield database
