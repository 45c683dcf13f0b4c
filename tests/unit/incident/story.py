"""An incident in a test: commands, and errands that come out as the test says."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from escalation.errors import InvalidCommand, InvalidTransition
from escalation.incident.commands import (
    AnyIncidentCommand,
    LinkTickets,
    OpenIncident,
    RecordErrand,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
)
from escalation.incident.errands import next_errand
from escalation.incident.events import IncidentEvent
from escalation.incident.lifecycle import decide
from escalation.incident.state import Incident, fold
from escalation.incident.values import Errand, Outcome

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPEN = OpenIncident(name="mail", title="Mail is late", cause="a full queue", by="zoe")
TELL = TellLinked(text="We found it", by="zoe")
RESOLVE = ResolveIncident(solution="Restarted", root_cause="A full disk", by="zoe")
REOPEN = ReopenIncident(why="Mail is late again", by="zoe")


class Story:
    """An incident in a test: commands, and errands that come out as the test says."""

    def __init__(self) -> None:
        self.now = MONDAY
        self.events: list[IncidentEvent] = []
        self.overseers: dict[str, str] = {}
        self.state: Incident = self._decided(None, OPEN)

    def do(self, *commands: AnyIncidentCommand) -> None:
        for command in commands:
            self.state = self._decided(self.state, command)

    def link(self, *tickets: str) -> None:
        self.do(LinkTickets(tickets=tickets, by="desk"))

    def errand(self, most: int = 100) -> Errand:
        found = next_errand(self.state, self.now, most=most)
        assert found is not None
        return found

    def run(self, errand: Errand, *outcomes: Outcome, pages: tuple[str, ...] = ()) -> None:
        """It came out so; tickets that are not named took it and said who oversees them."""
        known = {one.ticket: one for one in outcomes}
        every = tuple(known.get(ticket, self.taken(ticket)) for ticket in errand.tickets)
        self.do(RecordErrand(errand=errand, outcomes=every, pages=pages))

    def taken(self, ticket: str) -> Outcome:
        return Outcome(ticket=ticket, overseer=self.overseers.get(ticket, "overseer"))

    def settle(self) -> list[Errand]:
        """Run all there is to do, accepted by every case; the first of an errand that is to page does so."""
        done = []
        while (errand := next_errand(self.state, self.now, most=100)) is not None:
            lead = self.taken(errand.tickets[0]).overseer
            self.run(errand, pages=(lead,) if errand.page and lead not in errand.heard else ())
            done.append(errand)
        return done

    def refused(self, command: AnyIncidentCommand) -> str:
        before = self.state
        with pytest.raises((InvalidCommand, InvalidTransition)) as refusal:
            decide(before, command, now=self.now)
        assert self.state is before
        return str(refusal.value)

    def _decided(self, state: Incident | None, command: AnyIncidentCommand) -> Incident:
        decision = decide(state, command, now=self.now)
        self.events.extend(decision.events)
        assert fold(self.events) == decision.state
        return decision.state


def summary(errands: Sequence[Errand]) -> list[tuple[str, int, tuple[str, ...]]]:
    return [(one.kind.value, one.number, one.tickets) for one in errands]


def pages(errands: Sequence[Errand]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.overseer, one.tickets) for one in errands if one.page]
