"""Connecting a product: what is asked for, the test of it, and what is written where."""

import os
import secrets as random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from activities.ports.connections import ApiAccess, Product
from escalation.errors import InvalidFile
from runtime.desks import desk_of
from runtime.settings import Settings
from starter.webhooks.file import load_connections

MAKES_ITS_SECRET = frozenset(
    {"zendesk", "intercom", "hubspot", "pagerduty", "slack", "chatwoot", "teams", "front", "groove"}
)
"""Products that make the secret of a webhook themselves; at the others it is typed in, so it is made here."""
ASKS_FOR_USER = frozenset({Product.ZENDESK, Product.JIRA})
"""Products whose API token belongs to a user that has to be named with it."""


class NotConnected(InvalidFile):
    """The product was not connected; nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a person said about the product.

    Attributes:
        product: Name of the mapping, such as `zendesk`.
        name: Of the connection; part of the webhook's address.
        secret: Of the webhook; empty where it is to be made here.
        url: Address of the help desk, for its API; empty without.
        user: Whose token it is; empty where the product does not ask.
        token: Of the API; empty without.
    """

    product: str
    name: str
    secret: str = field(default="", repr=False)
    url: str = ""
    user: str = ""
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """What was written.

    Attributes:
        address: Where the product sends its webhooks.
        secret: Of the webhook, where it was made here and has to be typed in there; empty otherwise.
        me: Id of our user there; empty without an API.
        file: The webhook file.
        environment: The file with the secrets.
    """

    address: str
    secret: str = field(repr=False)
    me: str
    file: Path
    environment: Path


async def connect_product(
    answers: Answers, settings: Settings, *, file: Path, environment: Path, clock: Callable[[], datetime]
) -> Connected:
    """Test the API, where there is one, then write the connection; what is in the files already stays.

    Args:
        answers: What to connect.
        settings: Which networks may be reached, and our public address.
        file: The webhook file; it is made if it is not there.
        environment: Where the secrets go, as `NAME=value` lines that only we may read.
        clock: The present instant, aware UTC.

    Raises:
        NotConnected: The connection is there already, or the webhook file cannot be used.
        ChannelUnavailable: The product does not answer, or refuses the token.
        RecipientRefused: It may not be reached from here.
    """
    variable = answers.name.replace("-", "_").upper()
    own_secret = "" if answers.secret else random.token_urlsafe(32)
    kept = {f"{variable}_SECRET": answers.secret or own_secret}
    section: dict[str, Any] = {"secrets": [f"{variable}_SECRET"]}
    if answers.product != answers.name:
        section["mapping"] = answers.product
    me = ""
    if answers.token:
        kept[f"{variable}_API_TOKEN"] = answers.token
        access = ApiAccess(
            product=Product(answers.product), url=answers.url, user=answers.user, token=f"{variable}_API_TOKEN"
        )
        me = await desk_of(settings, access, answers.token, clock).me()
        user = {"user": access.user} if access.user else {}
        section |= {
            "own_actors": [me],
            "api": {"product": access.product.value, "url": access.url, **user, "token": access.token},
        }
    _write(file, answers.name, section)
    _keep(environment, kept)
    base = settings.people_url
    return Connected(
        address=f"{base}/webhooks/{answers.name}", secret=own_secret, me=me, file=file, environment=environment
    )


def _write(file: Path, name: str, section: Mapping[str, Any]) -> None:
    """Add the connection to the webhook file, whose comments stay; only a file that can be used replaces it."""
    yaml = YAML()
    document = (yaml.load(file.read_text(encoding="utf-8")) if file.is_file() else None) or {}
    sources = document.setdefault("sources", {})
    if name in sources:
        raise NotConnected((f"{file} has a connection `{name}` already; take it out, or give this one another --name",))
    sources[name] = dict(section)
    tried = file.with_name(f".{file.name}.new")
    try:
        with tried.open("w", encoding="utf-8") as out:
            yaml.dump(document, out)
        load_connections(tried, None)
        tried.replace(file)
    except OSError as error:
        raise NotConnected((f"{file} cannot be written: {error.strerror}",)) from None
    finally:
        tried.unlink(missing_ok=True)


def _keep(environment: Path, kept: Mapping[str, str]) -> None:
    """Add the secrets to the file, which only its owner may read."""
    with os.fdopen(os.open(environment, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as out:
        out.writelines(f"{name}={value}\n" for name, value in kept.items())
