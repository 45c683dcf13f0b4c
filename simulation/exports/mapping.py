"""The spelling of another tool's export: one YAML file for `simulate`, `import` and `triage`.

`examples/events/mapping.yaml` and `examples/triage/mapping.yaml` show it; `SERVICENOW` is the one that is built in.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from escalation.documents.problems import Problems, advise
from escalation.documents.shape import note_misfits
from escalation.documents.text_file import read_text_file
from escalation.documents.yaml import read_document
from escalation.documents.zone_name import ZoneName
from escalation.errors import InvalidFile
from escalation.triage.facts import TicketFacts
from escalation.vocabulary import Category, Severity
from simulation.exports.spelling import as_compared, usual

IGNORE, CLOSE, QUEUE, HAND_OVER = "ignore", "close", "queue", "hand_over"
Meaning = Literal[
    "acknowledge",
    "decline",
    "hand_over",
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
    "queue",
    "ignore",
]
"""What a word of a log may mean: a command's wire name, or one of `hand_over` (it went to another group), `close`
(resolve, unless it is resolved), `queue` (it waits to be taken) and `ignore` (nothing)."""

ENDS = frozenset({"resolve", "cancel", CLOSE})  # what is known of a severity only then changes nothing any more

LOG_COLUMNS = (
    *("ticket", "at", "event", "severity", "category", "person", "group", "customer", "opened_at", "category_code"),
    *("symptom", "made_sla", "reassignment_count", "reopen_count", "closed_code", "problem", "caused_by"),
    "customer_words",
)
"""What a row of a log may say."""

NEVER_IN_A_FILE = frozenset({"tone", "earlier_escalations", "earlier_reopened", "earlier_breached"})
"""Facts that are looked up, and never read from a file."""

TICKET_COLUMNS = (
    *("ticket", "customer", "opened_at"),
    *(name for name in TicketFacts.__dataclass_fields__ if name not in NEVER_IN_A_FILE),
)
"""What a row of an export for triage may say: the ticket's number, whose it is, since when, and the facts."""

_LOG_NEEDS = ("ticket", "at", "event")


class InvalidMapping(InvalidFile):
    """The mapping file cannot be used."""


def _one_column_ends(text: str) -> str:
    if len(text) != 1:
        raise ValueError('must be one character; a tab is written "\\t"')
    if text in '\r\n"':
        raise ValueError('cannot separate columns; write one character, such as ";", or "\\t" for a tab')
    return text


def an_encoding(name: str) -> str:
    """The name of an encoding of text.

    Raises:
        ValueError: It is none.
    """
    try:
        "\n".encode(name)
    except (LookupError, UnicodeError):  # base64 and the like are codecs, and no encodings
        raise ValueError("is not an encoding; write one such as utf-8, utf-16 or windows-1252") from None
    return name


def _a_format(text: str) -> str:
    year = datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001 (only written and read again)
    if text and datetime.strptime(year.strftime(text), text).year != year.year:  # noqa: DTZ007 (as above)
        raise ValueError("names no year; write it as for strptime, such as `%Y-%m-%d %H:%M`")
    return text


def _a_column(name: str) -> str:
    known = {*LOG_COLUMNS, *TICKET_COLUMNS}
    if name not in known:
        raise ValueError(f"`{name}` is not a column we know; {advise(name, known)}")
    return name


Spelled = Annotated[str, AfterValidator(as_compared)]  # a word of the file, or the name of a column, as it is compared


