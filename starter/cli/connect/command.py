"""The command that connects a product, step by step."""

import getpass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.text import Text

from activities.ports.connections import Product
from escalation.intake.files import shipped_mappings
from runtime.settings import Settings
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput
from starter.cli.texts import Word
from starter.connecting import ASKS_FOR_USER, MAKES_ITS_SECRET, Answers, Connected, connect_product

_APIS = frozenset(product.value for product in Product)


async def connect(
    product: Word,
    *,
    name: str = "",
    url: str = "",
    user: str = "",
    without_api: Annotated[bool, Parameter(negative=())] = False,
    file: Path = Path("webhooks.yaml"),
    env_file: Path = Path("escalations.env"),
    context: InContext,
) -> None:
    """Connect a help desk, chat or pager: asks for what it needs, tests it, and writes the settings.

    Secrets are asked for, never options, so that they are in no shell history.

    Args:
        product: Whose webhooks, such as zendesk, jira, zammad, freshdesk, slack or pagerduty.
        name: Of the connection, part of the webhook's address; the product's name, if not given.
        url: Address of the help desk, such as https://example.zendesk.com; asked for, if not given.
        user: Whose API token it is; asked for, if not given and the product needs it.
        without_api: Take its webhooks only; its tickets are not kept in step.
        file: The webhook file; what is in it stays.
        env_file: The file that gets the secrets.
    """
    if product not in shipped_mappings():
        raise BadInput(f"PRODUCT {product}: is none of {', '.join(shipped_mappings())}")
    has_api = product in _APIS and not without_api
    if has_api:
        url = url or _asked(context, "Address of the help desk", "--url")
        if Product(product) in ASKS_FOR_USER:
            user = user or _asked(context, "Mail address of the user whose API token it is", "--user")
    token = _asked(context, "API token", "standard input", hidden=True) if has_api else ""
    secret = ""
    if product in MAKES_ITS_SECRET:
        secret = _asked(context, f"Secret of the webhook, as {product} shows it", "standard input", hidden=True)
    answers = Answers(product=product, name=name or product, secret=secret, url=url, user=user, token=token)
    done = await connect_product(answers, Settings.load(), file=file, environment=env_file, clock=context.now)
    context.out.document(_for_programs(done), _said(done, product))


def _asked(context: Context, question: str, option: str, *, hidden: bool = False) -> str:
    """What the person types; a secret is not shown where that is possible.

    Raises:
        BadInput: Nothing was typed.
    """
    if context.stdin.isatty() and hidden:
        answer = getpass.getpass(f"{question}: ")
    else:
        context.out.ask(question)
        answer = context.stdin.readline()
    if not answer.strip():
        raise BadInput(f"{question}: is needed; give it by {option}")
    return answer.strip()


def _for_programs(done: Connected) -> dict[str, str]:
    return {
        "address": done.address,
        "secret": done.secret,
        "me": done.me,
        "file": str(done.file),
        "environment": str(done.environment),
    }


def _said(done: Connected, product: str) -> Text:
    lines = [f"connected; our user there is {done.me}" if done.me else "written"]
    lines += [f"1. {product}: let it send webhooks to {done.address}"]
    if done.secret:
        lines += [f"   with the secret {done.secret}"]
    lines += [
        f"   which events, step by step: docs/connect/{product}.md",
        f"2. people: write who is who into {done.file} (`people:` id there, id in the roster)",
        f"3. start workers and server with ESCALATIONS_WEBHOOKS={done.file} and what is in {done.environment}",
        "4. escalations doctor",
    ]
    return Text("\n".join(lines))
