"""The record on PostgreSQL: `escalations`, `timeline`, `timeline_superseded`, `reviews`."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import asyncpg
import structlog

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from activities.adapters.postgres.wire import json_text
from activities.contracts import ClaimLifeInput, RecordInput
from activities.errors import NotYetRecorded, RecordConflict
from activities.triage_contracts import CustomerHistory
from escalation.case.codec import event_from_json, from_json
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection

_log = structlog.stdlib.get_logger(__name__)


class Records:
    """The timelines of escalations, kept after their workflows have ended."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "records")

    async def append(self, batch: RecordInput) -> None:
        """Write the events and the view in one transaction; what is already there is left as it is.

        One round trip where the events follow what is there. Otherwise the stored ones are compared with the batch:
        from the first that differs on, those handed over earlier are set aside, and what is left of the batch is
        written.

        Raises:
            RecordConflict: Another event in the way was handed over at the same instant, the batch is late (a newer
                one was taken, and this one is not a repeat), or it leaves a gap.
        """
        async with self._database.connection() as connection:
            if await self._write(connection, batch, batch.first_seq):
                return
        await self._reconcile(batch)

    async def view(self, escalation: str) -> CaseView:
        """See the port."""
        found = await self._sql.value("view", escalation)
        if found is None:
            raise NotYetRecorded(f"{escalation} is not in the record yet")
        return from_json(CaseView, found)

    async def events(self, escalation: str, kinds: Iterable[str]) -> tuple[Event, ...]:
        """The events of these kinds, in order; none where there is no such escalation (yet)."""
        return tuple(
            event_from_json(row["data"]) for row in await self._sql.rows("events_of_kinds", escalation, list(kinds))
        )

    async def timeline(self, ticket: str, life: int) -> tuple[Event, ...]:
        """See the port."""
        return tuple(event_from_json(row["data"]) for row in await self._sql.rows("timeline", ticket, life))

    async def claim_life(self, claim: ClaimLifeInput) -> int:
        """See the port."""
        number: int = await self._sql.value("claim_life", claim.ticket, claim.run, claim.at)
        return number

    async def customer_history(self, escalation: str, customer: str, since: datetime | None = None) -> CustomerHistory:
        """The customer's other escalations, without cancelled ones; none for a customer without an id.

        Args:
            escalation: The one that does not count: its id, or the first run id of its workflow.
            since: Those opened earlier do not count, aware; None for no limit.
        """
        if not customer:
            return CustomerHistory()
        row = await self._sql.row("customer_history", escalation, customer, since)
        assert row is not None  # noqa: S101  an aggregate always gives a row
        return made(CustomerHistory, row)

    async def _write(self, connection: "Connection", batch: RecordInput, first: int) -> bool:
        """Write the batch's events from this number on, and its view."""
        events = batch.events[first - batch.first_seq :]
        written = await connection.fetchval(
            self._sql["append"],
            batch.escalation,
            first,
            [event.at for event in events],
            [event.kind for event in events],
            [json_text(event) for event in events],
            json_text(batch.view),
            batch.as_of,
        )
        return written is not None

    async def _reconcile(self, batch: RecordInput) -> None:
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(self._sql["lock"], batch.escalation)
            recorded, newest = (row["recorded"], row["as_of"]) if row is not None else (0, batch.as_of)
            if batch.first_seq > recorded + 1:
                raise RecordConflict(
                    f"gap in {batch.escalation}: the record ends with event {recorded}, "
                    f"the batch begins with {batch.first_seq}"
                )
            other = await self._first_other(connection, batch)
            if batch.as_of < newest:
                _must_be_a_repeat(batch, recorded, other)
                return
            kept = recorded
            if other is not None:
                await self._set_aside(connection, batch, other)
                kept = other["seq"] - 1
            await self._write(connection, batch, kept + 1)
        if kept < recorded:
            _log.warning("events set aside", escalation=batch.escalation, first_seq=kept + 1, events=recorded - kept)

    async def _first_other(self, connection: "Connection", batch: RecordInput) -> asyncpg.Record | None:
        """The first stored event that is not the one that the batch has at its place."""
        last = batch.first_seq + len(batch.events) - 1
        rows = await connection.fetch(self._sql["events"], batch.escalation, batch.first_seq, last)
        for row in rows:
            event = batch.events[row["seq"] - batch.first_seq]
            if event_from_json(row["data"]) != event_from_json(json_text(event)):
                return row
        return None

    async def _set_aside(self, connection: "Connection", batch: RecordInput, other: asyncpg.Record) -> None:
        """Move the stored events from this one on out of the timeline, with what they taught."""
        first = other["seq"]
        if batch.as_of <= other["as_of"]:
            raise RecordConflict(f"{batch.escalation} has another event {first} already, of the same instant")
        await connection.execute(self._sql["set_aside"], batch.escalation, first, batch.as_of)
        await connection.execute(self._sql["unlearn"], batch.escalation, first)
        await connection.execute(self._sql["take_away"], batch.escalation, first)


def _must_be_a_repeat(batch: RecordInput, recorded: int, other: asyncpg.Record | None) -> None:
    """What a batch has to be that is older than what was taken already."""
    if other is not None:
        raise RecordConflict(f"{batch.escalation} has another event {other['seq']} already, of a newer batch")
    if batch.first_seq - 1 + len(batch.events) > recorded:
        raise RecordConflict(f"{batch.escalation} has a newer batch already than this one, which came late")
