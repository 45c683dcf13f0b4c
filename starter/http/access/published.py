"""Reads what the identity provider publishes: its discovery document, and the keys it signs with."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx2
import structlog

from starter.http.access.callers import CannotTell, Unauthenticated
from starter.http.access.provider import INVALID, KEY_TYPES, Provider

FRESH = timedelta(minutes=10)
"""How long fetched keys are used without asking again; a key that the provider withdrew works no longer than this."""
STALE = timedelta(hours=12)  # how long they are used while the provider does not answer
REFETCH = timedelta(seconds=30)
FETCH_SECONDS = 3.0
MOST_BYTES = 500_000
BROKEN = (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, LookupError, TypeError, AttributeError)
"""What goes wrong with an answer of the provider."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """The provider's discovery document."""

    keys: str
    authorization: str  # address that people log in at; empty where it has none
    token: str  # address that gives tokens for codes; empty where it has none
    end_session: str  # address that people log out at; empty where it has none
    token_auth: tuple[str, ...]
    names_issuer: bool  # whether it says with each code who issued it (RFC 9207)


class Discovery:
    """The provider's discovery document, fetched when needed by a client that follows no redirect."""

    def __init__(self, provider: Provider, clock: Callable[[], datetime], http: httpx2.AsyncClient) -> None:
        self._issuer, self._clock, self._http = provider.issuer, clock, http
        self._found: Discovered | None = None
        self._found_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def found(self) -> Discovered:
        """Return the document.

        Raises:
            CannotTell: The provider does not answer, or not with such a document, and what it said before is too old.
        """
        async with self._lock:
            now = self._clock()
            if _may_ask(now, self._found_at, self._asked_at):
                self._asked_at = now
                try:
                    self._found = self._read(
                        await fetched(self._http, f"{self._issuer}/.well-known/openid-configuration")
                    )
                    self._found_at = now
                except BROKEN as error:
                    _log.warning("discovery document of the identity provider not read", kind=type(error).__name__)
            if self._found is None or self._found_at is None or now - self._found_at > STALE:
                raise _no_answer()
            return self._found

    def _read(self, document: Any) -> Discovered:
        # One of another issuer would send people, or their codes, elsewhere.
        if document["issuer"].rstrip("/") != self._issuer:
            raise ValueError("the document is of another issuer")
        methods = document.get("token_endpoint_auth_methods_supported", [])
        return Discovered(
            keys=self._address(document, "jwks_uri"),
            authorization=self._address(document, "authorization_endpoint"),
            token=self._address(document, "token_endpoint"),
            end_session=self._address(document, "end_session_endpoint"),
            token_auth=tuple(method for method in methods if isinstance(method, str)),
            names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address(self, document: Any, name: str) -> str:
        address = str(document.get(name, ""))
        schemes = ("https",) if self._issuer.startswith("https://") else ("http", "https")
        if address and (urlsplit(address).scheme not in schemes or not urlsplit(address).hostname):
            raise ValueError(f"{name} is not an address")
        return address


async def fetched(http: httpx2.AsyncClient, url: str) -> Any:
    """The JSON document at an address; raises one of `BROKEN`."""
    async with asyncio.timeout(FETCH_SECONDS), http.stream("GET", url, follow_redirects=False) as answer:
        answer.raise_for_status()
        return json.loads(await bounded(answer))


async def bounded(answer: httpx2.Response) -> bytes:
    """The body of a streamed answer.

    Raises:
        ValueError: It is longer than any such document.
    """
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > MOST_BYTES:
            raise ValueError("the document is too long")
    return bytes(body)


def _may_ask(now: datetime, had_at: datetime | None, asked_at: datetime | None) -> bool:
    is_fresh = had_at is not None and now - had_at <= FRESH
    return not is_fresh and (asked_at is None or now - asked_at >= REFETCH)


def _no_answer() -> CannotTell:
    return CannotTell("the identity provider does not answer; try again later", after=int(REFETCH.total_seconds()))


class PublishedKeys:
    """The provider's keys by id, fetched when needed.

    Args:
        discovery: Says where they are, unless the settings do.
        http: How they are fetched; follows no redirect.
    """

    def __init__(
        self, provider: Provider, discovery: Discovery, clock: Callable[[], datetime], http: httpx2.AsyncClient
    ) -> None:
        self._url, self._discovery, self._clock, self._http = provider.jwks_url, discovery, clock, http
        self._keys: tuple[Mapping[str, Any], ...] = ()
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._lock = asyncio.Lock()

    async def fitting(self, key_id: str | None, algorithm: str) -> Mapping[str, Any]:
        """The key that a token names.

        Raises:
            Unauthenticated: There is none.
            CannotTell: The provider does not answer, and what it said before is too old.
        """
        if self._age() > FRESH or self._known(key_id, algorithm) is None:
            await self._refresh()
        found = self._known(key_id, algorithm)
        if self._age() > STALE:
            raise _no_answer()
        if found is None:
            raise Unauthenticated("the token is signed with a key that its issuer does not publish", challenge=INVALID)
        return found

    async def fetch(self) -> None:
        """Fetch them now.

        Raises:
            CannotTell: The provider does not answer.
        """
        await self._refresh()
        if not self._keys:
            raise _no_answer()

    def _known(self, key_id: str | None, algorithm: str) -> Mapping[str, Any] | None:
        fitting = [key for key in self._keys if _fits(key, algorithm)]
        if key_id is None:
            return fitting[0] if len(fitting) == 1 else None
        return next((key for key in fitting if key.get("kid") == key_id), None)

    def _age(self) -> timedelta:
        return timedelta.max if self._fetched_at is None else self._clock() - self._fetched_at

    async def _refresh(self) -> None:
        async with self._lock:
            now = self._clock()
            if self._asked_at is not None and now - self._asked_at < REFETCH:
                return
            self._asked_at = now
            try:
                keys = (await fetched(self._http, self._url or (await self._discovery.found()).keys))["keys"]
                self._keys = tuple(key for key in keys if isinstance(key, dict))
                self._fetched_at = now
            except (CannotTell, *BROKEN) as error:
                _log.warning("keys of the identity provider could not be fetched", kind=type(error).__name__)


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Whether a published key may sign so: of the right type, for signatures, and not of another algorithm."""
    return (
        key.get("kty") == KEY_TYPES[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )
