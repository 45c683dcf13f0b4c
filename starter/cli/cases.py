"""The part of the client that the commands need; tests replace it with one in memory."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from escalation.case.commands import Open, OpenByTriage, SupportCommand
from escalation.case.events import Event
from escalation.clocks.explain import ClockExplanation
from escalation.incident.commands import IncidentCommand
from escalation.incident.events import IncidentEvent
from escalation.incident.vocabulary import IncidentStage
from escalation.vocabulary import ClockName
from starter.incidents import IncidentOpening, ListedIncident
from starter.listing import Filter, Listed
from starter.opening import Opening
from starter.supervision import Seen
from workflows.contract import Answer, Status
from workflows.incident_contract import IncidentAnswer, IncidentStatus


class Incidents(Protocol):
    """The part of `IncidentClient` that commands use."""

    async def open(self, name: str, *, title: str, cause: str, by: str) -> IncidentOpening:
        """Begin an incident."""

    async def send(self, name: str, command: IncidentCommand, *, command_id: str | None) -> IncidentAnswer:
        """Send a command."""

    async def status(self, name: str) -> IncidentStatus:
        """Return the status of an incident."""

    async def timeline(self, name: str) -> tuple[IncidentEvent, ...]:
        """Its latest events."""

    async def list(self, stage: IncidentStage | None, *, limit: int) -> tuple[ListedIncident, ...]:
        """List incidents."""


class Supervisor(Protocol):
    """The part of `starter.supervision.Supervisor` that the audit uses."""

    async def look(self, escalation: str) -> Seen | None:
        """One escalation as the server knows it."""

    async def survey(self) -> Mapping[str, Seen]:
        """All of them, by escalation id."""


class Cases(Protocol):
    """The part of `EscalationClient` that commands use."""

    async def open(self, request: Open | OpenByTriage, *, policy: str, again: bool = True) -> Opening:
        """Escalate a ticket."""

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str | None) -> Answer:
        """Send a command."""

    async def status(self, ticket: str) -> Status:
        """Return the status of an escalation."""

    async def strangers(self, ticket: str, *names: str) -> tuple[str, ...]:
        """Those of these people who are not in the roster."""

    async def names(self, ticket: str) -> Mapping[str, str]:
        """Names of the people of the roster by id; none where no worker says so at once."""

    async def timeline(self, ticket: str) -> tuple[Event, ...]:
        """Its latest events."""

    async def explain(
        self, ticket: str, clock: ClockName | None, *, at: datetime | None
    ) -> tuple[ClockExplanation, ...]:
        """Explain when its clocks are due, as of an instant."""

    @property
    def incidents(self) -> Incidents:
        """The same for incidents."""

    @property
    def supervisor(self) -> Supervisor:
        """The supervisor of all workflows."""

    async def list(self, wanted: Filter | None, *, limit: int) -> tuple[Listed, ...]:
        """List escalations."""
