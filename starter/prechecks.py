"""Checks input as the workflow will check it, so that a refusal names the field and costs no round trip."""

from typing import Any, TypeVar

from pydantic_core import PydanticSerializationError

from escalation.bounds import Id, accepted, accepted_as
from escalation.case.codec import to_json
from escalation.errors import InvalidCommand
from starter.errors import CommandRefused
from workflows.converter import MOST_BYTES

S = TypeVar("S")


def as_sent(command: S) -> S:
    """The command, or the request to open, in its normal form.

    Raises:
        CommandRefused: a part of it is out of bounds, or of a type that cannot be sent.
    """
    try:
        found = accepted(command)
        size = len(to_json(found).encode())
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    except PydanticSerializationError as error:
        kind = getattr(command, "kind", type(command).__name__)
        raise CommandRefused(InvalidCommand.__name__, f"`{kind}` cannot be sent: {error}") from error
    if size > MOST_BYTES:
        kind = getattr(command, "kind", type(command).__name__)
        said = f"`{kind}` has {size:,} bytes; send at most {MOST_BYTES:,}, with fewer long texts in one command"
        raise CommandRefused(InvalidCommand.__name__, said)
    return found


def id_as_sent(value: Any, field: str) -> str:
    """An id that goes beside a command, such as its own.

    Raises:
        CommandRefused: it is too long, or has characters that ids must not have.
    """
    try:
        found: str = accepted_as(Id, value, field)
    except InvalidCommand as error:
        raise CommandRefused(type(error).__name__, str(error)) from error
    return found
