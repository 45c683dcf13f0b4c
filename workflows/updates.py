"""Reads what came from outside for the handlers of all our workflows, and says why it is refused."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from escalation.bounds import accepted
    from escalation.errors import Refused
    from workflows.converter import MOST_BYTES, NO_INPUT, SEVERAL, fits

C = TypeVar("C")

MOST_PROBLEMS = 10  # problems that one refusal lists
LONGEST_REASON = 500  # characters of a refusal that come from outside, such as the name of an unknown field


class Unreadable(Exception):
    """A value from outside cannot be read; the message says what is wrong."""


def parsed(name: str, command: RawValue, commands: Mapping[str, type[C]]) -> C:
    """The command of an update, in its normal form and within its bounds.

    Args:
        name: The update's name: the command's wire name.
        command: Its argument, as it came.
        commands: Those there are, by wire name.

    Raises:
        ApplicationError: It makes no sense, or it is out of bounds.
    """
    if command is NO_INPUT or command is SEVERAL:
        came = "none" if command is NO_INPUT else "several"
        raise ApplicationError(f"`{name}` takes one argument, not {came}", type="InvalidCommand")
    try:
        return accepted(readable(command, commands[name]))
    except Unreadable as error:
        # Without its cause: the Temporal UI shows that below our words, with a decoder's words and addresses.
        raise ApplicationError(f"`{name}` makes no sense: {error}", type="InvalidCommand") from None
    except Refused as refusal:
        raise refused(refusal) from None


def unknown_command(name: str, commands: Mapping[str, type[object]]) -> ApplicationError:
    """The refusal of an update that is none of the commands."""
    known = ", ".join(sorted(commands))
    return ApplicationError(f"there is no command `{_short(name)}`; there are: {known}", type="UnknownCommand")


def readable(raw: RawValue, type_: type[C], *, is_ours: bool = False) -> C:
    """The value that came.

    Args:
        raw: As it came.
        is_ours: Whether it comes from an earlier run rather than from outside; then it may be longer.

    Raises:
        Unreadable: It is too long, in an unknown encoding, or no such value.
    """
    if not is_ours and not fits(raw.payload):
        raise Unreadable(f"it is longer than {MOST_BYTES:,} bytes; shorten its texts and lists")
    try:
        found = workflow.payload_converter().from_payload(raw.payload, type_)
    except ValidationError as error:
        raise Unreadable(_told(error)) from error
    except Exception as error:  # whatever a decoder raises at junk; else it would fail the task again and again
        raise Unreadable(f"it cannot be decoded: {_short(f'{type(error).__name__}: {error}')}") from error
    if not isinstance(found, type_):  # nothing, or bytes: those payloads do not care for the type
        raise Unreadable("it takes a JSON object")
    return found


def refused(refusal: Refused) -> ApplicationError:
    """A refusal as the sender gets it."""
    return ApplicationError(str(refusal), type=type(refusal).__name__, non_retryable=True)


@contextmanager
def refusing(command: str) -> Iterator[None]:
    """Refuse the command where the decision within refuses it, or meets an error of ours, which is logged.

    Raised as it is, such an error would stop the case until it is fixed. The validator meets it first, and then nothing
    is written; met in a handler after all, the refusal is part of the history that a replay with the fix would not give,
    so a fix belongs to the next run of the case.

    Raises:
        ApplicationError: It is refused; nothing has changed.
    """
    try:
        yield
    except FailureError:
        raise
    except Refused as refusal:
        raise refused(refusal) from None
    except Exception as error:
        workflow.logger.error("a command met an error of ours", extra={"command": command}, exc_info=error)
        said = f"`{command}` met an error of ours ({type(error).__name__}); nothing has changed, and it is logged"
        raise ApplicationError(said, type="Unforeseen", non_retryable=True) from error


def _told(error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    told = (f"{_short('.'.join(map(str, one['loc'])))}: {_short(one['msg'])}" for one in problems[:MOST_PROBLEMS])
    return "; ".join(told)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"
