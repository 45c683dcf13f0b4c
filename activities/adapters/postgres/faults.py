"""Classifies PostgreSQL's errors for the caller: retry later, schema missing, or a bug."""

import socket
import ssl
from urllib.parse import parse_qs, urlsplit

import asyncpg

from activities.errors import DatabaseUnavailable, DatabaseUnfit, UnstorableValue


class SchemaMissing(DatabaseUnavailable):
    """Tables are missing or older than this program; run `escalations migrate`."""


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

UNFIT = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.InvalidSQLStatementNameError,
)
"""Errors that stay until something is changed in the server, its rights or the pooler before it."""

OUTDATED = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.UndefinedFunctionError)
"""Errors of a schema that is not the one this program was written for."""


UNSTORABLE = (
    asyncpg.DataError,  # out of range, untranslatable, U+0000
    asyncpg.ProgramLimitExceededError,  # an index entry too long, too many columns
    UnicodeEncodeError,  # half an emoji
)
"""Errors about a value itself: the same request will never work."""


def place(dsn: str) -> str:
    """Return host and port of the database for messages, never user or password."""
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
    return DatabaseUnavailable(f"PostgreSQL at {where} is not available: {said.rstrip('.')}{_advice(error, said)}")


def unfit(where: str, error: BaseException) -> DatabaseUnfit:
    """The error to raise when PostgreSQL will not do what it was asked until something is changed there."""
    if isinstance(error, asyncpg.InsufficientPrivilegeError):
        advice = "let the owner grant this role the right, or name the owner's account in ESCALATIONS_DSN"
    else:
        advice = "a pooler began to share connections: restart this program, or set pool_mode = session in the pooler"
    return DatabaseUnfit(f"PostgreSQL at {where}: {' '.join(str(error).split())}; {advice}")


_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (asyncpg.InvalidPasswordError, "check the user and the password in ESCALATIONS_DSN"),
    (asyncpg.InvalidCatalogNameError, "create it, or correct the database's name in ESCALATIONS_DSN"),
    (ssl.SSLCertVerificationError, "name the CA certificate with sslrootcert=FILE in ESCALATIONS_DSN"),
    (FileNotFoundError, "check the files that ESCALATIONS_DSN names (sslcert, sslkey, sslrootcert)"),
    (PermissionError, "check the files that ESCALATIONS_DSN names (sslcert, sslkey, sslrootcert)"),
    (socket.gaierror, "check the host in ESCALATIONS_DSN"),
    (ConnectionRefusedError, "check that it runs, and host and port in ESCALATIONS_DSN"),
    (TimeoutError, "check that it runs, and host and port in ESCALATIONS_DSN"),
)
_BY_WORDS = (
    ("rejected SSL upgrade", "it has no TLS: write sslmode=disable in ESCALATIONS_DSN, or turn TLS on there"),
    ("no encryption", "it wants TLS: write sslmode=require in ESCALATIONS_DSN"),
    ("pg_hba.conf", "let the server's pg_hba.conf admit this user from here"),
    ("SSL required", "it wants TLS: write sslmode=require in ESCALATIONS_DSN"),
    (
        "unsupported startup parameter",
        "take it out of ESCALATIONS_DSN, or add it to the pooler's ignore_startup_parameters",
    ),
    ("not permitted to log in", "let its owner run ALTER ROLE … LOGIN, or name another role in ESCALATIONS_DSN"),
    ("too many connections for", "raise the CONNECTION LIMIT there, or lower ESCALATIONS_POOL_SIZE"),
    ("statement pooling mode", "set pool_mode = transaction, or session, in the pooler"),
    ("does not exist", "check the user in ESCALATIONS_DSN"),
)


def _advice(error: BaseException, said: str) -> str:
    for mark, advice in _BY_WORDS[:-1]:
        if mark in said:
            return f"; {advice}"
    for kind, advice in _BY_KIND:
        if isinstance(error, kind):
            return f"; {advice}"
    last, advice = _BY_WORDS[-1]
    return f"; {advice}" if isinstance(error, asyncpg.InvalidAuthorizationSpecificationError) and last in said else ""


def unstorable(where: str, error: BaseException) -> UnstorableValue:
    """The error to raise when a value cannot be held; it does not repeat the value, which may be personal."""
    return UnstorableValue(f"PostgreSQL at {where} cannot hold a value ({type(error).__name__}); it is not tried again")


def schema_missing(where: str, error: BaseException | str) -> SchemaMissing:
    """The error to raise when the schema is not the one this program needs."""
    return SchemaMissing(f"the schema at {where} is missing or outdated: {error}; run `escalations migrate`")
