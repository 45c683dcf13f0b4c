"""How an event log spells what we need: a small YAML file, shown and explained in `examples/events/mapping.yaml`."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from escalation.vocabulary import Category, Severity
from starter.mapping_file import read_mapping
from starter.zone_name import ZoneName

IGNORE = "ignore"
CLOSE = "close"
Meaning = Literal[
    "acknowledge",
    "decline",
    "note",
    "tell_customer",
    "request_information",
    "customer_replied",
    "pause",
    "resume",
    "escalate",
    "resolve",
    "reopen",
    "cancel",
    "close",
    "ignore",
]
"""What a word of the log may mean: a command's wire name, `close` (resolve, unless it is resolved), or nothing."""


def _one_column_ends(text: str) -> str:
    if text in '\r\n"':
        raise ValueError('cannot separate columns; write one character, such as ";", or "\\t" for a tab')
    return text


def _an_encoding(name: str) -> str:
    try:
        plain = "\n".encode(name) == b"\n"
    except LookupError:
        raise ValueError("is no encoding; write one such as utf-8 or windows-1252") from None
    if not plain:
        raise ValueError("writes the end of a line in more than one byte; save the log as UTF-8")
    return name


def _a_format(text: str) -> str:
    year = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001 (only written and read again)
    if datetime.strptime(year.strftime(text), text).year != year.year:  # noqa: DTZ007 (as above)
        raise ValueError("names no year; write it as for strptime, such as `%Y-%m-%d %H:%M`")
    return text


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Section):
    """Names of the log's columns; those with a default may be missing.

    Attributes:
        ticket: The ticket's number.
        at: When it happened.
        event: What happened, or the ticket's state from then on.
        severity: The ticket's severity from then on.
        category: What kind of concern it is.
        person: Who took it; named for the case when somebody takes it.
        customer: Whose ticket it is; counted, never written to.
    """

    ticket: str
    at: str
    event: str
    severity: str = ""
    category: str = ""
    person: str = ""
    customer: str = ""


class EventMapping(_Section):
    """One log's spelling.

    Attributes:
        rows: `events` where each row says what happened; `states` where it says how the ticket stands since then, so
            that leaving a wait or a resolution means something too, and a repeated state is a note.
        words: The log's words and what they mean.
        severities: The log's severities and ours.
        categories: The log's categories and ours.
        date_format: As for `strptime`; empty for ISO 8601.
        zone: Where the clock hangs that shows times without an offset.
        delimiter: What separates the columns.
        encoding: How the characters are written; ServiceNow and most others write UTF-8, old exports windows-1252.
        grouped: Whether the rows of one ticket stand together; otherwise, as in a log in the order of time, they are
            brought together on disk first.
        missing: What stands where a value is not known, besides nothing.
        usual_severity: Where the log does not say.
        usual_category: Where the log does not say.
    """

    columns: Columns
    rows: Literal["events", "states"] = "events"
    words: Annotated[Mapping[str, Meaning], Field(min_length=1)]
    severities: Mapping[str, Severity] = {}
    categories: Mapping[str, Category] = {}
    date_format: Annotated[str, AfterValidator(lambda text: _a_format(text) if text else text)] = ""
    zone: ZoneName = "UTC"
    delimiter: Annotated[str, Field(min_length=1, max_length=1), AfterValidator(_one_column_ends)] = ","
    encoding: Annotated[str, AfterValidator(_an_encoding)] = "utf-8"
    grouped: bool = True
    missing: str = ""
    usual_severity: Severity = Severity.SEV3
    usual_category: Category = Category.TECHNICAL


def load_mapping(file: Path) -> EventMapping:
    """The mapping in a file.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    return read_mapping(file, EventMapping)
