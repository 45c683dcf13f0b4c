"""The command that connects a product, step by step."""

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from activities.ports.connections import Product
from escalation.documents.problems import advise
from escalation.intake.files import shipped_mappings
from escalation.vocabulary import Channel
from runtime.settings import Settings
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput
from starter.cli.texts import Word
from starter.connecting.channels import CHANNELS, Key, signing_secret
from starter.connecting.products import (
    ASKS_FOR_USER,
    MAKES_ITS_SECRET,
    Answers,
    Connected,
    connect_product,
    products,
    warning_about,
    webhook_address,
)

_APIS = frozenset(product.value for product in Product)
_Flag = Annotated[bool, Parameter(negative=())]


async def connect(
    product: Word,
    *,
    name: str = "",
    url: str = "",
    user: str = "",
    without_api: _Flag = False,
    without_messages: _Flag = False,
    without_webhooks: _Flag = False,
    file: Path | None = None,
    env_file: Path = Path("escalations.env"),
    context: InContext,
) -> None:
    """Connect a help desk, chat, pager or webhook: ask for what it needs, test it, and write the settings.

    Secrets are prompted for and are never options, which keeps them out of the shell history.

    Args:
        product: What to connect, such as zendesk, jira, zammad, freshdesk, slack, teams, pagerduty, webhook or apprise.
        name: Name of the connection, which is part of the webhook's address and of addresses in the roster; the product's
            name if not given.
        url: Address of the help desk, such as https://example.zendesk.com; prompted for if not given.
        user: User that the API token belongs to; prompted for if not given and the product needs it.
        without_api: Only receive a help desk's webhooks; do not update its tickets.
        without_messages: Only receive a chat's or pager's webhooks; do not send messages there.
        without_webhooks: Only send messages to a chat or pager; do not receive its webhooks.
        file: The webhook file; the one in ESCALATIONS_WEBHOOKS, or webhooks.yaml, if not given. Its entries are kept.
        env_file: The file that gets the secrets.
    """
    settings = Settings.load()
    product = product.casefold()
    if product not in products():
        raise BadInput(f"PRODUCT {product}: is not known; {advise(product, products())}")
    has_api = product in _APIS and not without_api
    sends = product in CHANNELS and not without_messages
    takes = product in shipped_mappings() and not without_webhooks
    if not sends and not takes:
        raise BadInput(f"connect {product}: these options leave nothing to connect; take one of them out")
    if has_api and takes:
        url = url or _asked(context, "Address of the help desk", "--url")
        if Product(product) in ASKS_FOR_USER:
            user = user or _asked(context, "Mail address of the user whose API token it is", "--user")
    token = _asked(context, "API token", "standard input", hidden=True) if has_api and takes else ""
    key = _key(context, product) if sends else None
    secret = ""
    if takes and product in MAKES_ITS_SECRET:
        address = webhook_address(settings, name or product)
        context.out.hint(f"Let {product} send webhooks to {address}{_but(address)}")
        secret = _secret(context, product, optional=sends)
        takes = bool(secret)
    answers = Answers(
        product=product, name=name or product, webhooks=takes, secret=secret, url=url, user=user, token=token, key=key
    )
    file = file or settings.webhooks or Path("webhooks.yaml")
    done = await connect_product(answers, settings, file=file, environment=env_file, clock=context.now)
    context.out.document(_for_programs(done), Text("\n".join(_said(done, product))))


def _key(context: Context, product: str) -> Key:
    """What we reach the channel with. A webhook has to know the secret before the test."""
    key = _asked(context, CHANNELS[Channel(product)].asks, "standard input", hidden=True)
    if not CHANNELS[Channel(product)].signs_with:
        return Key(key=key)
    made = signing_secret()
    question = f"Secret to sign with: type yours (whsec_…), or give your webhook this one and press Enter: {made}"
    return Key(key=key, secret=_typed(context, question, hidden=False) or made)


def _secret(context: Context, product: str, *, optional: bool) -> str:
    """The secret that the product has made; where we send there too, webhooks may be left out."""
    if not optional:
        return _asked(context, f"Secret of the webhook, as {product} shows it", "standard input", hidden=True)
    return _typed(context, f"{CHANNELS[Channel(product)].webhooks} (empty: without)", hidden=True)


def _asked(context: Context, question: str, option: str, *, hidden: bool = False) -> str:
    answer = _typed(context, question, hidden=hidden)
    if not answer:
        raise BadInput(f"{question}: is needed; give it by {option}")
    return answer


def _typed(context: Context, question: str, *, hidden: bool) -> str:
    """What the person types, perhaps nothing; a secret is not shown where that is possible."""
    if context.stdin.isatty() and hidden:
        return getpass.getpass(f"{question}: ").strip()
    context.out.ask(question)
    return context.stdin.readline().strip()


def _for_programs(done: Connected) -> dict[str, str]:
    return {
        "address": done.address,
        "warning": warning_about(done.address),
        "secret": done.secret,
        "me": done.me,
        "found": done.channel.found if done.channel else "",
        "roster": done.channel.address if done.channel else "",
        "file": str(done.file),
        "environment": str(done.environment),
    }


def _said(done: Connected, product: str) -> Iterator[str]:
    yield f"connected; {_found(done)}" if done.me or done.channel else "written"
    for number, step in enumerate(_steps(done, product), start=1):
        yield f"{number}. {step}"


def _found(done: Connected) -> str:
    return done.channel.found if done.channel else f"our user there is {done.me}"


def _steps(done: Connected, product: str) -> Iterator[str]:
    if done.channel:
        yield f"list it in the roster, as `{done.channel.address}` under `addresses` or `urgent`: docs/channels.md"
    if done.address:
        yield f"{product}: let it send webhooks to {done.address}{_but(done.address)}"
        if done.secret:
            yield f"{product}: give it the secret {done.secret}"
        yield f"{product}: which events, step by step: docs/connect/{product}.md"
        yield f"write who is who into {done.file} (`people:` id there, id in the roster)"
    yield f"start workers and server with what is in {done.environment}: `set -a; . {_sourced(done.environment)}; set +a`"
    yield "escalations doctor"


def _but(address: str) -> str:
    """Say what a person has to know of the address before a product calls it."""
    warning = warning_about(address)
    return f" ({warning})" if warning else ""


def _sourced(environment: Path) -> str:
    """The path as a shell finds it without looking elsewhere."""
    return f"./{environment}" if environment.parent == Path() else str(environment)
