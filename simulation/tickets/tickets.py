"""Reads an export of tickets: CSV or JSON lines by name, or a ServiceNow incident export as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from escalation.triage.facts import TicketFacts
from simulation.exports.log_file import is_json_lines, log_lines
from simulation.exports.mapping import SERVICENOW, TICKET_COLUMNS, ExportMapping
from simulation.exports.phrases import summary_of
from simulation.exports.rows import read_ticket_logs
from simulation.exports.table import JsonLines, Table, as_column, table_of
from simulation.exports.ticket_log import Rejected, TicketLog
from simulation.tickets.rows import SEVERAL, Row, Ticket


@contextmanager
def read_tickets(
    file: Path, mapping: ExportMapping | None, *, now: datetime, rejected: list[Rejected], unread: list[str]
) -> Iterator[Iterator[Ticket]]:
    """The tickets of a file, one at a time.

    Args:
        file: CSV, or JSON lines (`.jsonl`, `.ndjson`); it may be gzipped.
        mapping: How it spells things; None where the columns carry our names, or it is a ServiceNow export.
        unread: Takes the names of columns that nothing is read from, once all tickets were read.

    Raises:
        UnreadableLog: It cannot be read, or lacks the column of the ticket's number; also while tickets are read.
    """
    spelled = mapping or ExportMapping()
    as_json = is_json_lines(file)
    with log_lines(file, encoding=spelled.encoding) as lines:
        first = "" if as_json else next(lines, "")
        whole = chain([first] if first else [], lines)
        if mapping is None and _is_servicenow(first):
            yield map(_as_it_ended, read_ticket_logs(whole, SERVICENOW, rejected))
            return

        def reject(line: int, reason: str) -> None:
            rejected.append(Rejected(line=line, reason=reason))

        table = table_of(whole, reject, delimiter=spelled.delimiter, as_json=as_json)
        yield _once(_facts(table, spelled, now, rejected, unread), rejected)


def _is_servicenow(header: str) -> bool:
    there = {as_column(name.strip().strip('"\ufeff')) for name in header.split(",")}
    return set(map(as_column, SERVICENOW.columns.values())) <= there


def _once(tickets: Iterator[Ticket], rejected: list[Rejected]) -> Iterator[Ticket]:
    """Each ticket at its first row."""
    seen: dict[str, int] = {}
    for each in tickets:
        first = seen.setdefault(each.ticket, each.line)
        if first == each.line:
            yield each
        else:
            rejected.append(Rejected(line=each.line, reason=f"{each.ticket} is listed twice, first in line {first}"))


def _facts(
    table: Table | JsonLines, mapping: ExportMapping, now: datetime, rejected: list[Rejected], unread: list[str]
) -> Iterator[Ticket]:
    columns = {name: column for name in TICKET_COLUMNS if (column := mapping.column(name))}
    several = [columns[name] for name in SEVERAL if name in columns]
    needed = sorted(columns.values()) if mapping.columns else [columns["ticket"]]
    table.require(needed, ", or --mapping says what they are called", several=several)
    if isinstance(table, Table):
        there = set(map(as_column, table.header))
        columns = {name: column for name, column in columns.items() if as_column(column) in there}
        table.require(columns.values(), several=several)
    for line, cells in table.cells(tuple(columns.values())):
        try:
            yield Row(dict(zip(columns, cells, strict=True)), mapping, now).understood(line)
        except ValueError as error:
            rejected.append(Rejected(line=line, reason=str(error)))
    read = set(map(as_column, columns.values()))
    unread += [name for name in dict.fromkeys(table.header) if as_column(name) not in read]


def _as_it_ended(log: TicketLog) -> Ticket:
    """A ServiceNow incident: no words, only codes and counts; in its state after the last change."""
    last = log.rows[-1]
    facts = TicketFacts(
        subject=summary_of(log),
        tags=tuple(code for code in (log.category_code, log.symptom) if code),
        severity=next((each.severity for each in reversed(log.rows) if each.severity), None),
        owners_tried=log.reassignments + 1,
        days_open=max(0.0, round((last.at - log.opened_at) / timedelta(days=1), 4)),
        reopen_count=log.reopens,
    )
    return Ticket(line=log.rows[0].line, ticket=log.number, customer=log.customer, facts=facts)
