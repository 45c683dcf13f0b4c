"""Tokens of an identity provider (OIDC): JWTs, checked against the provider's published keys.

Only signatures with a key pair count: a token that says `none`, or is signed with a shared secret, proves nothing. The
provider's keys are fetched when one is asked for that is not known, at most every `REFETCH`, so that strangers with
made-up key ids cannot have us ask the provider for each.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import jwt

from escalation.people import colleague
from starter.http.access.callers import Caller, Forbidden, Unauthenticated
from starter.http.access.provider import INVALID, Provider
from starter.http.access.published import PublishedKeys
from starter.http.access.roles import Role


class NoRole(Forbidden):
    """The claims name someone without a role here."""


class NotOnTeam(Forbidden):
    """The claims name someone who is not in the roster, or no longer active in it."""

    def __init__(self, person: str) -> None:
        self.person = person
        super().__init__(f"`{person}` is not in the roster, or no longer active in it")


class Tokens:
    """Checks tokens.

    Args:
        is_active: Whether a person is in the roster and works; who only looks need not be.
    """

    def __init__(
        self,
        provider: Provider,
        keys: PublishedKeys,
        clock: Callable[[], datetime],
        is_active: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._provider, self._keys, self._clock, self._is_active = provider, keys, clock, is_active

    async def caller(self, token: str) -> Caller:
        """The caller that a token names.

        Raises:
            Unauthenticated: It proves nothing; says which part.
            Forbidden: It proves who they are, and they have no role here.
            CannotTell: The provider's keys are not known now.
        """
        if not self._provider.audience:
            raise _refused("tokens are for logging in to the pages only; use an API key")
        return await self.named(await self.claims(token, self._provider.audience))

    async def claims(self, token: str, audience: str) -> Mapping[str, Any]:
        """The claims of a token, after checking signature, issuer, audience and times.

        Raises:
            Unauthenticated: It proves nothing; says which part.
            CannotTell: The provider's keys are not known now.
        """
        try:
            header = jwt.get_unverified_header(token)
        except (jwt.PyJWTError, ValueError, RecursionError):
            raise _refused("it is not a token") from None
        algorithm, key_id = header.get("alg"), header.get("kid")
        if algorithm not in self._provider.algorithms:
            raise _refused("its signature is of a kind that is not accepted")
        if key_id is not None and not isinstance(key_id, str):
            raise _refused("it is not a token")
        return self._checked(token, await self._keys.fitting(key_id, algorithm), algorithm, audience)

    def _checked(self, token: str, key: Mapping[str, Any], algorithm: str, audience: str) -> Mapping[str, Any]:
        issuer = self._provider.issuer
        try:
            claims = jwt.decode(
                token,
                jwt.PyJWK(dict(key), algorithm=algorithm).key,
                algorithms=[algorithm],
                audience=audience,
                issuer=(issuer, f"{issuer}/"),
                # Times are checked below, against the clock of this process.
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise _refused(_REASONS.get(type(error).__name__, "it cannot be read")) from None
        self._check_times(claims)
        return claims

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now, leeway = self._clock().timestamp(), self._provider.leeway.total_seconds()
        for name in ("exp", "nbf", "iat"):
            value = claims.get(name, now)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 1e12:
                raise _refused("its times cannot be read")
            if name == "exp" and now >= value + leeway:
                raise _refused("it has expired")
            if name != "exp" and now < value - leeway:
                raise _refused("it is not valid yet; check the clocks")

    async def named(self, claims: Mapping[str, Any]) -> Caller:
        """Return the person whom checked claims name, with their highest role here.

        Raises:
            Unauthenticated: They name no person.
            Forbidden: Someone without a role here (`NoRole`), or not on the team (`NotOnTeam`).
        """
        person = claims.get(self._provider.person_claim)
        if not isinstance(person, str) or colleague(person) is None or len(person) > 200 or not person.isprintable():
            raise _refused(f"its claim `{self._provider.person_claim}` names no person")
        roles = [
            role for value in _values(claims, self._provider.role_claim) if (role := self._provider.roles.get(value))
        ]
        if not roles:
            raise NoRole(f"the claim `{self._provider.role_claim}` of the token has no role here")
        highest = max(roles, key=list(Role).index)
        if highest is not Role.VIEWER and not await self._is_active(person):
            raise NotOnTeam(person)
        return Caller(credential=f"oidc:{person}", actor=person, role=highest)


_REASONS: Mapping[str, str] = {
    "InvalidSignatureError": "its signature is wrong",
    "InvalidAudienceError": "it is meant for another audience",
    "InvalidIssuerError": "it has another issuer",
    "MissingRequiredClaimError": "a claim is missing that it needs",
}


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"the token is not accepted: {why}", challenge=INVALID)


def _values(claims: Mapping[str, Any], path: str) -> list[str]:
    """The texts of a claim; a dot in its name leads into an object."""
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
    texts = found if isinstance(found, list) else [found]
    return [text for text in texts if isinstance(text, str)]
