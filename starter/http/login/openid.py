"""Login by the identity provider: the authorization code flow of OpenID Connect, with PKCE."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from starter.http.access.callers import Caller, CannotTell, Unauthenticated
from starter.http.access.opening import Identities
from starter.http.access.published import BROKEN, FETCH_SECONDS, Discovered, bounded
from starter.http.login.pending import Pending

LONGEST_ANSWER = 4_096  # characters of a code or a state
_LATER = frozenset({"server_error", "temporarily_unavailable"})
_DENIED = frozenset({"access_denied", "login_required", "consent_required", "interaction_required"})
_MISCONFIGURED = frozenset(
    {"invalid_request", "invalid_client", "invalid_scope", "unauthorized_client", "unsupported_response_type"}
)


class LoginFailed(Exception):
    """A login came to nothing.

    Attributes:
        reason: For the log; nothing of it was chosen by a stranger.
    """

    def __init__(self, page: str, reason: str) -> None:
        self.page, self.reason = page, reason
        super().__init__(reason)


class ProviderLogin:
    """Logs people in by the identity provider, which sends them back to `redirect_uri`."""

    def __init__(self, identities: Identities, redirect_uri: str, clock: Callable[[], datetime]) -> None:
        self._identities, self._redirect_uri, self._clock = identities, redirect_uri, clock
        self._client = f"{identities.provider.issuer} {identities.provider.client_id}"

    async def begin(self, wanted: str) -> tuple[str, Pending]:
        """Begin a login: the provider's address, and the cookie for the browser.

        Raises:
            CannotTell: The provider does not answer.
        """
        provider, pending = self._identities.provider, Pending.begun(self._clock(), wanted, self._client)
        asked = {
            "response_type": "code",
            "client_id": provider.client_id,
            "redirect_uri": self._redirect_uri,
            "scope": provider.scope,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": pending.challenge,
            "code_challenge_method": "S256",
        }
        return _with(_required((await self._identities.discovery.found()).authorization), asked), pending

    def pending(self, cookie: str) -> Pending | None:
        """The login that a browser has begun."""
        return Pending.read(cookie, self._client)

    async def finish(self, pending: Pending, said: Mapping[str, str]) -> Caller:
        """Finish a login: the person who logged in.

        Args:
            pending: What the browser kept, to which the answer's state belongs.

        Raises:
            LoginFailed: No one; it names the page that says why.
            NoRole: Someone without a role here.
            NotOnTeam: Someone who is not in the roster.
            CannotTell: The provider does not answer.
        """
        found = await self._identities.discovery.found()
        self._must_be_from_there(said.get("iss"), found)
        if error := said.get("error"):
            raise _failed_there(error)
        code = said.get("code", "")
        if not 0 < len(code) <= LONGEST_ANSWER:
            raise LoginFailed("expired", "the answer has no code")
        return await self._identified(await self._redeemed(code, pending, found), pending)

    async def farewell(self, address: str) -> str:
        """The provider's logout address, from which people go on to ours; empty if it has none or does not answer."""
        try:
            found = await self._identities.discovery.found()
        except CannotTell:
            return ""
        client = self._identities.provider.client_id
        asked = {"client_id": client, "post_logout_redirect_uri": address}
        return _with(found.end_session, asked) if found.end_session else ""

    def _must_be_from_there(self, issuer: str | None, found: Discovered) -> None:
        # Refuse what another provider sent (RFC 9207).
        if issuer is None and not found.names_issuer:
            return
        if (issuer or "").rstrip("/") != self._identities.provider.issuer:
            raise LoginFailed("expired", "the answer is of another issuer")

    async def _redeemed(self, code: str, pending: Pending, found: Discovered) -> str:
        """The ID token for a code."""
        provider = self._identities.provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "code_verifier": pending.verifier,
        }
        headers = {"Accept": "application/json"}
        secret = provider.client_secret.get_secret_value() if provider.client_secret else ""
        if not secret:
            form["client_id"] = provider.client_id
        elif "client_secret_basic" in found.token_auth or "client_secret_post" not in found.token_auth:
            pair = f"{quote_plus(provider.client_id)}:{quote_plus(secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": provider.client_id, "client_secret": secret}
        status, answer = await self._posted(_required(found.token), form, headers)
        token = answer.get("id_token")
        if status != 200:
            raise _failed_there(str(answer.get("error", "")))
        if not isinstance(token, str):
            raise LoginFailed("setup", "the provider gave no ID token; the scope has to have `openid`")
        return token

    async def _posted(self, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> tuple[int, Any]:
        try:
            async with (
                asyncio.timeout(FETCH_SECONDS),
                self._identities.http.stream(
                    "POST", url, data=dict(form), headers=dict(headers), follow_redirects=False
                ) as answer,
            ):
                document = json.loads(await bounded(answer)) if answer.status_code < 500 else {}
        except BROKEN as error:
            raise CannotTell("the identity provider does not answer; try again later") from error
        if answer.status_code == 429 or answer.status_code >= 500 or not isinstance(document, dict):
            raise CannotTell("the identity provider does not answer; try again later")
        return answer.status_code, document

    async def _identified(self, token: str, pending: Pending) -> Caller:
        client, tokens = self._identities.provider.client_id, self._identities.tokens
        try:
            claims = await tokens.claims(token, client)
        except Unauthenticated as error:
            raise LoginFailed("setup", f"its ID token: {error}") from error
        if claims.get("nonce") != pending.nonce:
            raise LoginFailed("expired", "the ID token is of another login")
        has_others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if has_others else client) != client:
            raise LoginFailed("setup", "the ID token was issued to another client")
        try:
            return await tokens.named(claims)
        except Unauthenticated as error:
            raise LoginFailed("setup", f"its ID token: {error}") from error


def _failed_there(error: str) -> LoginFailed | CannotTell:
    if error in _DENIED:
        return LoginFailed("denied", error)
    if error in _LATER:
        return CannotTell("the identity provider cannot answer now; try again later")
    if error == "invalid_grant":
        return LoginFailed("expired", error)
    return LoginFailed("setup", error if error in _MISCONFIGURED else "an error that is not of the standard")


def _required(address: str) -> str:
    if not address:
        raise LoginFailed("setup", "the provider's discovery document has no address for logging in")
    return address


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked, quote_via=quote)}"
