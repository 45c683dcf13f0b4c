"""The help desks whose tickets are updated: one adapter for each connection that names an API."""

import os
from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from activities.adapters.desks.api import LONGEST_ANSWER, DeskApi, basic
from activities.adapters.desks.freshdesk import Freshdesk
from activities.adapters.desks.jira import Jira
from activities.adapters.desks.zammad import Zammad
from activities.adapters.desks.zendesk import Zendesk
from activities.adapters.http_sending import HttpSender
from activities.ports.connections import ApiAccess, Connections, Product
from activities.ports.desks import Desk, Desks
from runtime.settings import Settings, SettingsError


def open_desks(settings: Settings, connections: Connections, clock: Callable[[], datetime]) -> Desks:
    """The help desks, by the names of their connections.

    Raises:
        SettingsError: The environment lacks a token; names the connection and the variable.
    """
    return {name: open_desk(settings, name, one.api, clock) for name, one in connections.items() if one.api is not None}


def open_desk(settings: Settings, name: str, api: ApiAccess, clock: Callable[[], datetime]) -> Desk:
    """One help desk; see `open_desks`."""
    return desk_of(settings, api, _token(name, api), clock)


def desk_of(settings: Settings, api: ApiAccess, token: str, clock: Callable[[], datetime]) -> Desk:
    """One help desk, with this token."""
    allowed, ca_file = settings.allowed_networks, settings.http_ca_file
    sender = HttpSender(clock, allowed=allowed, ca_file=ca_file, longest_answer=LONGEST_ANSWER)
    return _desk(api, token, sender, clock)


def _token(name: str, api: ApiAccess) -> str:
    token = os.environ.get(api.token, "")
    if not token:
        raise SettingsError(f"the webhook file keeps tickets of `{name}` in step; set {api.token} to its API token")
    return token


def _desk(api: ApiAccess, token: str, sender: HttpSender, clock: Callable[[], datetime]) -> Desk:
    def reached(authorization: str) -> DeskApi:
        return DeskApi(sender, api.url, authorization, api.product.value.title())

    match api.product:
        case Product.ZENDESK:
            return Zendesk(reached(basic(f"{api.user}/token", token)))
        case Product.JIRA:
            return Jira(reached(basic(api.user, token)))
        case Product.ZAMMAD:
            return Zammad(reached(f"Token token={token}"), clock)
        case Product.FRESHDESK:
            return Freshdesk(reached(basic(token, "X")))
        case _:
            assert_never(api.product)
