"""The checks that a worker makes before it says that it is ready."""

from functools import partial

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.start_checks import require_ground
from runtime.settings import Settings
from runtime.start_checks.checks import Check
from runtime.start_checks.temporal import check_temporal


def start_checks(settings: Settings) -> tuple[Check, ...]:
    """The checks of a worker with these settings."""
    return (
        Check(name="Temporal", look=partial(check_temporal, settings)),
        Check(name="PostgreSQL", look=partial(check_database, settings)),
    )


async def check_database(settings: Settings) -> None:
    """Make sure that the database answers and can hold the record.

    Raises:
        SettingsError: no database is configured.
        DatabaseUnavailable: it does not answer, tables or rights are missing, or it cannot hold the record.
        InvalidDsn: the address can't be read.
    """
    async with Database.open(settings.require_dsn(), pool_size=1) as database:
        await require_ground(database)
