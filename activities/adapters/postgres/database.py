"""The connection pool, and the one place that translates PostgreSQL's errors into ours."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog

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
from activities.errors import DatabaseUnavailable, DatabaseUnfit

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

CONNECT_SECONDS = 5.0
ACQUIRE_SECONDS = 2.0
COMMAND_SECONDS = 10.0
CLOSE_SECONDS = 5.0
CACHED_STATEMENTS = 100

_log = structlog.stdlib.get_logger(__name__)

SESSION = {"timezone": "UTC", "application_name": "escalations"}


class Database:
    """A pool of connections to one database.

    It recovers by itself: a connection that broke is replaced when the next one is asked for.
    """

    def __init__(
        self,
        connect: Callable[[], Coroutine[Any, Any, "Pool"]],
        where: str,
        *,
        acquire_seconds: float = ACQUIRE_SECONDS,
    ) -> None:
        self._connect = connect
        self._connecting: asyncio.Task[Pool] | None = None
        self._pool: Pool | None = None
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
        or_later: bool = False,
    ) -> AsyncIterator["Database"]:
        """Connect, and close on the way out.

        Args:
            dsn: Address, `postgresql://user:password@host:port/database`.
            pool_size: The most connections held at once.
            acquire_seconds: How long to wait for a free connection.
            command_seconds: How long one statement may take.
            or_later: Begin also while the server does not answer; it is connected to once it is used and answers.

        Raises:
            DatabaseUnavailable: The server does not answer; the message has its address, never the password.
            InvalidDsn: The address cannot be read.
        """
        where = place(dsn)
        connect = partial(_connect, dsn, where, pool_size, command_seconds)
        database = cls(connect, where, acquire_seconds=acquire_seconds)
        try:
            try:
                await database._opened(None)
            except DatabaseUnfit:
                raise
            except DatabaseUnavailable as error:
                if not or_later:
                    raise
                _log.warning("postgresql unreachable at start", error=str(error))
            yield database
        finally:
            await database._close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator["Connection"]:
        """Borrow a connection.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer, or no connection became free in time.
            SchemaMissing: Tables are missing.
        """
        with self._explained():
            pool = self._pool or await self._opened(self._acquire_seconds)
            async with pool.acquire(timeout=self._acquire_seconds) as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """Borrow a connection for one transaction; it is rolled back when the block raises."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Connection"]:
        """Borrow a connection for reading; all its queries see the same moment."""
        async with self.connection() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            yield connection

    @property
    def connections(self) -> int:
        """Number of open connections."""
        return self._pool.get_size() if self._pool else 0

    async def _opened(self, seconds: float | None) -> "Pool":
        """The pool; who waits for it at the same time waits for the same attempt."""
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect())
            self._connecting.add_done_callback(self._connected)
        async with asyncio.timeout(seconds):
            return await asyncio.shield(self._connecting)

    def _connected(self, attempt: "asyncio.Task[Pool]") -> None:
        # Asked for, so that no attempt ends unheard that everyone stopped waiting for.
        if attempt.cancelled() or attempt.exception() is not None:
            self._connecting = None
        else:
            self._pool = attempt.result()

    async def _close(self) -> None:
        if self._connecting is not None and not self._connecting.done():
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        if self._pool is not None:
            await _close(self._pool)

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
    # Whether something like PgBouncer is in between: it gives out process ids of its own, not the server's.
    connection = await asyncpg.connect(
        dsn, timeout=CONNECT_SECONDS, command_timeout=command_seconds, statement_cache_size=0, server_settings=SESSION
    )
    try:
        real: int = await connection.fetchval("select pg_backend_pid()")
        return real != connection.get_server_pid()
    finally:
        await connection.close(timeout=CLOSE_SECONDS)


def bad_dsn(error: Exception) -> InvalidDsn:
    """Make the error for an address that cannot be read; it repeats only words about TLS, since there may be a password."""
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
