"""What a setting may hold, where its type does not say enough. Each returns the value, or raises `ValueError`."""

from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from escalation.addresses import InvalidAddress, parse_address


def write(example: str) -> dict[str, Any]:
    """What a person should write instead of a bad value; of each setting."""
    return {"write": example}


POSITIVE = write("a whole number above zero, for example 10")


def is_postgres_url(value: SecretStr) -> SecretStr:
    """The URL of a PostgreSQL database, with its name."""
    parts = urlsplit(value.get_secret_value())
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("is not a PostgreSQL URL")
    if not parts.path.strip("/"):
        raise ValueError("names no database")
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
    try:
        address = parse_address(value)
    except InvalidAddress as error:
        raise ValueError(f"is not a mail address: it {str(error).partition(';')[0]}") from None
    if not address.is_ascii:
        raise ValueError("has letters beyond ASCII before the @, which not every relay takes")
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
