"""The identity provider, as the settings describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from runtime.settings import PREFIX, Settings, SettingsError
from starter.http.access.roles import Role

KEY_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), "RSA"),
    **dict.fromkeys(("ES256", "ES384", "ES512"), "EC"),
    "EdDSA": "OKP",
}
"""Signatures that may be allowed, and the type of key that each needs."""
CALLBACK = "/login/callback"  # path that the provider sends people back to
INVALID = 'Bearer realm="escalations", error="invalid_token"'  # challenge for a token that was refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """An identity provider, and what its tokens mean here."""

    issuer: str  # as its tokens name it, without a slash at the end
    audience: str  # what a token for the API must be meant for; empty where none is taken
    client_id: str  # what it calls this server; empty where people do not log in by it
    client_secret: SecretStr | None  # proof of that; None for a public client
    scope: str
    jwks_url: str  # where its keys are; empty asks its discovery document
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
        if settings.oidc_client_id:
            raise SettingsError(f"{PREFIX}OIDC_ISSUER: is not set; {PREFIX}OIDC_CLIENT_ID is a client of it")
        return None
    if not settings.oidc_audience and not settings.oidc_client_id:
        raise SettingsError(
            f"{PREFIX}OIDC_AUDIENCE: is not set; a token must be meant for this server, so name its audience; to log in to the "
            f"pages, set {PREFIX}OIDC_CLIENT_ID"
        )
    algorithms = tuple(filter(None, (each.strip() for each in settings.oidc_algorithms.split(","))))
    unknown = [each for each in algorithms if each not in KEY_TYPES]
    if unknown or not algorithms:
        raise SettingsError(
            f"{PREFIX}OIDC_ALGORITHMS: {', '.join(unknown) or 'none'} is not accepted; write some of {', '.join(KEY_TYPES)}"
        )
    return Provider(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience or "",
        client_id=settings.oidc_client_id or "",
        client_secret=settings.oidc_client_secret,
        scope=settings.oidc_scope,
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


def redirect_uri_of(settings: Settings) -> str:
    """Return the redirect URI, which has to be registered at the provider.

    Raises:
        SettingsError: The address of this server is not set. What a request says of it proves nothing.
    """
    if settings.public_url is None:
        raise SettingsError(
            f"{PREFIX}PUBLIC_URL: is not set; the identity provider sends people back to it, so write the address at which "
            "they open this server, for example https://escalations.example.com"
        )
    return f"{settings.public_url}{CALLBACK}"
