"""Maps each error to an exit code, a short label and a message. Imported only when something fails."""

import re
from dataclasses import dataclass

from cyclopts import CycloptsError
from cyclopts.exceptions import MissingArgumentError, UnknownOptionError, UnusedCliTokensError

from activities.errors import ActivityError, DatabaseUnavailable, DatabaseUnfit
from escalation.errors import InvalidFile, InvalidPolicy, InvalidTime, Refused
from runtime.embedded.errors import EmbeddedError
from runtime.exit_codes import BAD_INPUT, FINDINGS, NO_SUCH_CASE, REFUSED, UNEXPECTED, UNREACHABLE
from runtime.settings import SettingsError
from starter.cli.exits import BadInput, Findings
from starter.errors import (
    CaseStuck,
    CommandRefused,
    EscalationEnded,
    IncidentEnded,
    NoSuchCase,
    NotPrepared,
    TemporalUnreachable,
    WorkersBusy,
)

_BACKQUOTED = re.compile(r"`(\w+)`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error as it is shown."""

    code: int
    label: str
    message: str
    facts: dict[str, str]
    heading: str = ""  # what a screen shows in place of the label; empty for the label itself


# The first that matches counts.
_CODES: tuple[tuple[type[Exception], int, str], ...] = (
    (CycloptsError, BAD_INPUT, "bad input"),
    (BadInput, BAD_INPUT, "bad input"),
    (SettingsError, BAD_INPUT, "bad setting"),
    (InvalidPolicy, BAD_INPUT, "invalid policy"),
    (InvalidFile, BAD_INPUT, "bad file"),
    (InvalidTime, BAD_INPUT, "bad input"),
    (CommandRefused, REFUSED, "refused"),
    (Refused, REFUSED, "refused"),
    (NoSuchCase, NO_SUCH_CASE, "no such case"),
    (CaseStuck, UNREACHABLE, "stuck"),
    (WorkersBusy, UNREACHABLE, "no answer"),
    (NotPrepared, UNREACHABLE, "not prepared"),
    (TemporalUnreachable, UNREACHABLE, "no answer"),
    (DatabaseUnfit, UNREACHABLE, "not prepared"),
    (DatabaseUnavailable, UNREACHABLE, "no answer"),
    (EmbeddedError, UNREACHABLE, "no answer"),
    (ActivityError, REFUSED, "refused"),
)


def failure_of(error: Exception) -> Failure:
    """Return how to show an error."""
    if isinstance(error, Findings):
        return Failure(code=FINDINGS, label=error.label, message=str(error), facts={})
    for type_, code, label in _CODES:
        if isinstance(error, type_):
            heading = "over" if isinstance(error, (EscalationEnded, IncidentEnded)) else ""
            return Failure(code=code, label=label, message=_told(error), facts=_facts(error), heading=heading)
    message = f"{type(error).__name__}: {error}; run it again with --debug for the traceback"
    return Failure(code=UNEXPECTED, label="unexpected", message=message, facts={})


def _told(error: Exception) -> str:
    match error:
        case UnusedCliTokensError(unused_tokens=[*left]) if left:
            strays = ", ".join(f'"{token}"' for token in left)
            return f"{strays}: more than the command takes; put a text of several words in quotes, and see --help"
        case MissingArgumentError():
            return _missing(error)
        case UnknownOptionError(token=token) if longer := _longer(error, token.keyword or token.value):
            return f"{str(error).partition(' Did you mean')[0]} Did you mean {longer}?"
        case CommandRefused():
            return _as_typed(str(error))
        case _:
            return str(error)


def _missing(error: MissingArgumentError) -> str:
    """Name what the command lacks, as `--help` calls it: `NEW` where only its place says what it is, else `--why`."""
    argument = error.argument
    if argument is None:
        return str(error)
    is_placed = argument.index is not None and error.command_chain
    name = argument.name.lstrip("-").upper()
    lacks = f'Command "{" ".join(error.command_chain or ())}" needs {name}; see --help.' if is_placed else str(error)
    if "ESCALATIONS_BY" in _variables(error):
        return f"{lacks} Write {argument.name} ID, or set ESCALATIONS_BY."
    if argument.parameter.allow_leading_hyphen:
        return f"{lacks} If it begins with a dash, write -- before it; - reads standard input."
    return lacks


def _as_typed(message: str) -> str:
    """A refusal in the words that are typed here, also for commands and options other than those of the command refused."""
    from escalation.case.commands import SUPPORT_COMMANDS  # noqa: PLC0415 (all commands, for one kind of error)
    from starter.cli.fields import option_of  # noqa: PLC0415
    from starter.command_names import as_sent  # noqa: PLC0415

    named = {name for type_ in SUPPORT_COMMANDS.values() for name in type_.__dataclass_fields__ if "_" in name}
    return _BACKQUOTED.sub(
        lambda found: f"`{option_of(found[1])}`" if found[1] in named else found[0], as_sent(message)
    )


def _longer(error: UnknownOptionError, typed: str) -> str:
    """The option that ends with what was typed, such as `--customer-zone` for `--zone`; empty without one."""
    ending = f"-{typed.lstrip('-')}"
    names = (name for option in error.argument_collection if option.parse for name in option.names)
    return next((name for name in names if name.endswith(ending) and name.lstrip("-") != typed.lstrip("-")), "")


def _variables(error: MissingArgumentError) -> tuple[str, ...]:
    """Names in the environment that could have said what is missing."""
    if error.argument is None or not error.argument.parameter.env_var:
        return ()
    return tuple(error.argument.parameter.env_var)


def _facts(error: Exception) -> dict[str, str]:
    match error:
        case CommandRefused():
            return {"type": error.type}
        case WorkersBusy(command_id=str(command_id)) if command_id:
            return {"escalation": error.escalation, "command_id": command_id}
        case NoSuchCase() | WorkersBusy():
            return {"escalation": error.escalation}
        case _:
            return {}
