"""The identity provider: what the settings say of it, and the keys that it publishes."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
import structlog

from runtime.settings import PREFIX, Settings, SettingsError
from starter.http.access.callers import CannotTell, Unauthenticated
from starter.http.access.roles import Role

KEY_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""Signatures that may be allowed, and the type of key that each needs."""
FRESH = timedelta(minutes=10)
"""How long fetched keys are used without asking again; a key that the provider withdrew works no longer than this."""
STALE = timedelta(hours=12)
"""How long they are used while the provider does not answer."""
REFETCH = timedelta(seconds=30)
FETCH_SECONDS = 3.0
MOST_BYTES = 500_000

INVALID = 'Bearer realm="escalations", error="invalid_token"'
"""Challenge for a token that was refused."""

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider, and what its tokens mean here.

    Attributes:
        issuer: As its tokens name it, without a slash at the end.
        audience: What a token must be meant for.
        jwks_url: Where its keys are; empty asks its discovery document.
        roles: Value of the role claim to role.
        leeway: How far its clock may be off.
    """

    issuer: str
    audience: str
    jwks_url: str
    algorithms: tuple[str, ...]
    person_claim: str
    role_claim: str
    roles: Mapping[str, Role]
    leeway: timedelta


def provider_of(settings: Settings) -> Provider | None:
    """The provider of the settings; None where there is none.

    Raises:
        SettingsError: They make no sense together.
    """
    if settings.oidc_issuer is None:
        return None
    if not settings.oidc_audience:
        raise SettingsError(
            f"{PREFIX}OIDC_AUDIENCE: is not set; a token must be meant for this server, so name its audience"
        )
    algorithms = tuple(filter(None, (each.strip() for each in settings.oidc_algorithms.split(","))))
    unknown = [each for each in algorithms if each not in KEY_TYPES]
    if unknown or not algorithms:
        raise SettingsError(
            f"{PREFIX}OIDC_ALGORITHMS: {', '.join(unknown) or 'none'} is not accepted; write some of {', '.join(KEY_TYPES)}"
        )
    return Provider(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        jwks_url=settings.oidc_jwks_url or "",
        algorithms=algorithms,
        person_claim=settings.oidc_person_claim,
        role_claim=settings.oidc_role_claim,
        roles=_roles(settings.oidc_roles),
        leeway=timedelta(seconds=settings.oidc_leeway_seconds),
    )


def _roles(text: str) -> Mapping[str, Role]:
    found = {}
    for pair in filter(None, (each.strip() for each in text.split(","))):
        value, separator, role = pair.rpartition("=")
        if not separator or role not in set(Role):
            raise SettingsError(
                f'{PREFIX}OIDC_ROLES: "{pair}" is not a pair; write pairs, for example support=agent,support-leads=lead'
            )
        found[value] = Role(role)
    return found


class PublishedKeys:
    """The provider's keys by id, fetched when needed.

    Args:
        provider: Whose.
        clock: Gives the present instant, aware UTC.
        http: How they are fetched; follows no redirect.
    """

    def __init__(self, provider: Provider, clock: Callable[[], datetime], http: httpx2.AsyncClient) -> None:
        self._provider, self._clock, self._http = provider, clock, http
        self._keys: tuple[Mapping[str, Any], ...] = ()
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._url = provider.jwks_url
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
            raise CannotTell(
                "the identity provider does not answer; try again later", after=int(REFETCH.total_seconds())
            )
        if found is None:
            raise Unauthenticated("the token is signed with a key that its issuer does not publish", challenge=INVALID)
        return found

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
                async with asyncio.timeout(FETCH_SECONDS):
                    self._url = self._url or str((await self._document(_discovery(self._provider.issuer)))["jwks_uri"])
                    keys = (await self._document(self._url))["keys"]
                self._keys = tuple(key for key in keys if isinstance(key, dict))
                self._fetched_at = now
            except (TimeoutError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, LookupError, TypeError) as error:
                _log.warning("keys of the identity provider could not be fetched", kind=type(error).__name__)

    async def _document(self, url: str) -> Any:
        async with self._http.stream("GET", url, follow_redirects=False) as answer:
            answer.raise_for_status()
            body = bytearray()
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ValueError("the document is too long")
        return json.loads(body)


def _fits(key: Mapping[str, Any], algorithm: str) -> bool:
    """Whether a published key may sign so: of the right type, for signatures, and not of another algorithm."""
    return (
        key.get("kty") == KEY_TYPES[algorithm]
        and key.get("use", "sig") == "sig"
        and key.get("alg", algorithm) == algorithm
    )


def _discovery(issuer: str) -> str:
    return f"{issuer}/.well-known/openid-configuration"