class ExportMapping(BaseModel):
    """One export's spelling."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # our names (`LOG_COLUMNS`, `TICKET_COLUMNS`) and the file's columns
    columns: Mapping[Annotated[str, AfterValidator(_a_column)], Spelled] = Field(default_factory=dict)
    date_format: Annotated[str, AfterValidator(_a_format)] = ""  # as for `strptime`; empty for ISO 8601
    zone: ZoneName = "UTC"  # the time zone of times without an offset
    # what separates the columns of a CSV file; a first line such as `sep=;` says it as well
    delimiter: Annotated[str, AfterValidator(_one_column_ends)] = ","
    # how the characters are written; UTF-16 is known by its first bytes
    encoding: Annotated[str, AfterValidator(an_encoding)] = "utf-8"
    missing: Spelled = ""  # what is written where a value is not known, besides nothing
    # the file's severities and ours; our own words are known to triage, and to a log without any
    severities: Mapping[Spelled, Severity] = Field(default_factory=dict)
    categories: Mapping[Spelled, Category] = Field(default_factory=dict)
    # of a log: `events` where each row says what happened; `states` where it gives the ticket's state from then;
    # `snapshots` where it shows the whole ticket after a change, as an audit trail does
    rows: Literal["events", "states", "snapshots"] = "events"
    words: Mapping[Spelled, Meaning] = Field(default_factory=dict)
    # of a log: words that mean `pause`, and for whom the ticket waits
    waiting_for: Mapping[Spelled, str] = Field(default_factory=dict)
    # of a log: whether the rows of one ticket are consecutive; otherwise, as in a log in the order of time, they are
    # grouped on disk first
    grouped: bool = True
    usual_severity: Severity = Severity.SEV3
    usual_category: Category = Category.TECHNICAL
    yes: tuple[str, ...] = ("yes", "true", "1", "x")
    between_tags: Annotated[str, Field(min_length=1)] = ";"
    usual_language: str = ""  # for triage: where the file does not say; empty when it is not known

    def column(self, name: str) -> str:
        """The file's column for one of our names; without any columns, a file that carries our names is meant."""
        return self.columns.get(name, "") if self.columns else name


def load_mapping(file: Path, *, of_log: bool = True) -> ExportMapping:
    """The mapping in a file.

    Args:
        of_log: Whether it must say what a log needs; otherwise what triage needs, which is the ticket's number.

    Raises:
        InvalidMapping: It cannot be read, or something in it is wrong; names every problem.
    """
    document = read_document(usual(read_text_file(file, InvalidMapping)), allowed="\t", kind="a mapping")
    problems = Problems(str(file), document, InvalidMapping, places=True)
    if not document.data:
        problems.add((), "has no keys", "write `columns:`")
    problems.raise_if_any()
    try:
        mapping = ExportMapping.model_validate(document.data)
    except ValidationError as error:
        note_misfits(error.errors(), problems, ExportMapping, "the mapping")
        mapping = ExportMapping()
    if not problems.is_broken(("columns",)):
        _note_missing(document.data, problems, of_log=of_log)
    problems.raise_if_any()
    return mapping


def _note_missing(data: object, problems: Problems, *, of_log: bool) -> None:
    """Note what this use of a mapping cannot do without."""
    given = data if isinstance(data, dict) else {}
    columns = given.get("columns") or {}
    if of_log or columns:
        for name in _LOG_NEEDS if of_log else ("ticket",):
            if name not in columns:
                problems.add(("columns", name), "is missing", "name the file's column for it")
    if of_log and not given.get("words"):
        problems.add(("words",), "is missing", "write what the log's words mean, such as `{solved: resolve}`")


SERVICENOW = ExportMapping(
    columns={
        "ticket": "number",
        "event": "incident_state",
        "at": "sys_updated_at",
        "opened_at": "opened_at",
        "customer": "caller_id",
        "severity": "priority",
        "category_code": "category",
        "symptom": "u_symptom",
        "group": "assignment_group",
        "person": "assigned_to",
        "made_sla": "made_sla",
        "reassignment_count": "reassignment_count",
        "reopen_count": "reopen_count",
        "closed_code": "closed_code",
        "problem": "problem_id",
        "caused_by": "caused_by",
    },
    rows="snapshots",
    words={
        "New": "queue",
        "Active": "acknowledge",
        "Awaiting User Info": "request_information",
        "Awaiting Vendor": "pause",
        "Awaiting Problem": "pause",
        "Awaiting Evidence": "pause",
        "Resolved": "resolve",
        "Closed": "close",
    },
    waiting_for={
        "Awaiting Vendor": "the vendor",
        "Awaiting Problem": "a problem record",
        "Awaiting Evidence": "evidence",
    },
    severities={
        "1 - Critical": Severity.SEV1,
        "2 - High": Severity.SEV2,
        "3 - Moderate": Severity.SEV3,
        "4 - Low": Severity.SEV4,
    },
    date_format="%d/%m/%Y %H:%M",
    missing="?",
)
"""The incident audit log of ServiceNow, as in `examples/incidents.csv`."""
