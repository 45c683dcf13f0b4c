"""Deletes hourly what is past its time: kept answers, links, ended sessions, and the texts of applied webhooks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from activities.adapters.postgres.customer_links import CustomerLinks
from activities.adapters.postgres.http_answers import HttpAnswers
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.links import Links
from activities.adapters.postgres.sessions import Sessions
from activities.errors import ActivityError
from starter.http.backend import Backend

EVERY_SECONDS = 3_600.0

log = structlog.stdlib.get_logger("http")


@asynccontextmanager
async def purging(backend: Backend) -> AsyncIterator[None]:
    """Purge at once and then hourly, until the block ends."""
    task = asyncio.create_task(_purge(backend))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _purge(backend: Backend) -> None:
    while True:
        try:
            await HttpAnswers(backend.database).purge(backend.now())
            await Links(backend.database, backend.now).purge()
            await CustomerLinks(backend.database, backend.now).purge(days=backend.settings.customer_link_days)
            await Sessions(backend.database, backend.now).purge()
            await Inbox(backend.database).forget(backend.now() - timedelta(days=backend.settings.webhooks_keep_days))
        except ActivityError as error:
            log.warning("purge failed; it is retried in an hour", kind=type(error).__name__)
        await asyncio.sleep(EVERY_SECONDS)
