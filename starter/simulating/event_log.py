"""Lives out of any event log: one row for each thing that happened to a ticket, its words explained by a mapping.

The rows of one ticket stand together: the file is read as it comes, and a ticket is replayed when a row of another one
follows. A log in the order of time is brought into that form first; `sort -t, -k1,1 -k2,2` does that for most logs.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import TypeVar

from escalation.commands import (
    Acknowledge,
    AddNote,
    Cancel,
    ChangeSeverity,
    Customer,
    Decline,
    Escalate,
    Open,
    Packet,
    Pause,
    Reassign,
    RecordCustomerReply,
    Reopen,
    RequestInformation,
    Resolve,
    Resume,
    SupportCommand,
    TellCustomer,
)
from escalation.vocabulary import CUSTOMER, CancelCause, Category, Outcome, Reason, Severity
from starter.importing import OWNER, Rejected, Step, UnreadableLog
from starter.simulating.lives import Life
from starter.simulating.mapping import IGNORE, EventMapping

_TICKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_PERSON = re.compile(r"[^a-z0-9]+")
_Word = TypeVar("_Word")
DESK = "front-desk"
SAID = "As the log has it."
"""Stands for texts that the log does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    ticket: str
    at: datetime
    meaning: str
    severity: Severity | None
    category: Category | None
    person: str
    customer: str


def lives_of_events(lines: Iterable[str], mapping: EventMapping, rejected: list[Rejected]) -> Iterator[Life]:
    """The lives in an event log, in its order, each as soon as its last row was read.

    Args:
        lines: The file's lines, the header first.
        mapping: How the log spells things.
        rejected: Collects the rows that make no sense.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """
    finished: set[str] = set()
    for ticket, rows in groupby(_rows(lines, mapping, rejected), key=lambda row: row.ticket):
        if ticket in finished:
            reason = f"{ticket} was already complete; the rows of one ticket must stand together"
            rejected.extend(Rejected(line=row.line, reason=reason) for row in rows)
            continue
        finished.add(ticket)
        yield _life(_in_order(rows, rejected), mapping)


def _in_order(rows: Iterable[_Row], rejected: list[Rejected]) -> list[_Row]:
    """The rows but those that go back in time: nobody can say what they meant."""
    kept: list[_Row] = []
    for row in rows:
        if kept and row.at < kept[-1].at:
            before = f"{kept[-1].at:%Y-%m-%d %H:%M:%S}"
            rejected.append(Rejected(line=row.line, reason=f"it is earlier than the row before it, {before}"))
        else:
            kept.append(row)
    return kept


def _rows(lines: Iterable[str], mapping: EventMapping, rejected: list[Rejected]) -> Iterator[_Row]:
    reader = csv.reader(lines, delimiter=mapping.delimiter, strict=True)
    try:
        header = [name.strip().removeprefix("\ufeff") for name in next(reader, [])]
    except csv.Error as error:
        raise UnreadableLog(f"line 1: {error}; the first line must name the columns") from None
    wanted = [name for name in mapping.columns.model_dump().values() if name]
    if missing := [name for name in wanted if name not in header]:
        raise UnreadableLog(f"line 1: no column {', '.join(missing)}; the first line must name the columns")
    while True:
        try:
            cells = next(reader)
            if not cells:
                continue
            if len(cells) == len(header):
                yield _row(dict(zip(header, cells, strict=True)), reader.line_num, mapping)
            else:
                reason = f"{len(cells)} columns where the header has {len(header)}"
                rejected.append(Rejected(line=reader.line_num, reason=reason))
        except StopIteration:
            return
        except (ValueError, csv.Error) as error:
            rejected.append(Rejected(line=reader.line_num, reason=str(error)))


def _row(cells: Mapping[str, str], line: int, mapping: EventMapping) -> _Row:
    columns = mapping.columns

    def text(column: str) -> str:
        value = cells[column].strip() if column else ""
        return "" if value == mapping.missing else value

    ticket = text(columns.ticket)
    if not _TICKET.fullmatch(ticket):
        raise ValueError(f"`{ticket}` is no ticket number; use letters, digits, dot, dash and underscore, at most 64")
    severity, category = text(columns.severity), text(columns.category)
    return _Row(
        line=line,
        ticket=ticket,
        at=_instant(text(columns.at), columns.at, mapping.date_format),
        meaning=_known(text(columns.event), columns.event, mapping.words),
        severity=_known(severity, columns.severity, mapping.severities or _own(Severity)) if severity else None,
        category=_known(category, columns.category, mapping.categories or _own(Category)) if category else None,
        person=_PERSON.sub("-", text(columns.person).lower()).strip("-"),
        customer=text(columns.customer),
    )


