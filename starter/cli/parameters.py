"""Options that several commands share, and how their values are read."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TextIO

from cyclopts import Parameter, Token, validators

from escalation.case.naming import case_name
from starter.cli.exits import BadInput
from starter.cli.texts import not_blank, read_all, whole

LONGEST_TICKET = 200
# Bytes of a JSON file.
_MOST_JSON = 50_000_000


def instant(text: str) -> datetime:
    """The aware instant in a text.

    Raises:
        ValueError: it is none, or does not say in which zone it is.
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(
            f'"{text}" is not an instant; write it like 2026-03-27T16:00+01:00 or 2026-03-27T15:00Z'
        ) from None
    if read.tzinfo is None:
        raise ValueError(f'"{text}" does not say where; add an offset, like {text}+01:00, or Z for UTC')
    return read


def wall_time(text: str) -> timedelta:
    """The duration in a text, such as `90s`, `15m`, `2h`, `1h30m` or `1d`; more than nothing.

    Raises:
        ValueError: it is none.
    """
    from escalation.business_time import ALWAYS_OPEN, DurationError, OpenTime, parse_duration  # noqa: PLC0415 (few need it)

    try:
        read = parse_duration(text, ALWAYS_OPEN)
    except DurationError:
        read = None
    if not isinstance(read, OpenTime) or read.seconds == 0:
        raise ValueError(f'"{text}" is not a duration; write 90s, 15m, 2h, 1h30m or 1d')
    return timedelta(seconds=read.seconds)


def _one(tokens: Sequence[Token]) -> str:
    return tokens[0].value


def _to_instant(type_: Any, tokens: Sequence[Token]) -> datetime:  # noqa: ARG001 (what a converter gets)
    return instant(_one(tokens))


def _to_wall_time(type_: Any, tokens: Sequence[Token]) -> timedelta:  # noqa: ARG001 (what a converter gets)
    return wall_time(_one(tokens))


def check_ticket(ticket: str) -> None:
    """Refuse what is neither a ticket number nor an escalation id.

    Raises:
        ValueError: it is not; the message says what to write.
    """
    if not ticket or len(ticket) > LONGEST_TICKET or not ticket.isprintable() or any(map(str.isspace, ticket)):
        raise ValueError(f"A ticket is 1 to {LONGEST_TICKET} visible characters without blanks.")
    case_name(ticket)


def _ticket_checked(type_: Any, value: str | None) -> None:  # noqa: ARG001 (what a validator gets)
    if value is not None:
        check_ticket(value)


Ticket = Annotated[str, Parameter(validator=_ticket_checked, help="Ticket number, or an escalation's id.")]
Everything = Annotated[bool, Parameter(negative=())]
Instant = Annotated[datetime, Parameter(converter=_to_instant)]
WallTime = Annotated[timedelta, Parameter(converter=_to_wall_time)]
JsonFile = Annotated[Path, Parameter(allow_leading_hyphen=True)]
Frustration = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=4))]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The acting person, and the id by which a repeat is recognised."""

    by: Annotated[
        str, Parameter(env_var="ESCALATIONS_BY", validator=not_blank, help="Id of the acting person, usually your own.")
    ]
    command_id: Annotated[
        str | None, Parameter(validator=not_blank, help="Sending the same id again is a no-op with the same answer.")
    ] = None


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAsked:
    """As `Asked`, for what a customer does."""

    by: Annotated[str, Parameter(validator=not_blank, help="Id of the person who records it, if not the customer.")] = (
        "customer"
    )
    command_id: Annotated[
        str | None, Parameter(validator=not_blank, help="Sending the same id again is a no-op with the same answer.")
    ] = None


def either(at: datetime | None, after: timedelta | None, now: datetime, *, names: tuple[str, str]) -> datetime | None:
    """The instant that one of two options names, one as a time from now; None when neither is given."""
    if at is not None and after is not None:
        raise BadInput(f"{names[0]} and {names[1]} both say when; give one of them")
    return now + after if after is not None else at


def read_json(path: Path, stdin: TextIO) -> Any:
    """The value in a JSON file; `-` is standard input."""
    try:
        text = read_all(stdin, _MOST_JSON) if str(path) == "-" else _read_file(path)
        return _whole(json.loads(text, object_pairs_hook=_once))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"{file_name(path)}: cannot be read: {reason}") from error
    except _NamedTwice as error:
        raise BadInput(f"{file_name(path)}: `{error}` is there twice in one object; write it once") from None
    except json.JSONDecodeError as error:
        raise BadInput(f"{file_name(path)}:{error.lineno}: is not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:
        reason = "is nested too deeply" if isinstance(error, RecursionError) else "has a number of too many digits"
        raise BadInput(f"{file_name(path)}: {reason} to be read") from error


class _NamedTwice(Exception):
    """An object of a JSON file has a name twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Names and values; a name that is there twice is refused, as one value would silently win.
    found = dict(pairs)
    if len(found) < len(pairs):
        (name, _), *_ = Counter(name for name, _ in pairs).most_common(1)
        raise _NamedTwice(name)
    return found


def _read_file(path: Path) -> str:
    with path.open("rb") as opened:
        held = opened.read(_MOST_JSON + 1)
    if len(held) > _MOST_JSON:
        raise BadInput(f"{path}: is longer than {_MOST_JSON:,} bytes; split it")
    # Some editors begin a file with a byte-order mark.
    return held.decode("utf-16" if held.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")


def _whole(value: Any) -> Any:
    """The value without halves of characters, which JSON can name and nothing can write."""
    match value:
        case str():
            return whole(value)
        case list():
            return [_whole(each) for each in value]
        case dict():
            return {whole(name): _whole(each) for name, each in value.items()}
        case _:
            return value


def file_name(path: Path) -> str:
    """The file as messages name it; `-` is standard input."""
    return "standard input" if str(path) == "-" else str(path)
