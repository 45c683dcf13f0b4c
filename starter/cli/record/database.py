"""Finds and opens the database for the commands on the record."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urlsplit

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.faults import InvalidDsn
from runtime.connection import temporal_is_configured
from runtime.embedded.record import PostgresRecord, StackRecord, TemporalRecord, process_exists, read_record
from runtime.settings import PREFIX, Settings, SettingsError

CONNECTIONS = 2  # a command asks one thing at a time


def record_dsn() -> str:
    """The DSN of the environment, else that of the embedded stack that runs in our data folder.

    Raises:
        SettingsError: there is neither, or the DSN cannot be read.
    """
    settings = Settings.load()
    if settings.dsn is None:
        return _embedded_dsn(settings)
    dsn = settings.dsn.get_secret_value()
    try:
        _ = urlsplit(dsn).port
    except ValueError:
        raise _unreadable() from None
    return dsn


def record_is_certain() -> bool:
    """Whether there is no doubt in which record the escalations that we reach are kept.

    A DSN says so. The embedded stack's record has them where its Temporal server is the one that we ask.

    Raises:
        SettingsError: a setting, or the Temporal profile or its file, cannot be read.
    """
    settings = Settings.load()
    if settings.dsn is not None:
        return True
    if temporal_is_configured() or os.environ.get("TEMPORAL_PROFILE"):
        return False
    record = read_record(settings.data_dir)
    return record is not None and _runs(record.temporal) and _runs(record.postgres)


@asynccontextmanager
async def open_record() -> AsyncIterator[Database]:
    """A connection to the record.

    Raises:
        SettingsError: nothing says where it is.
        DatabaseUnavailable: no server answers there, or tables are missing.
    """
    dsn = record_dsn()
    with readable_dsn():
        async with Database.open(dsn, pool_size=CONNECTIONS) as database:
            yield database


@contextmanager
def readable_dsn() -> Iterator[None]:
    """Tell a DSN that the driver cannot read as the bad setting that it is."""
    try:
        yield
    except InvalidDsn as error:
        if "ssl" in str(error):
            raise SettingsError(str(error)) from None
        raise _unreadable() from None


def embedded_record(settings: Settings) -> StackRecord | None:
    """The embedded stack whose database runs in our data folder; None where there is none."""
    record = read_record(settings.data_dir)
    return record if record is not None and _runs(record.postgres) else None


def _embedded_dsn(settings: Settings) -> str:
    record = embedded_record(settings)
    if record is None or record.postgres is None:
        raise SettingsError(
            f"{PREFIX}DSN: is not set, and no embedded PostgreSQL runs in `{settings.data_dir}`; write "
            "postgresql://USER:PASSWORD@HOST:5432/DATABASE, or start `worker.py --dev`"
        )
    return record.postgres.dsn


def _runs(server: TemporalRecord | PostgresRecord | None) -> bool:
    return server is not None and process_exists(server.pid)


def _unreadable() -> SettingsError:
    return SettingsError(f"{PREFIX}DSN: cannot be read; write postgresql://USER:PASSWORD@HOST:5432/DATABASE")
