"""Checks that PostgreSQL has what escalations need."""

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.start_checks import require_ground
from runtime.settings import Settings


async def check_database(settings: Settings) -> None:
    """Make sure that the database answers and can hold the record.

    Raises:
        SettingsError: no database is configured.
        DatabaseUnavailable: it does not answer, tables or rights are missing, or it cannot hold the record.
        InvalidDsn: the address can't be read.
    """
    async with Database.open(settings.require_dsn(), pool_size=1) as database:
        await require_ground(database)
