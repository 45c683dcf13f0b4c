"""The application that `escalations serve` runs, and support tools may mount in their own."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.routing import BaseRoute

from activities.adapters.postgres.api_keys import ApiKeys
from activities.adapters.postgres.customer_links import CustomerLinks
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.http_answers import HttpAnswers
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.links import Links
from activities.adapters.postgres.sessions import Sessions
from activities.background import alongside
from activities.errors import ActivityError
from escalation.version import VERSION
from runtime.settings import Settings
from starter.http import health, mail, metrics, problems, webhooks
from starter.http.access.guard import Guard
from starter.http.access.keys import Keys
from starter.http.access.opening import Identities, open_identities
from starter.http.access.provider import CALLBACK, redirect_uri_of
from starter.http.actions import routes as actions
from starter.http.agent import routes as agent
from starter.http.backend import Backend
from starter.http.board import routes as board
from starter.http.bodies import MOST_BYTES
from starter.http.body_limit import BodyLimit
from starter.http.customer import routes as customer
from starter.http.customer.routes import REQUESTS_PER_MINUTE
from starter.http.login import provider_routes as provider_login
from starter.http.login import routes as login
from starter.http.login.openid import ProviderLogin
from starter.http.mail import open_mail
from starter.http.metrics import Measured, Metrics
from starter.http.pages import icon
from starter.http.patterns import HeadAsGet, Patterns
from starter.http.rates import Rates
from starter.http.rest import rest_router
from starter.http.rest.answering import BODIES
from starter.http.webhooks import open_door

EVERY_SECONDS = 3_600.0  # how often to delete what is past its time

log = structlog.stdlib.get_logger("http")


def create_app(settings: Settings, *, backend: Backend | None = None) -> FastAPI:
    """The server as an ASGI application; its lifespan connects to Temporal and PostgreSQL.

    Args:
        backend: Connections of the caller's, which stay open; None opens and closes its own.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as opened:
            connected = await opened.enter_async_context(Backend.connected(settings)) if backend is None else backend
            app.state.backend = connected
            directory = Directory(connected.database, connected.now)
            identities = await opened.enter_async_context(open_identities(settings, connected.now, directory.is_active))
            app.state.guard = Guard(
                Keys(ApiKeys(connected.database), connected.now),
                connected.now,
                identities.tokens.caller if identities else None,
            )
            app.state.provider_login = _login_by(identities, settings, connected)
            app.state.door = await opened.enter_async_context(open_door(settings, connected))
            app.state.mail = await opened.enter_async_context(open_mail(settings, connected, app.state.door.wake))
            await opened.enter_async_context(alongside(_purge(connected)))
            yield

    app = FastAPI(
        title="Escalations",
        summary="Escalations of support tickets: open, steer and watch them.",
        version=VERSION,
        lifespan=lifespan,
        # Their pages load scripts from elsewhere; /openapi.json is what tools read.
        docs_url=None,
        redoc_url=None,
        # Its own redirect to a path without the last slash takes the host from the request; `problems` has one of ours.
        redirect_slashes=False,
        routes=list(_routes()),
    )
    app.state.rates = Rates(settings.http_requests_per_minute, time.monotonic)
    app.state.link_rates = Rates(REQUESTS_PER_MINUTE, time.monotonic)
    problems.install(app)
    describe(app)
    app.add_middleware(BodyLimit, most_bytes=MOST_BYTES, at={"/v1/mail": settings.mail_in_most_bytes})
    app.state.metrics, app.state.patterns = Metrics(), Patterns(app)
    # The last one added is the first to see a request.
    app.add_middleware(Measured, metrics=app.state.metrics, patterns=app.state.patterns)
    app.add_middleware(HeadAsGet, patterns=app.state.patterns, besides=(CALLBACK,))
    return app


def _login_by(identities: Identities | None, settings: Settings, backend: Backend) -> ProviderLogin | None:
    if identities is None or not identities.provider.client_id:
        return None
    return ProviderLogin(identities, redirect_uri_of(settings), backend.now)


@cache
def _routes() -> tuple[BaseRoute, ...]:
    # Every route; to find out the types of all their values takes most of a second, so applications share them.
    whole = APIRouter()
    for router in routers():
        whole.include_router(router, responses=problems.RESPONSES)
    return tuple(whole.routes)


def routers() -> Iterable[APIRouter]:
    """The routers, in the order in which their routes match."""
    pages = (
        actions.router,
        customer.router,
        login.router,
        provider_login.router,
        agent.router,
        board.router,
        icon.router,
    )
    return (health.router, metrics.router, rest_router(), mail.router, webhooks.router, *pages)


_TEMPLATE = "#/components/schemas/{model}"


def describe(app: FastAPI) -> None:
    """Let the application serve the whole document at `/openapi.json`."""

    def openapi() -> dict[str, Any]:
        if not app.openapi_schema:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    vars(app)["openapi"] = openapi


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    _, bodies = models_json_schema([(body, "validation") for body in BODIES.values()], ref_template=_TEMPLATE)
    found["components"]["schemas"] = bodies["$defs"] | found["components"]["schemas"]
    return found


async def _purge(backend: Backend) -> None:
    """Purge at once and then hourly."""
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
