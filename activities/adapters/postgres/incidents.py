"""The record of incidents on PostgreSQL: `incidents`, `incident_timeline`."""

from typing import TYPE_CHECKING

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import queries
from activities.adapters.postgres.wire import json_text
from activities.contracts import IncidentRecordInput
from activities.errors import RecordConflict
from escalation.case.codec import adapter_of
from escalation.incident.events import IncidentEvent

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection


class Incidents:
    """The timelines of incidents, kept after their workflows have ended."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("incidents")

    async def append(self, batch: IncidentRecordInput) -> None:
        """Write the events and the summary in one transaction; what is already there is left as it is.

        A batch is in the workflow's history before it is handed over, so no lost task can have written another event.

        Raises:
            RecordConflict: Another event has this number, or the batch leaves a gap.
        """
        async with self._database.connection() as connection:
            if await self._write(connection, batch, batch.first_seq):
                return
        async with self._database.transaction() as connection:
            recorded = await connection.fetchval(self._sql["recorded"], batch.incident) or 0
            if batch.first_seq > recorded + 1:
                raise RecordConflict(
                    f"gap in the incident {batch.incident}: the record ends with event {recorded}, "
                    f"the batch begins with {batch.first_seq}"
                )
            await self._must_agree(connection, batch)
            if batch.first_seq + len(batch.events) - 1 > recorded:
                await self._write(connection, batch, recorded + 1)

    async def _write(self, connection: "Connection", batch: IncidentRecordInput, first: int) -> bool:
        """Write the batch's events from this number on, and the summary."""
        events = batch.events[first - batch.first_seq :]
        written = await connection.fetchval(
            self._sql["append"],
            batch.incident,
            first,
            [event.at for event in events],
            [event.kind for event in events],
            [json_text(event) for event in events],
            json_text(batch.summary),
        )
        return written is not None

    async def _must_agree(self, connection: "Connection", batch: IncidentRecordInput) -> None:
        last, read = batch.first_seq + len(batch.events) - 1, adapter_of(IncidentEvent).validate_json
        for row in await connection.fetch(self._sql["events"], batch.incident, batch.first_seq, last):
            ours = json_text(batch.events[row["seq"] - batch.first_seq])
            if read(row["data"]) != read(ours):
                raise RecordConflict(f"the incident {batch.incident} has another event {row['seq']} already")
