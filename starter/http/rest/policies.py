"""Policies over HTTP, as workers stored them."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from activities.adapters.postgres.lists import Lists, PolicyRow
from activities.adapters.postgres.policies import Policies
from activities.contracts import LoadedPolicy
from escalation.bounds import accepted_as
from escalation.compiler.explain import Row, explain_policy
from escalation.vocabulary import Category, Reason, Severity
from starter.http.backend import Connected
from starter.http.rest.answering import Reader, document
from starter.http.rest.pages import Cursor, Instant, Limit, Page, one_name, page_of

router = APIRouter(prefix="/policies", tags=["policies"])

Name = Annotated[str, Path(max_length=200, description="Name of the policy.", examples=["default"])]
Version = Annotated[int, Query(ge=0, le=2**31 - 1, description="Its version; 0 is the newest.")]


@router.get("", operation_id="list_policies", response_model=Page[PolicyRow])
async def list_(backend: Connected, _caller: Reader, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """List policies by name, each with its newest version."""
    rows = await Lists(backend.database).policies(after=one_name(cursor), limit=limit + 1)
    return document(page_of(rows, limit, lambda row: (row.name,)))


@router.get("/{policy}", operation_id="policy", response_model=LoadedPolicy)
async def policy(policy: Name, backend: Connected, _caller: Reader, version: Version = 0) -> Response:
    """Show a compiled policy: targets, ladder, clocks, calendars."""
    return document(await Policies(backend.database, backend.now).load(policy, version))


@router.get("/{policy}/explain", operation_id="explain_policy", response_model=list[Row])
async def explain(
    policy: Name,
    backend: Connected,
    _caller: Reader,
    severity: Severity,
    category: Category,
    reason: Annotated[list[Reason], Query(max_length=20)] = [],  # noqa: B006 (FastAPI copies it)
    customer_tier: Annotated[str, Query(max_length=100)] = "",
    subcategory: Annotated[str, Query(max_length=100)] = "",
    at: Annotated[Instant | None, Query(description="When it is opened; now if not given.")] = None,
    version: Version = 0,
) -> Response:
    """Show, with dates, what a policy does to an escalation that no one touches."""
    loaded = await Policies(backend.database, backend.now).load(policy, version)
    opened_at = backend.now() if at is None else accepted_as(datetime, at, "at")
    explained = partial(
        explain_policy,
        loaded.policy,
        severity,
        category,
        opened_at,
        reasons=reason,
        customer_tier=customer_tier,
        subcategory=subcategory,
    )
    return document(await asyncio.to_thread(explained))
