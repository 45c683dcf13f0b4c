"""Checks that the identity provider answers and knows this server as its client."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx2

from runtime.settings import PREFIX, Settings
from starter.doctor.finding import Finding, Health, Look, found

_WHAT = "identity provider"


def identity_looks(settings: Settings, now: datetime) -> Iterator[tuple[str, Look]]:
    """A look at the provider by which people log in."""
    if settings.oidc_issuer is None and not settings.oidc_client_id:
        says = (
            f"people log in with keys and links; set {PREFIX}OIDC_ISSUER to use your own provider; see docs/access.md"
        )
        yield _WHAT, partial(found, Finding(what=_WHAT, health=Health.UNUSED, says=says))
    else:
        yield _WHAT, partial(_provider, settings, now)


async def _provider(settings: Settings, now: datetime) -> Finding:
    # Not at the top: the extra `http` may not be installed.
    from starter.http.access.callers import CannotTell  # noqa: PLC0415
    from starter.http.access.opening import open_identities  # noqa: PLC0415
    from starter.http.access.provider import redirect_uri_of  # noqa: PLC0415
    from starter.http.login.openid import LoginFailed, ProviderLogin  # noqa: PLC0415

    async def no_one(_person: str) -> bool:
        return False

    async with open_identities(settings, lambda: now, no_one) as identities:
        assert identities is not None  # noqa: S101 - without an issuer, the settings were refused
        try:
            await identities.discovery.found()
            await identities.keys.fetch()
            if not identities.provider.client_id:
                says = f"answers; its tokens are taken, and {PREFIX}OIDC_CLIENT_ID would let people log in by it"
                return Finding(what=_WHAT, health=Health.WELL, says=says)
            redirect_uri = redirect_uri_of(settings)
            address, _ = await ProviderLogin(identities, redirect_uri, lambda: now).begin("")
        except CannotTell:
            advice = (
                f"no discovery document or no keys of {identities.provider.issuer} can be read; check {PREFIX}OIDC_ISSUER, "
                "and that this machine reaches it"
            )
            return Finding(what=_WHAT, health=Health.BAD, says=advice)
        except LoginFailed as error:
            return Finding(what=_WHAT, health=Health.BAD, says=str(error))
        return await _login(identities.http, address, identities.provider.client_id, redirect_uri)


async def _login(http: httpx2.AsyncClient, address: str, client: str, redirect_uri: str) -> Finding:
    # Whether it would let people log in: it sends no one back to an address that is not registered.
    try:
        answer = await http.get(f"{address}&prompt=none", follow_redirects=False)
    except httpx2.HTTPError:
        return Finding(what=_WHAT, health=Health.BAD, says="its address for logging in does not answer")
    if answer.status_code >= 400:
        says = f"does not know the client `{client}` with the redirect URI {redirect_uri}; register both there"
        return Finding(what=_WHAT, health=Health.BAD, says=says)
    open_wire = [url for url in (address, redirect_uri) if not _is_private(url)]
    if open_wire:
        says = f"people can log in, but {urlsplit(open_wire[0]).netloc} is reached without TLS; use https"
        return Finding(what=_WHAT, health=Health.SOON, says=says)
    says = f"answers, and knows the client `{client}` with the redirect URI {redirect_uri}"
    return Finding(what=_WHAT, health=Health.WELL, says=says)


def _is_private(url: str) -> bool:
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        is_local = ip_address(host).is_loopback
    except ValueError:
        is_local = host == "localhost"
    return parts.scheme == "https" or is_local
