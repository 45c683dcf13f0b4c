"""What every Incidents must do, whatever it is made of; run against the fake and against PostgreSQL."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from activities.contracts import IncidentRecordInput
from activities.errors import RecordConflict
from activities.ports.record import Incidents
from escalation.incident.commands import (
    AnyIncidentCommand,
    LinkTickets,
    OpenIncident,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
)
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import decide
from escalation.incident.state import Incident, fold
from escalation.incident.view import summary_of
from tests.unit.activities.builders import MONDAY

Kept = Callable[[str], Awaitable[list[IncidentEvent]]]
"""Reads the timeline of an incident back."""


def life(name: str = "mail") -> list[IncidentEvent]:
    state: Incident | None = None
    events: list[IncidentEvent] = []
    commands: tuple[AnyIncidentCommand, ...] = (
        OpenIncident(name=name, title="Mail is late", cause="a full queue", by="zoe"),
        LinkTickets(tickets=("T-1", "T-2"), by="desk"),
        TellLinked(text="Ä customer's \x00 words", next_step="a fix", next_by=MONDAY + timedelta(hours=9), by="zoe"),
        ResolveIncident(solution="Restarted", by="zoe"),
        ReopenIncident(why="Late again", by="zoe"),
    )
    for command in commands:
        decision = decide(state, command, now=MONDAY)
        state = decision.state
        events.extend(decision.events)
    return events


def batch(first: int, last: int, *, name: str = "mail") -> IncidentRecordInput:
    """Events number `first` to `last` of a life."""
    events = life(name)
    summary = summary_of(fold(events[:last]))
    return IncidentRecordInput(incident=name, first_seq=first, events=tuple(events[first - 1 : last]), summary=summary)


def kinds(events: list[IncidentEvent]) -> list[str]:
    return [event.kind for event in events]


class IncidentsContract:
    """Fixtures needed: `incidents`, `kept`."""

    async def test_what_was_handed_over_is_kept_in_order(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 2))
        await incidents.append(batch(3, 4))
        assert kinds(await kept("mail")) == [
            *("incident_opened", "tickets_linked", "bulletin_issued", "bulletin_issued"),
        ]

    async def test_the_same_batch_twice_is_written_once(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 3))
        await incidents.append(batch(1, 3))
        assert len(await kept("mail")) == 3

    async def test_a_batch_that_overlaps_adds_what_is_new(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 2))
        await incidents.append(batch(1, 4))
        assert len(await kept("mail")) == 4

    async def test_an_old_batch_that_comes_late_changes_nothing(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 4))
        await incidents.append(batch(1, 2))
        assert len(await kept("mail")) == 4

    async def test_a_gap_is_refused(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 1))
        with pytest.raises(RecordConflict, match="gap in the incident mail: the record ends with event 1"):
            await incidents.append(batch(3, 4))
        assert len(await kept("mail")) == 1

    async def test_a_timeline_cannot_begin_in_the_middle(self, incidents: Incidents, kept: Kept) -> None:
        with pytest.raises(RecordConflict, match="gap"):
            await incidents.append(batch(2, 2))
        assert await kept("mail") == []

    async def test_another_event_at_the_same_place_is_refused(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 2))
        other = IncidentRecordInput(
            incident="mail", first_seq=2, events=(life()[3], life()[2]), summary=batch(1, 4).summary
        )
        with pytest.raises(RecordConflict, match="another event 2 already"):
            await incidents.append(other)
        assert len(await kept("mail")) == 2

    async def test_incidents_do_not_get_in_each_others_way(self, incidents: Incidents, kept: Kept) -> None:
        await incidents.append(batch(1, 2))
        await incidents.append(batch(1, 1, name="disk"))
        assert (len(await kept("mail")), len(await kept("disk"))) == (2, 1)
