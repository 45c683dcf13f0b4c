"""The server that `worker.py --dev` and the demo run beside the worker, with a key for the person at the machine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from activities.adapters.postgres.api_keys import ApiKeys
from runtime.settings import Settings
from starter.http.access.keys import Keys
from starter.http.app import create_app
from starter.http.backend import Backend
from starter.http.serving import address_of, listening, serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A running server."""

    url: str
    key: str  # an administrator's key for this machine; the one printed before has ended

    def __str__(self) -> str:
        """For the person who started it."""
        return f"HTTP API: {self.url}/v1/escalations  ·  key: {self.key}"


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[Served]:
    """Serve within the block, on a free port where that of the settings is in use.

    Raises:
        SettingsError: The address is not one of this machine.
        TemporalUnreachable: No Temporal server answers.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    listener, stop = listening(settings, or_any_port=True), asyncio.Event()
    settings = settings.model_copy(update={"public_url": settings.public_url or address_of(listener)})
    async with Backend.connected(settings) as backend:
        key = await Keys(ApiKeys(backend.database), backend.now).for_this_machine()
        running = asyncio.create_task(serve(create_app(settings, backend=backend), listener, settings, stop))
        try:
            yield Served(url=address_of(listener), key=key)
        finally:
            stop.set()
            await running