def _instant(text: str, column: str, date_format: str) -> datetime:
    try:
        # A zone is given to it below, where it has none.
        at = datetime.strptime(text, date_format) if date_format else datetime.fromisoformat(text)  # noqa: DTZ007 (see above)
    except ValueError:
        raise ValueError(f"{column} is `{text}`; write it as {date_format or 'ISO 8601'}") from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _own(words: Iterable[_Word]) -> Mapping[str, _Word]:
    return {str(word): word for word in words}


def _known(text: str, column: str, words: Mapping[str, _Word]) -> _Word:
    if text not in words:
        raise ValueError(f"{column} is `{text}`; write one of {', '.join(words)}, or add it to the mapping")
    return words[text]


def _life(rows: Sequence[_Row], mapping: EventMapping) -> Life:
    first = rows[0]
    customer = next((row.customer for row in rows if row.customer), "unknown")
    opening = Open(
        ticket=first.ticket,
        summary=first.ticket,
        customer=Customer(id=customer, name=customer, address="customer@example.com"),
        severity=first.severity or mapping.usual_severity,
        category=next((row.category for row in rows if row.category), mapping.usual_category),
        reasons=(Reason.UNRESOLVED,),
        by=DESK,
    )
    story = _Story(opening.severity, by_states=mapping.rows == "states")
    for row in rows:
        story.tell(row)
    return Life(opened_at=first.at, open=opening, steps=tuple(story.steps))


class _Story:
    """Goes through a ticket's rows once and writes down the steps."""

    def __init__(self, severity: Severity, *, by_states: bool) -> None:
        self.steps: list[Step] = []
        self._by_states = by_states
        self._severity = severity
        self._state = IGNORE
        self._person = ""

    def tell(self, row: _Row) -> None:
        """Add what this row means."""
        meaning = row.meaning
        if self._by_states:
            meaning = self._entered(row)
        if row.severity and row.severity is not self._severity and meaning not in ("resolve", "cancel"):
            self._severity = row.severity
            self._add(row, ChangeSeverity(severity=row.severity, by=DESK, why=SAID))
        if meaning == "acknowledge" and row.person and row.person != self._person:
            self._person = row.person
            self._add(row, Reassign(to=row.person, by=DESK, why=SAID))
        if meaning != IGNORE:
            self._add(row, _COMMANDS[meaning])

    def _entered(self, row: _Row) -> str:
        """What entering this state means; leaving the one before is added at once."""
        left, self._state = self._state, row.meaning
        if left == row.meaning:
            return IGNORE if left in (IGNORE, "resolve", "cancel") else "note"
        if left in _LEAVING:
            self._add(row, _LEAVING[left])
            # Work goes on with whoever had it; only a reopened case is taken anew.
            if row.meaning == "acknowledge" and left != "resolve":
                return "note"
        return row.meaning

    def _add(self, row: _Row, command: SupportCommand) -> None:
        self.steps.append(Step(at=row.at, command=command))


_COMMANDS: Mapping[str, SupportCommand] = {
    "acknowledge": Acknowledge(by=OWNER, packet_read=True),
    "decline": Decline(by=OWNER, why=SAID),
    "note": AddNote(by=OWNER, text=SAID),
    "tell_customer": TellCustomer(by=OWNER, text=SAID),
    "request_information": RequestInformation(by=OWNER, question=SAID),
    "customer_replied": RecordCustomerReply(text=SAID),
    "pause": Pause(by=OWNER, why=SAID),
    "resume": Resume(by=OWNER),
    "escalate": Escalate(by=OWNER, why=SAID, packet=Packet(concern=SAID, nothing_tried=True)),
    "resolve": Resolve(by=OWNER, outcome=Outcome.SOLVED, solution=SAID),
    "reopen": Reopen(by=CUSTOMER, why=SAID),
    "cancel": Cancel(by=DESK, cause=CancelCause.WITHDRAWN, why=SAID),
}
_LEAVING: Mapping[str, SupportCommand] = {
    "request_information": _COMMANDS["customer_replied"],
    "pause": _COMMANDS["resume"],
    "resolve": _COMMANDS["reopen"],
}
"""What it means to leave a state, by what it means to enter it."""
