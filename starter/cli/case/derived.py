"""Derives a command-line command from the dataclass of each command."""

from inspect import Parameter, cleandoc
from typing import get_args

from cyclopts import App

from escalation.case.commands import SUPPORT_COMMANDS, LinkingCommand, SupportCommand
from starter.cli.context import Context
from starter.cli.fields import derived
from starter.cli.parameters import Asked, CustomerAsked, Ticket

SPECIAL = frozenset({"escalate", "offer_options", "set_due"})
"""Commands for which one option a field is not enough; their functions are in `starter.cli.case.special`."""

_TICKET = Parameter("ticket", Parameter.POSITIONAL_OR_KEYWORD, annotation=Ticket)


def register(app: App) -> None:
    """Add every command that people send to an escalation."""
    for kind, type_ in SUPPORT_COMMANDS.items():
        name = kind.replace("_", "-")
        if kind in SPECIAL:
            summary, *_ = cleandoc(type_.__doc__ or "").split("\n\n")
            app.command(f"starter.cli.case.special:{kind}", name=name, help=summary)
        elif type_ not in get_args(LinkingCommand):
            app.command(derived(type_, _send, _TICKET), name=name)


async def _send(context: Context, ticket: str, command: SupportCommand, asked: Asked | CustomerAsked) -> None:
    from starter.cli.case.sending import send  # noqa: PLC0415 (needs the client, and the overview shows every command)

    await send(context, ticket, command, asked)
