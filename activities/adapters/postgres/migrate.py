"""Brings the schema up to date: numbered files in dbmate's format, one transaction each, one runner at a time.

dbmate itself can run the same files: the table `schema_migrations` is the one it keeps.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from activities.adapters.postgres.database import CLOSE_SECONDS, CONNECT_SECONDS, SESSION, Database, bad_dsn
from activities.adapters.postgres.faults import AWAY, UNFIT, place, schema_missing, unavailable, unfit
from activities.adapters.postgres.fitness import require_create, require_fit
from activities.adapters.postgres.statements import SQL
from activities.errors import ActivityError

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

MIGRATIONS = SQL / "migrations"

LOCK = 0x6573_6361_6C61_7465  # number of the advisory lock that runners queue up for

LOCK_SECONDS = 60  # how long a runner waits for another one, or for a table in use

STEP_SECONDS = 600.0  # how long one statement of a migration may take

_FILE = re.compile(r"^(?P<version>\d+)_(?P<name>\w+)\.sql$")
_UP = re.compile(r"^-- migrate:up(?P<options>.*)$", re.MULTILINE)
_DOWN = re.compile(r"^-- migrate:down(?P<options>.*)$", re.MULTILINE)
_COMMENT = re.compile(r"--.*")


class MigrationFailed(ActivityError):
    """A migration could not be applied; nothing of it was kept."""


class BadMigration(ActivityError):
    """A migration file does not have the form that is read here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema."""

    version: str  # the digits its file name begins with
    source: str
    up: str
    down: str


def migrations(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """All migrations, in order.

    Raises:
        BadMigration: A file has another form, or two have the same number.
    """
    found = tuple(_read(path) for path in sorted(folder.glob("*.sql")))
    for earlier, later in pairwise(found):
        if later.version == earlier.version:
            raise BadMigration(f"{later.source}: its number is that of {earlier.source} too; take the next free one")
    return found


async def migrate(dsn: str, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Apply what is missing. Any number of runners may do so at once.

    Returns:
        The file names applied by this call, in order; empty when the schema was up to date.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        DatabaseUnfit: the encoding is not UTF8, it is read-only, or our role may not create tables.
        MigrationFailed: A step failed; it left nothing behind, the ones before it stay.
    """
    steps = migrations(folder)
    failure: MigrationFailed | None = None
    done: list[str] = []
    async with _runner(dsn) as connection:
        await require_fit(connection, place(dsn))
        async with _locked(connection):
            applied = await _applied(connection)
            missing = [step for step in steps if step.version not in applied]
            if missing:
                await require_create(connection, place(dsn))
                await _make_list(connection)
            try:
                for step in missing:
                    await _take(connection, step)
                    done.append(step.source)
            except MigrationFailed as error:
                failure = error  # raised after the steps before it were committed
    if failure is not None:
        raise failure
    return tuple(done)


async def revert(dsn: str, folder: Path = MIGRATIONS) -> str | None:
    """Roll back the latest migration. The data in its tables is deleted.

    Returns:
        The file name, or None when no step is left.
    """
    steps = {step.version: step for step in migrations(folder)}
    async with _runner(dsn) as connection, _locked(connection):
        applied = await _applied(connection)
        if not applied:
            return None
        latest = max(applied)
        if latest not in steps:
            raise MigrationFailed(f"no file for version {latest}; it was applied by a newer release, use that one")
        await _take_back(connection, steps[latest])
        return steps[latest].source


async def require_schema(database: Database, folder: Path = MIGRATIONS) -> None:
    """Make sure that every migration this program knows was applied; newer ones do not matter.

    Raises:
        SchemaMissing: Some are missing; the message names them.
    """
    async with database.connection() as connection:
        exists = await connection.fetchval("select to_regclass('schema_migrations') is not null")
        rows = await connection.fetch("select version from schema_migrations") if exists else []
    applied = {row["version"] for row in rows}
    missing = [step.source for step in migrations(folder) if step.version not in applied]
    if missing:
        raise schema_missing(database.where, f"{', '.join(missing)} not applied")


def _read(path: Path) -> Migration:
    name = _FILE.match(path.name)
    text = path.read_text(encoding="utf-8")
    up, down = _UP.search(text), _DOWN.search(text)
    if name is None:
        raise BadMigration(f"{path.name}: call it like 0001_what_it_adds.sql")
    if up is None or down is None or down.start() < up.start():
        raise BadMigration(f"{path.name}: it needs a line `-- migrate:up` and after it a line `-- migrate:down`")
    if up["options"].strip() or down["options"].strip():
        line = text.count("\n", 0, (up if up["options"].strip() else down).start()) + 1
        raise BadMigration(f"{path.name}:{line}: options are not read here; every step is one transaction")
    step = Migration(
        version=name["version"],
        source=path.name,
        up=text[up.end() : down.start()].strip(),
        down=text[down.end() :].strip(),
    )
    for way, below in (("up", step.up), ("down", step.down)):
        if not _COMMENT.sub("", below).strip():
            raise BadMigration(f"{path.name}: there is no statement below `-- migrate:{way}`; write what it does")
    return step


@asynccontextmanager
async def _runner(dsn: str) -> AsyncIterator["Connection"]:
    where = place(dsn)
    try:
        connection = await asyncpg.connect(
            dsn, timeout=CONNECT_SECONDS, command_timeout=STEP_SECONDS, statement_cache_size=0, server_settings=SESSION
        )
        try:
            yield connection
        finally:
            await connection.close(timeout=CLOSE_SECONDS)
    except UNFIT as error:
        raise unfit(where, error) from error
    except AWAY as error:
        raise unavailable(where, error) from error
    except asyncpg.ClientConfigurationError as error:
        raise bad_dsn(error) from None


@asynccontextmanager
async def _locked(connection: "Connection") -> AsyncIterator[None]:
    # A transaction that no other runner has at the same time; the steps in it are savepoints. The lock belongs to the
    # transaction, not to the connection: behind a pooler that shares connections, another client would get the
    # connection and hold the lock.
    async with connection.transaction():
        await connection.execute(f"set local lock_timeout = '{LOCK_SECONDS}s'")
        await connection.execute("select pg_advisory_xact_lock($1)", LOCK)
        yield


async def _applied(connection: "Connection") -> set[str]:
    if not await connection.fetchval("select to_regclass('schema_migrations') is not null"):
        return set()
    return {row["version"] for row in await connection.fetch("select version from schema_migrations")}


async def _make_list(connection: "Connection") -> None:
    await connection.execute("create table if not exists schema_migrations (version varchar(128) primary key)")


async def _take(connection: "Connection", step: Migration) -> None:
    async with _step(connection, step):
        await connection.execute(step.up)
        await connection.execute("insert into schema_migrations (version) values ($1)", step.version)


async def _take_back(connection: "Connection", step: Migration) -> None:
    async with _step(connection, step):
        await connection.execute(step.down)
        await connection.execute("delete from schema_migrations where version = $1", step.version)


@asynccontextmanager
async def _step(connection: "Connection", step: Migration) -> AsyncIterator[None]:
    try:
        async with connection.transaction():
            yield
    except (*AWAY, *UNFIT):
        raise
    except asyncpg.PostgresError as error:
        raise MigrationFailed(f"{step.source}: {error}; nothing of it was kept") from error
