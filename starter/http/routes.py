"""Every router of the server. A new one is added here."""

from collections.abc import Iterable

from fastapi import APIRouter

from starter.http import health, mail, metrics, webhooks
from starter.http.actions import routes as actions
from starter.http.agent import routes as agent
from starter.http.board import routes as board
from starter.http.customer import routes as customer
from starter.http.login import provider_routes as provider_login
from starter.http.login import routes as login
from starter.http.pages import icon
from starter.http.rest import rest_router


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
