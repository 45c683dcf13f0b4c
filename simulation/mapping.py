"""How an event log spells what we need: a small YAML file, shown and explained in `examples/events/mapping.yaml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from escalation.vocabulary import Category, Severity
from simulation.mapping_file import ExportMapping, Spelled, read_mapping

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
"""The meaning of a word in the log: a command's wire name, `close` (resolve, unless it is resolved), or nothing."""


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
        person: Who took it; named for the case when a person takes it.
        customer: Whose ticket it is; counted, never written to.
    """

    ticket: Spelled
    at: Spelled
    event: Spelled
    severity: Spelled = ""
    category: Spelled = ""
    person: Spelled = ""
    customer: Spelled = ""


class EventMapping(ExportMapping):
    """One log's spelling, besides what every export has.

    Attributes:
        rows: `events` where each row says what happened; `states` where it gives the ticket's state from then on, so
            that leaving a wait or a resolution means something too, and a repeated state is a note.
        words: The log's words and what they mean.
        severities: The log's severities and ours.
        categories: The log's categories and ours.
        grouped: Whether the rows of one ticket are consecutive; otherwise, as in a log in the order of time, they are
            brought together on disk first.
        usual_severity: Where the log does not say.
        usual_category: Where the log does not say.
    """

    columns: Columns
    rows: Literal["events", "states"] = "events"
    words: Annotated[Mapping[Spelled, Meaning], Field(min_length=1)]
    severities: Mapping[Spelled, Severity] = {}
    categories: Mapping[Spelled, Category] = {}
    grouped: bool = True
    usual_severity: Severity = Severity.SEV3
    usual_category: Category = Category.TECHNICAL


def load_mapping(file: Path) -> EventMapping:
    """The mapping in a file.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    return read_mapping(file, EventMapping)
