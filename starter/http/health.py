"""Health checks: liveness, and readiness."""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse
from temporalio.service import RPCError

from activities.errors import ActivityError
from runtime.settings import SettingsError
from runtime.start_checks.temporal import require_prepared
from runtime.unreachable import NotPrepared, TemporalUnreachable
from starter.http.backend import Backend, Connected

SECONDS = 3.0  # how long a server may take to answer; longer counts as unreachable

_OK, _UNREACHABLE = "ok", "unreachable"

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """Whether this process answers; ask this to know whether to restart it."""
    return {"status": "ok"}


@router.get("/ready", responses={503: {"description": "One of the servers does not answer, or is not prepared."}})
async def ready(backend: Connected) -> Any:
    """Whether Temporal and PostgreSQL answer and are prepared; ask this to know whether to send requests here."""
    temporal, database = await asyncio.gather(_temporal(backend), _database(backend))
    well = temporal == database == _OK
    status = _OK if well else _UNREACHABLE
    return JSONResponse({"status": status, "temporal": temporal, "postgresql": database}, 200 if well else 503)


async def _temporal(backend: Backend) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            await require_prepared(backend.temporal)
    except (NotPrepared, SettingsError):
        return "not prepared"
    except (TemporalUnreachable, RPCError, TimeoutError, RuntimeError):
        return _UNREACHABLE
    return _OK


async def _database(backend: Backend) -> str:
    try:
        async with asyncio.timeout(SECONDS), backend.database.connection() as connection:
            return _OK if await connection.fetchval("select true") else _UNREACHABLE
    except (ActivityError, TimeoutError):
        return _UNREACHABLE
