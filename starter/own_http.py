"""The HTTP server that `worker.py --dev` runs beside the worker."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from runtime.settings import Settings

log = structlog.stdlib.get_logger("http")


@asynccontextmanager
async def own_http(settings: Settings) -> AsyncIterator[Settings]:
    """Serve HTTP within the block, and print its address and a key; the settings by which letters link to it.

    Raises:
        SettingsError: Its address is not one of this machine.
    """
    try:
        from starter.http.dev_server import served  # noqa: PLC0415 (part of the extra `http`)
    except ModuleNotFoundError as error:
        log.warning("http server not started", missing=error.name, install="pip install 'escalations[http]'")
        yield settings
        return
    async with served(settings) as http:
        sys.stdout.write(f"{http}\n")
        sys.stdout.flush()
        yield settings.model_copy(update={"public_url": settings.public_url or http.url})
