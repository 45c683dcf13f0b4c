"""Connecting a product: the values to ask for, the test, and the files to write."""

import secrets as random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from activities.ports.connections import ApiAccess, Product
from escalation.intake.files import shipped_mappings
from escalation.vocabulary import Channel
from runtime.desks import desk_of
from runtime.settings import PREFIX, Settings
from starter.connecting.channels import CHANNELS, Key, TestedChannel, tested_channel
from starter.connecting.files import keep, kept, write_source

MAKES_ITS_SECRET = frozenset(
    {"zendesk", "intercom", "hubspot", "pagerduty", "slack", "chatwoot", "teams", "front", "groove"}
)
"""Products that make the secret of a webhook themselves; at the others it is typed in, so it is made here."""
ASKS_FOR_USER = frozenset({Product.ZENDESK, Product.JIRA})
"""Products whose API token belongs to a user that has to be named with it."""

_FILE = f"{PREFIX}WEBHOOKS"


def products() -> tuple[str, ...]:
    """The products that can be connected."""
    return tuple(sorted({*shipped_mappings(), *CHANNELS}))


def webhook_address(settings: Settings, name: str) -> str:
    """The address for a connection's webhooks."""
    return f"{settings.people_url}/webhooks/{name}"


def warning_about(address: str) -> str:
    """Return why a product elsewhere cannot call this address, and what to do; empty if it can."""
    host = urlsplit(address).hostname or ""
    try:
        is_ours_alone = not ip_address(host).is_global
    except ValueError:
        is_ours_alone = host in ("", "localhost") or host.endswith(".localhost")
    if not address or not is_ours_alone:
        return ""
    return (
        "WARNING: only this machine or network reaches that address, no product in the cloud; set "
        f"{PREFIX}PUBLIC_URL to the address under which the product reaches the server"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A person's answers about the product."""

    product: str  # name of the mapping, such as `zendesk`, or of the channel
    name: str  # of the connection; part of the webhook's address, and of addresses in the roster
    webhooks: bool = True  # whether it sends us webhooks
    secret: str = field(default="", repr=False)  # of these webhooks; empty where it is to be made here
    url: str = ""  # address of the help desk, for its API; empty without
    user: str = ""  # whose token it is; empty where the product does not ask
    token: str = field(default="", repr=False)  # of the API; empty without
    key: Key | None = None  # with which messages to colleagues are sent there; None where none are


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """The files that were written."""

    address: str  # where the product sends its webhooks; empty where it sends none
    # of the webhook, where it was made here and has to be typed in there; empty otherwise
    secret: str = field(repr=False)
    me: str  # id of our user there; empty without an API
    channel: TestedChannel | None  # the channel that was tested; None where no messages are sent there
    file: Path
    environment: Path


async def connect_product(
    answers: Answers, settings: Settings, *, file: Path, environment: Path, clock: Callable[[], datetime]
) -> Connected:
    """Test the API and the channel, where there are any, then write the connection; what is in the files already stays.

    Args:
        file: The webhook file; it is made if it is not there.
        environment: Where the secrets go, as `NAME=value` lines that only we may read.

    Raises:
        NotConnected: The connection is there already, or a file cannot be used.
        SettingsError: What was given cannot be used.
        ChannelUnavailable: The product does not answer, or refuses the token.
        RecipientRefused: It may not be reached from here, or refuses the test.
    """
    already, now = kept(environment), clock()
    variables: dict[str, str] = {}
    channel: TestedChannel | None = None
    me, own_secret = "", ""
    if answers.key:
        channel = await tested_channel(Channel(answers.product), answers.name, answers.key, settings, already, now)
        variables |= channel.variables
    if answers.webhooks:
        own_secret = "" if answers.secret else random.token_urlsafe(32)
        me = await _our_user(answers, settings, clock) if answers.token else ""
        write_source(file, answers.name, _section(answers, me))
        variables |= _secrets_of(answers, own_secret) | {_FILE: already.get(_FILE, _whole_path(file))}
    keep(environment, variables)
    return Connected(
        address=webhook_address(settings, answers.name) if answers.webhooks else "",
        secret=own_secret,
        me=me,
        channel=channel,
        file=file,
        environment=environment,
    )


async def _our_user(answers: Answers, settings: Settings, clock: Callable[[], datetime]) -> str:
    return await desk_of(settings, _access(answers), answers.token, clock).me()


def _access(answers: Answers) -> ApiAccess:
    return ApiAccess(
        product=Product(answers.product), url=answers.url, user=answers.user, token=f"{_prefix(answers)}_API_TOKEN"
    )


def _section(answers: Answers, me: str) -> Mapping[str, Any]:
    section: dict[str, Any] = {"secrets": [f"{_prefix(answers)}_SECRET"]}
    if answers.product != answers.name:
        section["mapping"] = answers.product
    if me:
        access = _access(answers)
        user = {"user": access.user} if access.user else {}
        section |= {
            "own_actors": [me],
            "api": {"product": access.product.value, "url": access.url, **user, "token": access.token},
        }
    return section


def _secrets_of(answers: Answers, own_secret: str) -> dict[str, str]:
    token = {f"{_prefix(answers)}_API_TOKEN": answers.token} if answers.token else {}
    return {f"{_prefix(answers)}_SECRET": answers.secret or own_secret} | token


def _whole_path(file: Path) -> str:
    return str(file.absolute())


def _prefix(answers: Answers) -> str:
    return answers.name.replace("-", "_").upper()
