"""Reads an export of tickets: CSV or JSON lines by name, or a ServiceNow incident export as it is."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from escalation.triage import TicketFacts
from simulation.exports import SERVICENOW, Incident, Rejected, read_incidents
from simulation.exports.log_file import log_lines
from simulation.exports.spelling import as_compared
from simulation.exports.table import Table
from simulation.exports.wording import summary_of
from simulation.tickets.mapping import NAMES, TicketMapping
from simulation.tickets.rows import SEVERAL, Repeated, Row, Ticket

JSON_LINES = frozenset({".jsonl", ".ndjson"})


@contextmanager
def read_tickets(
    file: Path, mapping: TicketMapping | None, *, now: datetime, rejected: list[Rejected], unread: list[str]
) -> Iterator[Iterator[Ticket]]:
    """The tickets of a file, one at a time.

    Args:
        file: CSV, or JSON lines (`.jsonl`, `.ndjson`); it may be gzipped.
        mapping: How it spells things; None where the columns carry our names, or it is a ServiceNow export.
        now: The instant that open tickets are judged at, aware.
        rejected: Takes the rows that make no sense.
        unread: Takes the names of columns that nothing is read from.

    Raises:
        UnreadableLog: It cannot be read, or lacks the column of the ticket's number; also while tickets are read.
    """
    encoding = "utf-8" if mapping is None else mapping.encoding
    with log_lines(file, encoding=encoding) as lines:
        suffixes = [suffix.casefold() for suffix in file.suffixes if suffix.casefold() != ".gz"]
        if suffixes and suffixes[-1] in JSON_LINES:
            yield _once(_of_json_lines(lines, mapping or TicketMapping(), now, rejected, unread), rejected)
            return
        first = next(lines, "")
        whole = chain([first], lines)
        if mapping is None and _is_servicenow(first):
            yield map(_of_incident, read_incidents(whole, rejected=rejected))
        else:
            yield _once(_of_csv(whole, mapping or TicketMapping(), now, rejected, unread), rejected)


def _is_servicenow(header: str) -> bool:
    return set(SERVICENOW.columns) <= {name.strip().strip('"\ufeff') for name in header.split(",")}


def _once(tickets: Iterator[Ticket], rejected: list[Rejected]) -> Iterator[Ticket]:
    """Each ticket at its first row."""
    seen: dict[str, int] = {}
    for each in tickets:
        first = seen.setdefault(each.ticket, each.line)
        if first == each.line:
            yield each
        else:
            rejected.append(Rejected(line=each.line, reason=f"{each.ticket} is listed twice, first in line {first}"))


def _of_csv(
    lines: Iterator[str], mapping: TicketMapping, now: datetime, rejected: list[Rejected], unread: list[str]
) -> Iterator[Ticket]:
    def reject(line: int, reason: str) -> None:
        rejected.append(Rejected(line=line, reason=reason))

    table = Table(lines, reject, delimiter=mapping.delimiter)
    wanted = {mapping.column(name) for name in (mapping.columns or NAMES)}
    needed = set(mapping.columns.values()) or {mapping.column("ticket")}
    several = {mapping.column(name) for name in SEVERAL}
    table.require(sorted(needed), ", or --mapping says what they are called", several=several)
    table.require((name for name in table.header if name in wanted), several=several)
    unread += dict.fromkeys(name for name in table.header if name not in wanted)
    for line, cells in table.rows():
        try:
            yield Row(_together(zip(table.header, cells, strict=True)), mapping, now).understood(line)
        except ValueError as error:
            reject(line, str(error))


def _together(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Names and values; of a name that is there several times, all values."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        key = as_compared(name)
        if key not in found:
            found[key] = value
        elif isinstance(found[key], Repeated):
            found[key].append(value)
        else:
            found[key] = Repeated((found[key], value))
    return found


def _of_json_lines(
    lines: Iterator[str], mapping: TicketMapping, now: datetime, rejected: list[Rejected], unread: list[str]
) -> Iterator[Ticket]:
    wanted = {mapping.column(name) for name in (mapping.columns or NAMES)}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            cells = _object(line)
            unread += [name for name in cells if name not in wanted and name not in unread]
            yield Row(cells, mapping, now).understood(number)
        except ValueError as error:
            rejected.append(Rejected(line=number, reason=str(error)))


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line, object_pairs_hook=_together)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("is not a JSON object; write {…} with a name for each value")  # noqa: TRY004 (a row's mistake)
    return value


def _of_incident(incident: Incident) -> Ticket:
    """A ServiceNow incident: no words, only codes and counts; in its state after the last change."""
    last = incident.updates[-1]
    tags = tuple(code for code in (incident.category, incident.symptom) if code)
    facts = TicketFacts(
        subject=summary_of(incident),
        tags=tags,
        severity=next((each.severity for each in reversed(incident.updates) if each.severity), None),
        owners_tried=incident.reassignments + 1,
        days_open=max(0.0, round((last.at - incident.opened_at) / timedelta(days=1), 4)),
        reopen_count=incident.reopens,
    )
    return Ticket(line=incident.updates[0].line, ticket=incident.number, customer=incident.caller, facts=facts)
