"""Translates names in refusals into those that callers send: `tell-customer` for the command `tell_customer`."""

import re
from collections.abc import Iterable
from typing import get_args

from escalation.case.commands import SUPPORT_COMMANDS, LinkingCommand, wire_name

_LIST = "possible now: "
_BACKQUOTED = re.compile(r"`(\w+)`")
_SENT_BY_INCIDENTS = frozenset(map(wire_name, get_args(LinkingCommand)))


def as_sent(message: str) -> str:
    """The refusal with each command as callers send it; what only incidents send is not among what is possible."""
    said, possible, commands = message.partition(_LIST)
    said = _BACKQUOTED.sub(lambda found: f"`{_sent(found[1])}`", said)
    return f"{said}{possible}{', '.join(commands_as_sent(commands.split(', ')))}"


def commands_as_sent(names: Iterable[str]) -> list[str]:
    """These commands as callers send them, without those that only incidents send."""
    return [_sent(name) for name in names if name not in _SENT_BY_INCIDENTS]


def _sent(name: str) -> str:
    return name.replace("_", "-") if name in SUPPORT_COMMANDS else name
