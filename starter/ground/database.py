"""Whether PostgreSQL has what escalations need."""

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.migrate import require_schema
from starter.settings import Settings


async def check_database(settings: Settings) -> None:
    """Make sure that the database answers and has the schema.

    Raises:
        SettingsError: no database is configured.
        DatabaseUnavailable: it does not answer, or tables are missing.
        InvalidDsn: the address can't be read.
    """
    async with Database.open(settings.require_dsn(), pool_size=1) as database:
        await require_schema(database)
