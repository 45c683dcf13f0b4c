"""Collects the evidence, past everything that could tell a story of its own: files, tables, the server's histories.

Nothing here reads an event with the project's own code, folds a timeline or asks a workflow a question.
"""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import asyncpg
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecution
from temporalio.converter import DataConverter

from tests.chaos.evidence import Delivery, Entry, Letter, Run, Timer

KEY_HEADER = "X-Escalation-Key"
_RUNS = 'WorkflowType = "Escalation"'
_TIMELINE = "select escalation, seq, at, kind, data::text as data from timeline"
_DELIVERIES = "select escalation, key, status, possibly_repeated from deliveries"
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
            key=f"{row['escalation']}/{row['key']}",
            status=row["status"],
            possibly_repeated=row["possibly_repeated"],
        )
        for row in ledger
    )
    return timeline, deliveries


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
