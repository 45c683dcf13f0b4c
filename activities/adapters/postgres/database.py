"""The pool of connections, and the one place where PostgreSQL's errors become ours."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

import asyncpg

from activities.adapters.postgres.faults import (
    AWAY,
    OUTDATED,
    UNFIT,
    UNSTORABLE,
    InvalidDsn,
    place,
    schema_missing,
    unavailable,
    unfit,
    unstorable,
)

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

CONNECT_SECONDS = 5.0
ACQUIRE_SECONDS = 2.0
COMMAND_SECONDS = 10.0
CLOSE_SECONDS = 5.0
CACHED_STATEMENTS = 100

SESSION = {"timezone": "UTC", "application_name": "escalations"}


class Database:
    """A pool of connections to one database.

    It recovers by itself: a connection that broke is replaced when the next one is asked for.
    """

    def __init__(self, pool: "Pool", where: str, *, acquire_seconds: float = ACQUIRE_SECONDS) -> None:
        self._pool = pool
        self._acquire_seconds = acquire_seconds
        self.where = where

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        dsn: str,
        *,
        pool_size: int = 10,
        acquire_seconds: float = ACQUIRE_SECONDS,
        command_seconds: float = COMMAND_SECONDS,
    ) -> AsyncIterator["Database"]:
        """Connect, and close on the way out.

        Args:
            dsn: Address, `postgresql://user:password@host:port/database`.
            pool_size: The most connections held at once.
            acquire_seconds: How long to wait for a free connection.
            command_seconds: How long one statement may take.

        Raises:
            DatabaseUnavailable: The server does not answer; the message has its address, never the password.
            InvalidDsn: The address cannot be read.
        """
        where = place(dsn)
        pool = await _connect(dsn, where, pool_size, command_seconds)
        try:
            yield cls(pool, where, acquire_seconds=acquire_seconds)
        finally:
            await _close(pool)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """Borrow a connection.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer, or no connection became free in time.
            SchemaMissing: Tables are missing.
        """
        with self._explained():
            async with self._pool.acquire(timeout=self._acquire_seconds) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """Borrow a connection for one transaction; it is rolled back when the block raises."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Connection"]:
        """Borrow a connection for reading; all its queries see the same moment."""
        async with (
            self.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return self._pool.get_size()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OUTDATED as error:
            raise schema_missing(self.where, error) from error
        except UNFIT as error:
            raise unfit(self.where, error) from error
        except AWAY as error:
            raise unavailable(self.where, error) from error
        except asyncpg.DivisionByZeroError:
            raise  # of the same class, and a bug of ours
        except UNSTORABLE as error:
            raise unstorable(self.where, error) from error
        except asyncpg.InterfaceError as error:
            # asyncpg says it this way when it noticed the loss before the statement was sent. Other
            # InterfaceErrors are bugs of ours and stay as they are.
            if "closed" in str(error) or "released back to the pool" in str(error):
                raise unavailable(self.where, error) from error
            raise


async def _connect(dsn: str, where: str, pool_size: int, command_seconds: float) -> "Pool":
    try:
        # Prepared statements belong to a connection; a pooler may give the next transaction another one.
        cached = 0 if await _is_behind_a_pooler(dsn, command_seconds) else CACHED_STATEMENTS
        return await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=pool_size,
            timeout=CONNECT_SECONDS,
            command_timeout=command_seconds,
            server_settings=SESSION,
            statement_cache_size=cached,
            reset=_as_it_is,
        )
    except AWAY as error:
        raise unavailable(where, error) from error
    except (asyncpg.ClientConfigurationError, ValueError) as error:
        raise bad_dsn(error) from None


async def _as_it_is(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Spare the query that resets a session each time it is given back; what we set holds for a transaction only."""


async def _is_behind_a_pooler(dsn: str, command_seconds: float) -> bool:
    """Whether something like PgBouncer is in between: it gives out process ids of its own, not the server's."""
    connection = await asyncpg.connect(
        dsn,
        timeout=CONNECT_SECONDS,
        command_timeout=command_seconds,
        statement_cache_size=0,
        server_settings=SESSION,
    )
    try:
        real: int = await connection.fetchval("select pg_backend_pid()")
        return real != connection.get_server_pid()
    finally:
        await connection.close(timeout=CLOSE_SECONDS)


def bad_dsn(error: Exception) -> InvalidDsn:
    """The error for an address that cannot be read; it does not repeat the address, which may hold a password.

    Args:
        error: What the driver said; only words about TLS are passed on.
    """
    said = " ".join(str(error).split())
    if "ssl" in said.lower() or "certificate" in said:
        return InvalidDsn(f"ESCALATIONS_DSN: {said.rstrip('.')}; correct its ssl… parameters")
    return InvalidDsn(
        "the PostgreSQL address cannot be read; write it as postgresql://user:password@host:port/database"
    )


async def _close(pool: "Pool") -> None:
    try:
        await asyncio.wait_for(pool.close(), CLOSE_SECONDS)
    except (TimeoutError, *AWAY):
        pool.terminate()
