"""Collects the evidence, past everything that could tell a story of its own: files, tables, the server's histories.

Nothing here reads an event with the project's own code, folds a timeline or asks a workflow a question.
"""

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import asyncpg
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecution
from temporalio.converter import DataConverter

from examples.demo.vendors import DESK, PREFIX
from tests.chaos.evidence import Delivery, Entry, Letter, Received, Remark, Run, Timer, message
from tests.peers.help_desks import PeerTicket

KEY_HEADER = "X-Escalation-Key"
_RUNS = 'WorkflowType = "Escalation"'
_TIMELINE = "select escalation, seq, at, kind, data::text as data from timeline"
_DELIVERIES = "select escalation, key, status, possibly_repeated from deliveries"
_RECEIVED = "select source, key, ticket, kind, state, reason, error from deliveries_in"
_BEHIND = "select ticket, error from desk_tickets where changed > done or lost_at is not null"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_FAULTS = {
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE,
    WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
}


def letters(folder: Path) -> tuple[Letter, ...]:
    """The mails that the sink wrote into this folder, in the order they came."""
    return tuple(_letter(file) for file in sorted(folder.glob("*.eml")))


def _letter(file: Path) -> Letter:
    mail = message_from_bytes(file.read_bytes(), policy=default)
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Letter(key=str(mail[KEY_HEADER]), message_id=str(mail["Message-ID"]), at=at)


async def record(dsn: str) -> tuple[tuple[Entry, ...], tuple[Delivery, ...]]:
    """All rows of `timeline` and of `deliveries`."""
    connection = await asyncpg.connect(dsn)
    try:
        rows, ledger = await connection.fetch(_TIMELINE), await connection.fetch(_DELIVERIES)
    finally:
        await connection.close()
    timeline = tuple(
        Entry(
            escalation=row["escalation"],
            seq=row["seq"],
            at=row["at"],
            kind=row["kind"],
            data=json.loads(row["data"]),
        )
        for row in rows
    )
    deliveries = tuple(
        Delivery(
            key=message(row["escalation"], row["key"]),
            status=row["status"],
            possibly_repeated=row["possibly_repeated"],
        )
        for row in ledger
    )
    return timeline, deliveries


async def connected(dsn: str) -> tuple[tuple[Received, ...], tuple[str, ...]]:
    """All rows of `deliveries_in`, and tickets of the help desk that are not in step."""
    connection = await asyncpg.connect(dsn)
    try:
        rows, behind = await connection.fetch(_RECEIVED), await connection.fetch(_BEHIND)
    finally:
        await connection.close()
    received = tuple(
        Received(
            id=_event_id(row["key"]),
            ticket=f"{PREFIX}{row['ticket']}" if row["source"] == DESK else row["ticket"],
            kind=row["kind"],
            state=row["state"],
            reason=row["reason"] or row["error"],
        )
        for row in rows
    )
    return received, tuple(f"{row['ticket']}: {row['error'] or 'is behind'}" for row in behind)


def _event_id(key: str) -> str:
    """The sender's id in the key of a row: a UUID of the help desk; the chat's has its place in the body after it."""
    found = _UUID.search(key)
    return found[0] if found else key.rpartition(":")[0]


def remarks(tickets: Mapping[str, PeerTicket]) -> tuple[Remark, ...]:
    """What we wrote into the tickets of the help desk."""
    return tuple(
        Remark(ticket=f"{PREFIX}{number}", marker=note.rpartition("[esc ")[2].rstrip("]"), is_public=is_public)
        for number, ticket in tickets.items()
        for is_public, notes in ((False, ticket.notes), (True, ticket.public))
        for note in notes
    )


async def histories(client: Client) -> tuple[tuple[Run, ...], tuple[Timer, ...]]:
    """Every run of every escalation, and the timers that fired in them."""
    runs: list[Run] = []
    timers: list[Timer] = []
    async for found in client.list_workflows(_RUNS):
        events = await _events(client, found)
        status = found.status.name if found.status is not None else "unknown"
        runs.append(Run(escalation=found.id, run_id=found.run_id, status=status, faults=_faults(events)))
        timers += [timer async for timer in _timers(found.id, events, client.data_converter)]
    return tuple(runs), tuple(timers)


async def _events(client: Client, found: WorkflowExecution) -> Sequence[HistoryEvent]:
    history = await client.get_workflow_handle(found.id, run_id=found.run_id).fetch_history()
    return history.events


def _faults(events: Sequence[HistoryEvent]) -> tuple[str, ...]:
    failed = (
        event.workflow_task_failed_event_attributes
        for event in events
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    )
    return tuple(one.failure.message for one in failed if one.cause in _FAULTS)


async def _timers(escalation: str, events: Sequence[HistoryEvent], converter: DataConverter) -> AsyncIterator[Timer]:
    started = {event.event_id: event for event in events}
    for event in events:
        if event.event_type != EventType.EVENT_TYPE_TIMER_FIRED:
            continue
        start = started[event.timer_fired_event_attributes.started_event_id]
        if not start.user_metadata.HasField("summary"):
            continue
        (name,) = await converter.decode([start.user_metadata.summary], [str])
        lasts = start.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        yield Timer(
            escalation=escalation,
            name=name,
            due=start.event_time.ToDatetime(UTC) + lasts,
            fired=event.event_time.ToDatetime(UTC),
        )
