"""Reports from the record over HTTP."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from activities.adapters.postgres.learning import Learning, Lesson, Trends
from activities.adapters.postgres.reports import Finding, Reports, Summary
from escalation.vocabulary import Category
from starter.http.backend import Connected
from starter.http.rest.answering import ReaderOfAll, document
from starter.http.rest.pages import Limit

router = APIRouter(tags=["reports"])

GRACE = timedelta(minutes=5)  # how long a queued message may take before it counts as lost


@router.get("/report", operation_id="report", response_model=Summary)
async def report(backend: Connected, _caller: ReaderOfAll) -> Response:
    """Show totals over all escalations, open and ended."""
    return document(await Reports(backend.database).summary())


@router.get("/trends", operation_id="trends", response_model=Trends)
async def trends(backend: Connected, _caller: ReaderOfAll) -> Response:
    """Show trends by month, category, reason, returning customer and triage rule."""
    return document(await Learning(backend.database).trends())


@router.get("/lessons", operation_id="lessons", response_model=list[Lesson])
async def lessons(
    backend: Connected, _caller: ReaderOfAll, category: Category | None = None, limit: Limit = 20
) -> Response:
    """Show what reviews of closed cases taught, newest first."""
    return document(await Learning(backend.database).lessons(category, limit))


@router.get("/audit", operation_id="audit", response_model=list[Finding])
async def audit(backend: Connected, _caller: ReaderOfAll) -> Response:
    """Compare record, ledger and bookings, and list what disagrees; `escalations audit` asks Temporal too."""
    now = backend.now()
    return document(await Reports(backend.database).audit(queued_before=now - GRACE, shifts_as_of=now))
