"""Refusals in the words that were typed: options where the domain names the fields of a command.

The Python client has fields, and its errors name them. Whoever typed `--packet-read` never saw `packet_read`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, ClassVar, Protocol

from escalation.case.commands import Packet
from starter.errors import CommandRefused

_BACKQUOTED = re.compile(r"`([^`\s]+)`")
_PACKET = "packet"
_OTHERWISE = {
    "ticket": "TICKET",
    "name": "NAME",
    "options": "--option",  # one each time it is written, so in the singular
    "reasons": "--reason",
    "tickets": "TICKETS",
}
"""Fields whose option is not simply the same name, or that are written without one."""
_NOT_TYPED = frozenset({"kind", _PACKET, "packet.contact", "facts", "customer", "triage"})
"""Fields that no option fills, or several do."""


class Typed(Protocol):
    """A command that came from options; what is asked of it is only that it is a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


@contextmanager
def told_as_typed(command: Typed) -> Iterator[None]:
    """Tell a refusal of this command, sent within, in the words that were typed.

    Raises:
        CommandRefused: as within, of the same type.
    """
    try:
        yield
    except CommandRefused as error:
        raise CommandRefused(error.type, as_typed(error.message, command)) from error


def as_typed(message: str, command: Typed) -> str:
    """The message, in which a field of the command between backquotes is the option that fills it."""
    options = dict(options_of(command))
    # Somebody may be called like a field: then the message may mean them.
    values = {value for field in fields(command) if isinstance(value := getattr(command, field.name), str)}
    known = {name: option for name, option in options.items() if name not in values}
    return _BACKQUOTED.sub(lambda found: f"`{known.get(found[1], found[1])}`", message)


def options_of(command: Typed) -> Iterator[tuple[str, str]]:
    """Every field of the command that somebody types, as refusals name it, with its option."""
    names = [field.name for field in fields(command)]
    if _PACKET in names:
        names += [f"{_PACKET}.{part.name}" for part in fields(Packet)]
    yield from ((name, option_of(name.removeprefix(f"{_PACKET}."))) for name in names if name not in _NOT_TYPED)


def option_of(field: str) -> str:
    """What is typed for a field; a field within another one is written with a hyphen between the two."""
    return _OTHERWISE.get(field, f"--{field.replace('_', '-')}")
