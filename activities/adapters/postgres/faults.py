"""What PostgreSQL's errors mean for whoever asked: it may work later, the schema is missing, or it is a bug."""

from urllib.parse import parse_qs, urlsplit

import asyncpg

from activities.errors import DatabaseUnavailable, UnstorableValue


class SchemaMissing(DatabaseUnavailable):
    """Tables are missing or older than this program; somebody has to run `escalations migrate`."""


class InvalidDsn(ValueError):
    """The address of the database cannot be read."""


AWAY = (
    OSError,  # refused, reset, no route, no such host; TimeoutError is one as well
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting up, cancelled
    asyncpg.InsufficientResourcesError,  # too many connections, disk or memory full
    asyncpg.TransactionRollbackError,  # deadlock, serialisation
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.ReadOnlySQLTransactionError,  # a standby, in the middle of a failover
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidCachedStatementError,  # the schema changed under a prepared statement
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.InternalClientError,  # the connection broke off in the middle of a message
)
"""Errors after which the same request may work later."""

OUTDATED = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError)
"""Errors of a schema that is not the one this program was written for."""


UNSTORABLE = (
    asyncpg.DataError,  # out of range, untranslatable, U+0000
    asyncpg.ProgramLimitExceededError,  # an index entry too long, too many columns
    UnicodeEncodeError,  # half an emoji
)
"""Errors about a value itself: the same request will never work."""


def place(dsn: str) -> str:
    """Where the database is, for messages: host and port, never user or password."""
    try:
        address = urlsplit(dsn)
        port = address.port or 5432
    except ValueError:
        return "the configured address"
    host = address.hostname or parse_qs(address.query).get("host", ["localhost"])[0]
    return f"{host}:{port}"


def unavailable(where: str, error: BaseException) -> DatabaseUnavailable:
    """The error to raise when PostgreSQL could not do what it was asked."""
    said = str(error) or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)
    return DatabaseUnavailable(f"PostgreSQL at {where} is not available: {said}")


def unstorable(where: str, error: BaseException) -> UnstorableValue:
    """The error to raise when a value cannot be held; it does not repeat the value, which may be personal."""
    return UnstorableValue(f"PostgreSQL at {where} cannot hold a value ({type(error).__name__}); it is not tried again")


def schema_missing(where: str, error: BaseException | str) -> SchemaMissing:
    """The error to raise when the schema is not the one this program needs."""
    return SchemaMissing(f"the schema at {where} is missing or outdated: {error}; run `escalations migrate`")
