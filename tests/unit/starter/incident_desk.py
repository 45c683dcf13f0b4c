"""Incidents in memory that follow the real domain; what they owe is done by their own errands, one with each look."""

from collections import defaultdict
from dataclasses import dataclass, field

from escalation.errors import Refused
from escalation.incident.commands import AnyIncidentCommand, IncidentCommand, OpenIncident, RecordErrand
from escalation.incident.errands import next_errand
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import decide
from escalation.incident.state import Incident
from escalation.incident.values import Outcome
from escalation.incident.view import view_of
from escalation.incident.vocabulary import IncidentStage, Result
from starter.errors import CommandRefused, UnknownIncident
from starter.incidents import IncidentOpening, ListedIncident
from tests.unit.domain.case import MONDAY
from workflows.incident_contract import IncidentAnswer, IncidentStatus
from workflows.options import incident_id, incident_of


@dataclass
class InMemoryIncidents:
    """`Incidents` without Temporal.

    Attributes:
        strange: Tickets that are unknown.
        silent: Tickets that do not answer.
        ended: Incidents that were ended in Temporal.
    """

    states: dict[str, Incident] = field(default_factory=dict)
    events: defaultdict[str, list[IncidentEvent]] = field(default_factory=lambda: defaultdict(list))
    sent: list[tuple[str, IncidentCommand, str | None]] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)

    async def open(self, name: str, *, title: str, cause: str, by: str) -> IncidentOpening:
        started = name not in self.states
        if started:
            request = OpenIncident(name=name, title=title, cause=cause, by=by)
            try:
                self._decide(name, None, request)
            except Refused as refusal:
                raise CommandRefused(type(refusal).__name__, str(refusal)) from refusal
        return IncidentOpening(incident=incident_id(name), started=started)

    async def send(self, name: str, command: IncidentCommand, *, command_id: str | None) -> IncidentAnswer:
        name = incident_of(name)
        self.sent.append((name, command, command_id))
        try:
            state = self._decide(name, self._state(name), command)
        except Refused as refusal:
            raise CommandRefused(type(refusal).__name__, str(refusal)) from refusal
        return IncidentAnswer(stage=state.stage, seq=state.seq, linked=len(state.linked), bulletin=len(state.bulletins))

    async def status(self, name: str) -> IncidentStatus:
        name = incident_of(name)
        state = self._state(name)
        errand = next_errand(state, MONDAY, most=100)
        if errand is not None:
            outcomes = tuple(self._outcome(ticket) for ticket in errand.tickets)
            state = self._decide(name, state, RecordErrand(errand=errand, outcomes=outcomes))
        return IncidentStatus(view=view_of(state), unrecorded=0)

    async def timeline(self, name: str) -> tuple[IncidentEvent, ...]:
        return tuple(self.events[self._state(incident_of(name)).name])

    async def list(self, stage: IncidentStage | None, *, limit: int) -> tuple[ListedIncident, ...]:
        found = [state for state in self.states.values() if stage in (None, state.stage)]
        return tuple(self._listed(state) for state in found)[:limit]

    def _decide(self, name: str, before: Incident | None, command: AnyIncidentCommand) -> Incident:
        decision = decide(before, command, now=MONDAY)
        self.states[name] = decision.state
        self.events[name] += decision.events
        return decision.state

    def _listed(self, state: Incident) -> ListedIncident:
        return ListedIncident(
            name=state.name,
            title=state.title,
            stage=state.stage,
            opened_at=state.opened_at,
            linked=len(state.linked),
            running=state.name not in self.ended,
        )

    def _outcome(self, ticket: str) -> Outcome:
        if ticket in self.silent:
            return Outcome(ticket=ticket, result=Result.UNANSWERED, why="no worker answered")
        if ticket in self.strange:
            return Outcome(ticket=ticket, result=Result.UNKNOWN, why=f"there is no escalation `escalation-{ticket}`")
        return Outcome(ticket=ticket)

    def _state(self, name: str) -> Incident:
        if name not in self.states:
            raise UnknownIncident(incident_id(name), name)
        return self.states[name]
