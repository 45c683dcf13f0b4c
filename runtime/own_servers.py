"""The servers that a worker starts with `--dev`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from activities.adapters.postgres.migrate import migrate
from runtime.connection import temporal_is_configured
from runtime.settings import Settings
from runtime.start_checks.places import require_writable
from workflows.options import SEARCH_ATTRIBUTES

log = structlog.stdlib.get_logger("worker")


@asynccontextmanager
async def own_servers(settings: Settings) -> AsyncIterator[Settings]:
    """The embedded servers, less what the environment already names; the settings to reach them.

    Raises:
        SettingsError: Their folder cannot be written to.
        EmbeddedError: One of them does not start.
    """
    # Here, because a production image does not have the wheels that the embedded servers come in.
    from runtime.embedded.stack import EmbeddedStack  # noqa: PLC0415

    require_writable(settings.data_dir, "ESCALATIONS_DATA_DIR")
    stack = EmbeddedStack(
        settings.data_dir,
        search_attributes=SEARCH_ATTRIBUTES,
        temporal=not temporal_is_configured(),
        postgres=settings.dsn is None,
        smtp="smtp_host" not in settings.model_fields_set,
    )
    async with stack:
        settings = stack.settings(settings)
        await migrate(settings.require_dsn())
        if not temporal_is_configured():
            log.info("embedded servers ready", ui=stack.ui_url, folder=str(settings.data_dir))
        yield settings
