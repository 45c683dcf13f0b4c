"""Every router of the server. A new one is added here."""

from collections.abc import Iterable

from fastapi import APIRouter

from starter.http import health, webhooks
from starter.http.actions import routes as actions


def routers() -> Iterable[APIRouter]:
    """The routers, in the order in which their routes match."""
    return (health.router, webhooks.router, actions.router)
