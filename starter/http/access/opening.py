"""Connects a server to its identity provider."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

import httpx2

from runtime.settings import Settings
from starter.http.access.provider import Provider, provider_of
from starter.http.access.published import FETCH_SECONDS, Discovery, PublishedKeys
from starter.http.access.tokens import Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Identities:
    """An identity provider as a server uses it."""

    provider: Provider
    discovery: Discovery
    keys: PublishedKeys
    tokens: Tokens
    http: httpx2.AsyncClient  # the connections to it; follows no redirect


@asynccontextmanager
async def open_identities(
    settings: Settings, clock: Callable[[], datetime], is_active: Callable[[str], Awaitable[bool]]
) -> AsyncIterator[Identities | None]:
    """The provider of the settings, while the block runs; None where there is none.

    Args:
        is_active: Whether a person is in the roster and works.

    Raises:
        SettingsError: The settings make no sense together.
    """
    provider = provider_of(settings)
    if provider is None:
        yield None
        return
    async with httpx2.AsyncClient(timeout=FETCH_SECONDS) as http:
        discovery = Discovery(provider, clock, http)
        keys = PublishedKeys(provider, discovery, clock, http)
        tokens = Tokens(provider, keys, clock, is_active)
        yield Identities(provider=provider, discovery=discovery, keys=keys, tokens=tokens, http=http)
