"""Closed by default: a server that no one has configured listens on this machine only, with a key that it prints."""

from ipaddress import ip_address

from activities.adapters.postgres.api_keys import ApiKeys
from activities.adapters.postgres.faults import SchemaMissing
from activities.errors import DatabaseUnavailable
from runtime.settings import PREFIX, Settings, SettingsError
from starter.http.access.keys import DEV_NAME, Keys
from starter.http.backend import Backend


async def key_to_print(settings: Settings, backend: Backend) -> str:
    """A new key to print; empty where the server has keys, or an identity provider, or PostgreSQL does not answer.

    Without PostgreSQL no credential opens anything, so the server may start.

    Raises:
        SettingsError: It has neither, and would be reached from other machines.
    """
    if settings.oidc_issuer is not None:
        return ""
    try:
        return await _first_key(settings, backend)
    except SchemaMissing:
        raise
    except DatabaseUnavailable:
        return ""


async def _first_key(settings: Settings, backend: Backend) -> str:
    keys = ApiKeys(backend.database)
    if is_local(settings.http_host):
        return await Keys(keys, backend.now).for_this_machine()
    if not await keys.any_works(backend.now(), besides=DEV_NAME):
        raise SettingsError(
            f"{PREFIX}HTTP_HOST: {settings.http_host} is reached from other machines, and the server has no key; make a key "
            f"first with `escalations keys create NAME`, or set {PREFIX}OIDC_ISSUER"
        )
    return ""


def is_local(host: str) -> bool:
    """Whether only this machine reaches an address that is listened on."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
