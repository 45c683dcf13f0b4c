"""Health checks: liveness, and readiness."""

import asyncio
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse
from temporalio.service import RPCError

from activities.errors import ActivityError
from starter.http.backend import Backend, Connected

SECONDS = 3.0
"""How long a server may take to answer; longer counts as unreachable."""

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def live() -> dict[str, str]:
    """Whether this process answers; ask this to know whether to restart it."""
    return {"status": "ok"}


@router.get("/ready", responses={503: {"description": "One of the servers does not answer."}})
async def ready(backend: Connected) -> Any:
    """Whether Temporal and PostgreSQL answer; ask this to know whether to send requests here."""
    temporal, database = await asyncio.gather(_temporal(backend), _database(backend))
    document = {"temporal": _word(answers=temporal), "postgresql": _word(answers=database)}
    well = temporal and database
    return JSONResponse({"status": _word(answers=well), **document}, 200 if well else 503)


def _word(*, answers: bool) -> str:
    return "ok" if answers else "unreachable"


async def _temporal(backend: Backend) -> bool:
    try:
        async with asyncio.timeout(SECONDS):
            return await backend.temporal.service_client.check_health(timeout=timedelta(seconds=SECONDS))
    except (RPCError, TimeoutError, RuntimeError):
        return False


async def _database(backend: Backend) -> bool:
    try:
        async with asyncio.timeout(SECONDS), backend.database.connection() as connection:
            return bool(await connection.fetchval("select true"))
    except (ActivityError, TimeoutError):
        return False
