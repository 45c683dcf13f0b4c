"""The fake of the incidents' record does what PostgreSQL does."""

import pytest

from escalation.incident.events import IncidentEvent
from tests import fakes
from tests.unit.activities.incidents_contract import IncidentsContract, Kept


class TestIncidents(IncidentsContract):
    @pytest.fixture
    def incidents(self) -> fakes.Incidents:
        return fakes.Incidents()

    @pytest.fixture
    def kept(self, incidents: fakes.Incidents) -> Kept:
        async def read(name: str) -> list[IncidentEvent]:
            return incidents.timelines.get(name, [])

        return read
