"""What the update handlers of all our workflows share: reading a command, and saying why it is refused."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from escalation.bounds import accepted
    from escalation.errors import Refused

C = TypeVar("C")


def parsed(name: str, args: Sequence[RawValue], commands: Mapping[str, type[C]]) -> C:
    """The command of an update.

    Args:
        name: The update's name: the command's wire name.
        args: Its arguments: the command.
        commands: Those there are, by wire name.

    Raises:
        ApplicationError: There is no such command, or it makes no sense.
    """
    command_type = commands.get(name)
    if command_type is None:
        known = ", ".join(sorted(commands))
        raise ApplicationError(f"there is no command `{name}`; there are: {known}", type="UnknownCommand")
    if len(args) != 1:
        raise ApplicationError(f"`{name}` takes one argument, not {len(args)}", type="InvalidCommand")
    try:
        command = workflow.payload_converter().from_payload(args[0].payload, command_type)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ApplicationError(f"`{name}` makes no sense: {wrong}", type="InvalidCommand") from error
    if not isinstance(command, command_type):  # nothing, or bytes: those payloads do not care for the type
        raise ApplicationError(f"`{name}` makes no sense: it takes a JSON object", type="InvalidCommand")
    try:
        return accepted(command)
    except Refused as refusal:
        raise refused(refusal) from refusal


def refused(refusal: Refused) -> ApplicationError:
    """A refusal as the sender gets it."""
    return ApplicationError(str(refusal), type=type(refusal).__name__, non_retryable=True)
