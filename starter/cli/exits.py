"""Exit codes, and the one line an error is told in.

0    done
1    the audit found something, a case of a file could not be computed, or policies differ that must not
2    the request itself is wrong: an option, a value, a file
3    the domain refused it
4    there is no such escalation, or it has ended
5    a server, a worker or the database does not answer
70   something unexpected; with `--debug` the traceback says more
130  interrupted from the keyboard
"""

from dataclasses import dataclass

from cyclopts import CycloptsError

from activities.errors import ActivityError, DatabaseUnavailable
from escalation.business_time import CalendarError, DurationError
from escalation.errors import InvalidPolicy, Refused
from starter.embedded.errors import EmbeddedError
from starter.errors import CommandRefused, NoSuchCase, TemporalUnreachable, WorkersBusy
from starter.settings import SettingsError

OK = 0
FINDINGS = 1
BAD_INPUT = 2
REFUSED = 3
NO_SUCH_CASE = 4
UNREACHABLE = 5
UNEXPECTED = 70
INTERRUPTED = 130


class BadInput(Exception):
    """The user's request is wrong; the message says what is allowed."""


class AuditFindings(Exception):
    """The audit found what should not be so; the findings themselves were told as its answer."""


class NotComputed(Exception):
    """Some cases of a file could not be computed; each of them was told why as its answer."""


class PoliciesDiffer(Exception):
    """Two policies do not mean the same, and `--exit-code` asked; in what was told as the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How an error is told.

    Attributes:
        code: The exit code.
        label: What kind of failure, in a word or two.
        message: Mostly one line; a line for each problem where several are told.
        facts: What programs may want beside it.
    """

    code: int
    label: str
    message: str
    facts: dict[str, str]


_CODES: tuple[tuple[type[Exception], int, str], ...] = (
    (CycloptsError, BAD_INPUT, "bad input"),
    (BadInput, BAD_INPUT, "bad input"),
    (AuditFindings, FINDINGS, "audit"),
    (NotComputed, FINDINGS, "not computed"),
    (PoliciesDiffer, FINDINGS, "different"),
    (SettingsError, BAD_INPUT, "bad setting"),
    (InvalidPolicy, BAD_INPUT, "invalid policy"),
    (DurationError, BAD_INPUT, "bad input"),
    (CalendarError, BAD_INPUT, "bad input"),
    (CommandRefused, REFUSED, "refused"),
    (Refused, REFUSED, "refused"),
    (NoSuchCase, NO_SUCH_CASE, "no such case"),
    (WorkersBusy, UNREACHABLE, "no answer"),
    (TemporalUnreachable, UNREACHABLE, "no answer"),
    (DatabaseUnavailable, UNREACHABLE, "no answer"),
    (EmbeddedError, UNREACHABLE, "no answer"),
    (ActivityError, REFUSED, "refused"),
)
"""The first that matches counts."""


def failure_of(error: Exception) -> Failure:
    """How to tell this error."""
    for type_, code, label in _CODES:
        if isinstance(error, type_):
            return Failure(code=code, label=label, message=str(error), facts=_facts(error))
    message = f"{type(error).__name__}: {error}; run it again with --debug for the traceback"
    return Failure(code=UNEXPECTED, label="unexpected", message=message, facts={})


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
