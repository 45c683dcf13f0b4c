"""Reads a log row by row and hands out one ticket at a time, whatever the length of the file.

The order of rows is kept, since it is the order in which they were written. A row that makes no sense is left out and
reported; nothing is left out silently.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, TypeVar

from escalation.vocabulary import Category, Severity
from simulation.exports.instants import too_late, utc
from simulation.exports.mapping import LOG_COLUMNS, ExportMapping
from simulation.exports.spelling import as_compared
from simulation.exports.table import Reject, table_of
from simulation.exports.ticket_log import Rejected, Row, TicketLog

_NOT_IN_NUMBERS = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NUMBER = 64
_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "1": True, "0": False}
_Word = TypeVar("_Word")


def read_ticket_logs(
    lines: Iterable[str], mapping: ExportMapping, rejected: list[Rejected], *, as_json: bool = False
) -> Iterator[TicketLog]:
    """The tickets of a log, in its order, each as soon as its last row was read.

    Args:
        lines: The file's lines, the header first.
        as_json: Whether each line is a JSON object, and there is no header.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
    """

    def reject(line: int, reason: str) -> None:
        rejected.append(Rejected(line=line, reason=reason))

    # Names only: what is remembered of a ticket that was handed out.
    finished: dict[str, str] = {}
    rows = _rows(lines, mapping, reject, as_json=as_json)
    for ticket, of_ticket in groupby(rows, key=lambda row: row.ticket):
        number = number_of(ticket)
        if number in finished:
            reason = _came_back(ticket, finished[number], number)
            for row in of_ticket:
                reject(row.line, reason)
            continue
        finished[number] = ticket
        kept = _within_reason(of_ticket, reject, may_go_back=mapping.rows == "snapshots")
        if kept:
            yield _ticket(number, kept)


def number_of(ticket: str) -> str:
    """The ticket's number as we write it: letters, digits, dot, dash and underscore, at most 64; the rest becomes a dash.

    Raises:
        ValueError: Nothing is left of it.
    """
    number = _NOT_IN_NUMBERS.sub("-", ticket).strip("._-")[:_LONGEST_NUMBER]
    if not number:
        raise ValueError(f"`{ticket}` is not a ticket number; use letters, digits, dot, dash and underscore")
    return number


def _came_back(ticket: str, before: str, number: str) -> str:
    if ticket == before:
        return f"{ticket} was already complete; the rows of one ticket must be consecutive, or `grouped: false` in the mapping"
    return f"`{ticket}` would be called {number}, as `{before}` is; tell the two apart by letters or digits"


def _within_reason(rows: Iterable[Row], reject: Reject, *, may_go_back: bool) -> list[Row]:
    """The rows but those that go back in time, or far beyond the opening: what they meant is unknown."""
    kept: list[Row] = []
    for row in rows:
        opened_at = row.opened_at or (kept[0] if kept else row).at
        if reason := too_late(row.at, opened_at):
            reject(row.line, reason)
        elif kept and row.at < kept[-1].at and not may_go_back:
            reject(row.line, f"it is earlier than the row before it, {kept[-1].at:%Y-%m-%d %H:%M:%S}")
        else:
            kept.append(row)
    return kept


def _ticket(number: str, rows: Sequence[Row]) -> TicketLog:
    """Take who and when from the first row, what it is from the first that knows, how it ended from the last that knows."""
    first, last = rows[0], rows[-1]
    return TicketLog(
        number=number,
        customer=next((row.customer for row in rows if row.customer), ""),
        opened_at=first.opened_at or first.at,
        category_code=next((row.category_code for row in rows if row.category_code), ""),
        symptom=next((row.symptom for row in rows if row.symptom), ""),
        made_sla=next((row.made_sla for row in reversed(rows) if row.made_sla is not None), None),
        reassignments=max(row.reassignments or 0 for row in rows),
        reopens=max(row.reopens or 0 for row in rows),
        closed_code=last.closed_code,
        problem=last.problem,
        caused_by=last.caused_by,
        customer_words=next((row.customer_words for row in rows if row.customer_words), ""),
        rows=tuple(rows),
    )


def _rows(lines: Iterable[str], mapping: ExportMapping, reject: Reject, *, as_json: bool) -> Iterator[Row]:
    table = table_of(lines, reject, delimiter=mapping.delimiter, as_json=as_json)
    columns = {name: column for name, column in mapping.columns.items() if name in LOG_COLUMNS and column}
    table.require(columns.values())
    cells = table.cells(tuple(columns.values()))
    if not mapping.grouped:
        cells = grouped(cells, tuple(columns).index("ticket"))
    reader = _Reader(mapping, columns)
    for line, values in cells:
        try:
            yield reader.understood(line, values)
        except ValueError as error:
            reject(line, str(error))


class _Reader:
    """Understands rows, given the cells of the columns that the mapping names."""

    def __init__(self, mapping: ExportMapping, columns: Mapping[str, str]) -> None:
        self._mapping = mapping
        self._columns = columns
        self._places = {name: place for place, name in enumerate(columns)}
        self._severities = mapping.severities or {word.value: word for word in Severity}
        self._categories = mapping.categories or {word.value: word for word in Category}
        self._texts: list[str] = []

    def understood(self, line: int, cells: Sequence[Any]) -> Row:
        """The row.

        Raises:
            ValueError: It makes no sense; says which column, and what is allowed.
        """
        missing, text = self._mapping.missing, self._text
        self._texts = ["" if (text_ := as_compared(_as_text(cell))) == missing else text_ for cell in cells]
        number_of(text("ticket"))
        category = self._known("category", self._categories) if text("category") else None
        made_sla, reassignments = self._truth("made_sla"), self._count("reassignment_count")
        reopens, opened_at = self._count("reopen_count"), self._instant("opened_at") if text("opened_at") else None
        if opened_at is None and self._mapping.rows == "snapshots" and "opened_at" in self._columns:
            opened_at = self._instant("opened_at")  # refused: without it, a row in the middle would be the opening
        return Row(
            line=line,
            ticket=text("ticket"),
            at=self._instant("at"),
            meaning=self._known("event", self._mapping.words),
            waits_for=self._mapping.waiting_for.get(text("event"), ""),
            severity=self._known("severity", self._severities) if text("severity") else None,
            category=category,
            person=text("person"),
            group=text("group"),
            customer=text("customer"),
            opened_at=opened_at,
            category_code=text("category_code"),
            symptom=text("symptom"),
            made_sla=made_sla,
            reassignments=reassignments,
            reopens=reopens,
            closed_code=text("closed_code"),
            problem=text("problem"),
            caused_by=text("caused_by"),
            customer_words=text("customer_words"),
        )

    def _text(self, name: str) -> str:
        place = self._places.get(name)
        return "" if place is None else self._texts[place]

    def _instant(self, name: str) -> datetime:
        return _instant(self._text(name), self._columns[name], self._mapping.date_format, self._mapping.zone)

    def _known(self, name: str, words: Mapping[str, _Word]) -> _Word:
        text = self._text(name)
        if text not in words:
            shown = f"`{text}`" if text else "missing"
            raise ValueError(f"{self._columns[name]} is {shown}; write one of {', '.join(words)}, or map it")
        return words[text]

    def _truth(self, name: str) -> bool | None:
        text = self._text(name).lower()
        if text and text not in _TRUTHS:
            raise ValueError(f"{self._columns[name]} is `{text}`; write one of {', '.join(_TRUTHS)}")
        return _TRUTHS.get(text)

    def _count(self, name: str) -> int | None:
        text = self._text(name)
        if text and not (text.isascii() and text.isdigit()):
            raise ValueError(f"{self._columns[name]} is `{text}`; write a whole number")
        return int(text) if text else None


# Each row of a snapshot repeats when the ticket was opened, and reading an instant is slow.
@lru_cache(maxsize=4096)
def _instant(text: str, column: str, date_format: str, zone: str) -> datetime:
    return utc(text, column, date_format, zone)


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list | dict):
        raise ValueError("has a list or an object where one value is expected; write text")  # noqa: TRY004 (a row's mistake)
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)


_BY_TICKET = """
SELECT line, cells
FROM rows JOIN (SELECT ticket, MIN(line) AS first FROM rows GROUP BY ticket) USING (ticket)
ORDER BY first, line
"""


def grouped(rows: Iterable[tuple[int, Sequence[Any]]], ticket: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of one ticket after the other, tickets in the order of their first rows; all are read before the first comes out."""
    with closing(sqlite3.connect("")) as database:  # a file of its own that goes with the connection
        database.execute("CREATE TABLE rows (ticket TEXT, line INTEGER, cells TEXT)")
        database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?)",
            ((str(cells[ticket]).strip(), line, json.dumps(cells)) for line, cells in rows),
        )
        database.execute("CREATE INDEX by_ticket ON rows (ticket, line)")
        for line, cells in database.execute(_BY_TICKET):
            yield line, json.loads(cells)
