"""The record on PostgreSQL: `escalations`, `timeline`, `reviews`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries
from activities.adapters.postgres.wire import json_text
from activities.contracts import CustomerHistory, RecordInput
from activities.errors import NotYetRecorded, RecordConflict
from escalation.codec import event_from_json, from_json
from escalation.events import Event
from escalation.view import CaseView

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection


class Records:
    """What happened, kept after the workflow is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("records")

    async def append(self, batch: RecordInput) -> None:
        """Write the events and the view in one transaction; what is already there is left as it is.

        One round trip where the events follow what is there. Otherwise the stored ones are compared with the
        batch, and what is left of it is written.

        Raises:
            RecordConflict: Another event stands at the same place of the timeline, or the batch leaves a gap.
        """
        async with self._database.connection() as connection:
            if await self._write(connection, batch, batch.first_seq, batch.events):
                return
        await self._write_rest(batch)

    async def view(self, escalation: str) -> CaseView:
        """The current view.

        Raises:
            NotYetRecorded: There is none (yet); asking again later may help.
        """
        async with self._database.connection() as connection:
            found = await connection.fetchval(self._sql["view"], escalation)
        if found is None:
            raise NotYetRecorded(f"{escalation} is not in the record yet")
        return from_json(CaseView, found)

    async def customer_history(self, escalation: str, customer: str) -> CustomerHistory:
        """The customer's other escalations; none for a customer without an id."""
        if not customer:
            return CustomerHistory()
        async with self._database.connection() as connection:
            row = await connection.fetchrow(self._sql["customer_history"], escalation, customer)
        assert row is not None  # noqa: S101  an aggregate always gives a row
        return CustomerHistory(
            escalations=tuple(row["latest"] or ()),
            total=row["total"],
            reopened=row["reopened"],
            breached=row["breached"],
        )

    async def _write(self, connection: "Connection", batch: RecordInput, first: int, events: Sequence[Event]) -> bool:
        written = await connection.fetchval(
            self._sql["append"],
            batch.escalation,
            first,
            [event.at for event in events],
            [event.kind for event in events],
            [json_text(event) for event in events],
            json_text(batch.view),
        )
        return written is not None

    async def _write_rest(self, batch: RecordInput) -> None:
        async with self._database.transaction() as connection:
            recorded = await connection.fetchval(self._sql["lock"], batch.escalation) or 0
            if batch.first_seq > recorded + 1:
                raise RecordConflict(
                    f"gap in {batch.escalation}: the record ends with event {recorded}, "
                    f"the batch begins with {batch.first_seq}"
                )
            await self._compare(connection, batch)
            known = recorded + 1 - batch.first_seq
            await self._write(connection, batch, recorded + 1, batch.events[known:])

    async def _compare(self, connection: "Connection", batch: RecordInput) -> None:
        last = batch.first_seq + len(batch.events) - 1
        rows = await connection.fetch(self._sql["events"], batch.escalation, batch.first_seq, last)
        for row in rows:
            event = batch.events[row["seq"] - batch.first_seq]
            if event_from_json(row["data"]) != event_from_json(json_text(event)):
                raise RecordConflict(
                    f"{batch.escalation} has another event {row['seq']} already than this `{event.kind}`"
                )
