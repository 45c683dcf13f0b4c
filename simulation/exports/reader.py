"""Reads a log row by row and hands out one incident at a time, whatever the length of the file.

The log is grouped: the rows of one incident follow each other. Their order is kept, since it is the order in
which they were written. A row that makes no sense is left out and reported; nothing is left out silently.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeVar

from simulation.exports.incidents import Incident, Rejected, UnreadableRow, Update
from simulation.exports.instants import too_late, utc
from simulation.exports.mapping import SERVICENOW, LogMapping
from simulation.exports.table import Reject, Table

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_TRUTHS = {"true": True, "false": False}
_Meaning = TypeVar("_Meaning")


def read_incidents(
    lines: Iterable[str], mapping: LogMapping = SERVICENOW, *, rejected: list[Rejected] | None = None
) -> Iterator[Incident]:
    """The incidents of a log, in its order.

    Args:
        lines: The file's lines, the header first; an open text file (with `newline=""`) will do.
        mapping: How the log spells things.
        rejected: Collects the rows that make no sense; without it the first of them is an error.

    Yields:
        Each incident as soon as its last row was read.

    Raises:
        UnreadableLog: There is no header, or it lacks columns.
        UnreadableRow: A row makes no sense and `rejected` is None.
    """

    def reject(line: int, reason: str) -> None:
        found = Rejected(line=line, reason=reason)
        if rejected is None:
            raise UnreadableRow(found)
        rejected.append(found)

    # Numbers only: what is remembered of an incident that was handed out.
    finished: set[str] = set()
    for number, rows in groupby(_rows(lines, mapping, reject), key=lambda row: row.number):
        if number in finished:
            for row in rows:
                reject(row.update.line, f"{number} was already complete; the rows of one incident must be consecutive")
            continue
        finished.add(number)
        if kept := _within_reason(rows, reject):
            yield _incident(kept)


class _Row(NamedTuple):
    """One row, understood."""

    number: str
    caller: str
    opened_at: datetime
    category: str
    symptom: str
    made_sla: bool
    reassignments: int
    reopens: int
    closed_code: str
    problem: str
    caused_by: str
    update: Update


def _rows(lines: Iterable[str], mapping: LogMapping, reject: Reject) -> Iterator[_Row]:
    table = Table(lines, reject)
    table.require(mapping.columns)
    places = {name: place for place, name in enumerate(table.header)}
    needed = itemgetter(*(places[column] for column in mapping.columns))
    for line, cells in table.rows():
        try:
            yield _row(needed(cells), line, mapping)
        except ValueError as error:
            reject(line, str(error))


def _row(cells: Sequence[str], line: int, mapping: LogMapping) -> _Row:
    """Understand one row, given the cells of `mapping.columns`; ValueError says what cannot be understood."""
    missing = mapping.missing
    texts = ["" if (text := " ".join(cell.split())) == missing else text for cell in cells]
    number, state, updated_at, opened_at, caller, priority, category, symptom, group, assignee = texts[:10]
    made_sla, reassignments, reopens, closed_code, problem, caused_by = texts[10:]
    return _Row(
        number=_number(number),
        caller=caller,
        opened_at=_instant(opened_at, mapping.opened_at, mapping.date_format, mapping.zone),
        category=category,
        symptom=symptom,
        made_sla=_word(made_sla.lower(), mapping.made_sla, _TRUTHS),
        reassignments=_count(reassignments, mapping.reassignments),
        reopens=_count(reopens, mapping.reopens),
        closed_code=closed_code,
        problem=problem,
        caused_by=caused_by,
        update=Update(
            line=line,
            at=_instant(updated_at, mapping.updated_at, mapping.date_format, mapping.zone),
            state=_word(state, mapping.state, mapping.states),
            severity=_word(priority, mapping.priority, mapping.priorities) if priority else None,
            group=group,
            assignee=assignee,
        ),
    )


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"`{text}` is not a ticket number; use letters, digits, dot, dash and underscore, at most 64")
    return text


# Each row of an incident repeats when it was opened, and reading an instant is slow.
@lru_cache(maxsize=4096)
def _instant(text: str, column: str, date_format: str, zone: str) -> datetime:
    return utc(text, column, date_format, zone)


def _count(text: str, column: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{column} is {f'`{text}`' if text else 'missing'}; write a whole number")
    return int(text)


def _word(text: str, column: str, words: Mapping[str, _Meaning]) -> _Meaning:
    if text not in words:
        raise ValueError(f"{column} is {f'`{text}`' if text else 'missing'}; write one of {', '.join(words)}")
    return words[text]


def _within_reason(rows: Iterator[_Row], reject: Reject) -> tuple[_Row, ...]:
    """The rows but those far beyond the ticket's opening."""
    kept = []
    for row in rows:
        if reason := too_late(row.update.at, row.opened_at):
            reject(row.update.line, reason)
        else:
            kept.append(row)
    return tuple(kept)


def _incident(rows: tuple[_Row, ...]) -> Incident:
    """Who and when from the first row, what it is from the first that knows, how it ended from the last."""
    first, last = rows[0], rows[-1]
    return Incident(
        number=first.number,
        caller=first.caller,
        opened_at=first.opened_at,
        category=next((row.category for row in rows if row.category), ""),
        symptom=next((row.symptom for row in rows if row.symptom), ""),
        made_sla=last.made_sla,
        reassignments=max(row.reassignments for row in rows),
        reopens=max(row.reopens for row in rows),
        closed_code=last.closed_code,
        problem=last.problem,
        caused_by=last.caused_by,
        updates=tuple(row.update for row in rows),
    )
