"""Understands one row of an event log: what happened to which ticket and when, in our words."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from escalation.vocabulary import CUSTOMER, SYSTEM, Category, Severity
from simulation.exports import Rejected
from simulation.exports.instants import utc
from simulation.exports.spelling import as_compared
from simulation.exports.table import Table
from simulation.grouping import grouped
from simulation.mapping import EventMapping

_NOT_IN_NUMBERS = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NUMBER = 64
_NOT_IN_IDS = re.compile(r"[\W_]+")
_TAKEN = frozenset({CUSTOMER, SYSTEM})
_Word = TypeVar("_Word")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One row, understood.

    Attributes:
        line: Where it begins in the file, from 1.
        ticket: The ticket as the log writes it.
        at: When it happened, aware UTC.
        meaning: What happened, a member of `mapping.Meaning`.
        person: The id of the named person, or empty.
    """

    line: int
    ticket: str
    at: datetime
    meaning: str
    severity: Severity | None
    category: Category | None
    person: str
    customer: str


def event_rows(lines: Iterable[str], mapping: EventMapping, rejected: list[Rejected]) -> Iterator[EventRow]:
    """The rows of an event log, those of a ticket together.

    Args:
        lines: The file's lines, the header first.
        mapping: How the log spells things.
        rejected: Collects the rows that make no sense.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """

    def reject(line: int, reason: str) -> None:
        rejected.append(Rejected(line=line, reason=reason))

    table = Table(lines, reject, delimiter=mapping.delimiter)
    table.require(name for name in mapping.columns.model_dump().values() if name)
    rows = table.rows()
    if not mapping.grouped:
        rows = grouped(rows, table.header.index(mapping.columns.ticket))
    for line, cells in rows:
        try:
            yield _understood(dict(zip(table.header, cells, strict=True)), line, mapping)
        except ValueError as error:
            reject(line, str(error))


def number_of(ticket: str) -> str:
    """The ticket's number as we write it: letters, digits, dot, dash and underscore, at most 64; what else there is becomes a dash.

    Raises:
        ValueError: Nothing is left of it.
    """
    number = _NOT_IN_NUMBERS.sub("-", ticket).strip("._-")[:_LONGEST_NUMBER]
    if not number:
        raise ValueError(f"`{ticket}` is not a ticket number; use letters, digits, dot, dash and underscore")
    return number


def _understood(cells: Mapping[str, str], line: int, mapping: EventMapping) -> EventRow:
    columns = mapping.columns

    def text(column: str) -> str:
        value = as_compared(cells[column]) if column else ""
        return "" if value == mapping.missing else value

    ticket, severity, category = text(columns.ticket), text(columns.severity), text(columns.category)
    number_of(ticket)
    return EventRow(
        line=line,
        ticket=ticket,
        at=utc(text(columns.at), columns.at, mapping.date_format, mapping.zone),
        meaning=_known(text(columns.event), columns.event, mapping.words),
        severity=_known(severity, columns.severity, mapping.severities or _own(Severity)) if severity else None,
        category=_known(category, columns.category, mapping.categories or _own(Category)) if category else None,
        person=_id_of(text(columns.person)),
        customer=text(columns.customer),
    )


def _id_of(name: str) -> str:
    """An id for a person in the log: small letters without their marks, and dashes."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    id_ = _NOT_IN_IDS.sub("-", plain.lower()).strip("-")
    return f"person-{id_}" if id_ in _TAKEN else id_


def _own(words: Iterable[_Word]) -> Mapping[str, _Word]:
    return {str(word): word for word in words}


def _known(text: str, column: str, words: Mapping[str, _Word]) -> _Word:
    if text not in words:
        shown = f"`{text}`" if text else "missing"
        raise ValueError(f"{column} is {shown}; write one of {', '.join(words)}, or add it to the mapping")
    return words[text]
