"""Validators of settings. Each returns the value, or raises `ValueError`.

A validator imports what it alone needs: every command that asks a server reads the settings, and few values are set.
"""

import re
from binascii import Error
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, TypeAlias
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, SecretStr

from escalation.lifecycle.rules_version import CHANGES


def write(example: str) -> dict[str, Any]:
    """The advice for a bad value of a setting."""
    return {"write": example}


POSITIVE = write("a whole number above zero, for example 10")
KNOWN_VERSIONS = ", ".join(map(str, CHANGES))  # versions of the program's own rules that this release knows


def is_postgres_url(value: SecretStr) -> SecretStr:
    """The URL of a PostgreSQL database, with its name."""
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("is not a PostgreSQL URL")
    if not parts.path.strip("/"):
        raise ValueError("names no database")
    return value


def is_known_version(value: int) -> int:
    """A version of the program's own rules that this release knows."""
    if value not in CHANGES:
        raise ValueError("is not a version of the rules that this release knows")
    return value


def is_ip_and_port(value: str) -> str:
    """An IP address to listen on, with its port."""
    host, _, port = value.rpartition(":")
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ValueError("is not an IP address with a port")
    bracketed = host.startswith("[") and host.endswith("]")
    try:
        version = ip_address(host[1:-1] if bracketed else host).version
    except ValueError:
        raise ValueError("is not an IP address with a port") from None
    if bracketed != (version == 6):
        raise ValueError("is not an IP address with a port")
    return value


def is_sender(value: str) -> str:
    """A mail address that every relay takes as a sender."""
    from escalation.addresses import InvalidAddress, parse_address  # noqa: PLC0415

    try:
        address = parse_address(value)
    except InvalidAddress as error:
        raise ValueError(f"is not a mail address: it {str(error).partition(';')[0]}") from None
    if not address.is_ascii:
        raise ValueError("has non-ASCII characters before the @, which not every relay accepts")
    return value


def is_zone(value: str) -> str:
    """An IANA time zone."""
    from escalation.business_time import UnknownZone  # noqa: PLC0415
    from escalation.business_time.zones import load_zone  # noqa: PLC0415

    try:
        load_zone(value)
    except UnknownZone:
        raise ValueError("is not an IANA time zone") from None
    return value


def is_mail_secret(value: SecretStr) -> SecretStr:
    """A secret that is long enough to sign with."""
    if len(value.get_secret_value()) < 16:
        raise ValueError("is too short to sign with")
    return value


def is_file(value: Path) -> Path:
    """A file that is there."""
    if not value.is_file():
        raise ValueError("is not a file that can be read")
    return value


def is_http_url(value: str) -> str:
    """The URL of a server, without a slash at its end."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isascii():
        raise ValueError("is not the URL of a server")
    if parts.query or parts.fragment or parts.username is not None:
        raise ValueError("has more than a host, a port and a path")
    return value.rstrip("/")


def is_web_url(value: str) -> str:
    """A URL of a host."""
    try:
        parts = urlsplit(value)
    except ValueError:
        raise ValueError("is not a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable() or " " in value:
        raise ValueError("is not a URL")
    return value


def is_ticket_url(value: str) -> str:
    """A URL with a place for the ticket."""
    is_web_url(value.replace("{ticket}", "1"))
    if "{ticket}" not in value:
        raise ValueError("has no {ticket} in it")
    return value


def ticket_link(template: str | None, ticket: str) -> str:
    """The URL of a ticket; empty without a template."""
    return template.replace("{ticket}", quote(ticket, safe="")) if template else ""


def are_signing_secrets(value: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
    """Secrets that Standard Webhooks can sign with."""
    from standardwebhooks import Webhook  # noqa: PLC0415
    from standardwebhooks.webhooks import WebhookVerificationError  # noqa: PLC0415

    for name, secret in value.items():
        try:
            Webhook(secret.get_secret_value())
        except (ValueError, RuntimeError, Error, WebhookVerificationError):
            raise ValueError(f"has a secret for `{name}` that is not base64") from None
    return value


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def _by_name(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    named: dict[str, str] = {}
    for number, entry in enumerate(value.split(), start=1):
        name, equals, secret = entry.partition("=")
        if not equals or not secret or not _NAME.fullmatch(name):
            raise ValueError(f"has no NAME=VALUE as its entry {number}")
        if name in named:
            raise ValueError(f"names `{name}` twice")
        named[name] = secret
    return named


def _networks(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return tuple(ip_network(entry) for entry in value.replace(",", " ").split())
    except ValueError as error:
        raise ValueError(f"is not a list of networks: {error}") from None


def _addresses(value: Any) -> Any:
    return tuple(is_sender(one) for one in value.replace(",", " ").split()) if isinstance(value, str) else value


NamedSecrets: TypeAlias = Annotated[dict[str, SecretStr], BeforeValidator(_by_name)]  # `NAME=VALUE NAME=VALUE`
Networks: TypeAlias = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
"""`10.0.0.0/8 fd00::/8`."""
Addresses: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_addresses)]  # `a@example.com b@example.com`
