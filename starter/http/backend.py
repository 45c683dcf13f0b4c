"""The connections of this process to Temporal and PostgreSQL, which the routes use."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

import structlog
from fastapi import Depends, Request
from temporalio.client import Client

from activities.adapters.postgres.database import Database
from runtime.connection import connect, silent_runtime
from runtime.settings import Settings
from runtime.start_checks.temporal import require_prepared
from runtime.unreachable import NotPrepared, TemporalUnreachable
from starter.client import EscalationClient

log = structlog.stdlib.get_logger("http")

RPC_TIMEOUT, ATTEMPTS = timedelta(seconds=4), 2
"""Callers wait for ten seconds, as a rule: by then they have their 503, and repeat the request themselves."""


def now() -> datetime:
    """The present instant, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 (a server is an edge; what it calls gets the instant as an argument)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """The connections."""

    settings: Settings
    client: EscalationClient
    temporal: Client
    database: Database
    now: Callable[[], datetime] = now

    @classmethod
    @asynccontextmanager
    async def connected(cls, settings: Settings) -> AsyncIterator["Backend"]:
        """Connect to both, and close on the way out. One that does not answer is connected to once it does.

        Raises:
            DatabaseUnfit: PostgreSQL refuses us.
            NotPrepared: Temporal answers, and lacks the namespace or its search attributes.
            SettingsError: A setting is missing or wrong.
        """
        async with Database.open(settings.require_dsn(), pool_size=settings.pool_size, or_later=True) as database:
            temporal = await _connected(settings)
            client = EscalationClient(temporal, settings.task_queue, rpc_timeout=RPC_TIMEOUT, attempts=ATTEMPTS)
            yield cls(settings=settings, client=client, temporal=temporal, database=database)


async def _connected(settings: Settings) -> Client:
    runtime = silent_runtime()
    try:
        client = await connect(settings, runtime=runtime)
        await require_prepared(client)
    except NotPrepared:
        raise  # waiting does not help: every request would fail
    except TemporalUnreachable as error:
        log.warning("temporal unreachable at start", error=str(error))
        return await connect(settings, runtime=runtime, lazy=True)
    return client


def backend_of(request: Request) -> Backend:
    """The connections of the server that got this request."""
    backend: Backend = request.app.state.backend
    return backend


Connected = Annotated[Backend, Depends(backend_of)]  # how a route asks for the connections: `backend: Connected`
