"""The record of incidents on a real PostgreSQL."""

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.incidents import Incidents
from escalation.case.codec import adapter_of
from escalation.incident.events import IncidentEvent
from tests.unit.activities.builders import MONDAY
from tests.unit.activities.incidents_contract import IncidentsContract, Kept, batch, life


class TestIncidents(IncidentsContract):
    @pytest.fixture
    def incidents(self, database: Database) -> Incidents:
        return Incidents(database)

    @pytest.fixture
    def kept(self, database: Database) -> Kept:
        async def read(name: str) -> list[IncidentEvent]:
            sql = "select data from incident_timeline where incident = $1 order by seq"
            async with database.connection() as connection:
                return [
                    adapter_of(IncidentEvent).validate_json(row["data"]) for row in await connection.fetch(sql, name)
                ]

        return read

    async def test_events_come_back_as_they_were_but_for_the_one_character(
        self, incidents: Incidents, kept: Kept
    ) -> None:
        await incidents.append(batch(1, 4))
        read = await kept("mail")
        assert (read[0], read[1], read[3]) == (life()[0], life()[1], life()[3])
        assert "Ä customer's \ufffd words" in str(read[2])

    async def test_the_summary_follows_the_latest_batch(self, incidents: Incidents, database: Database) -> None:
        await incidents.append(batch(1, 2))
        await incidents.append(batch(3, 4))
        await incidents.append(batch(1, 2))
        async with database.connection() as connection:
            row = await connection.fetchrow("select * from incidents")
        assert row is not None
        assert tuple(row) == ("mail", 4, "Mail is late", "a full queue", "resolved", MONDAY, MONDAY, 2, 2, 0)

    async def test_a_reopened_incident_is_open_again_and_has_no_solution(
        self, incidents: Incidents, database: Database
    ) -> None:
        await incidents.append(batch(1, 4))
        await incidents.append(batch(5, 5))
        async with database.connection() as connection:
            row = await connection.fetchrow("select stage, resolved_at, bulletins, reopened from incidents")
        assert row is not None
        assert tuple(row) == ("open", None, 3, 1)

    @pytest.mark.parametrize("change", ["update incident_timeline set kind = ''", "delete from incident_timeline"])
    async def test_what_happened_cannot_be_changed(self, incidents: Incidents, database: Database, change: str) -> None:
        await incidents.append(batch(1, 4))
        async with database.connection() as connection:
            with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
                await connection.execute(change)
