"""A fake of the client: cases that live in memory, decided by the real core on the demo policy.

Time is the running loop's; what fell due since the last look fires, in order, before anything else is done.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from escalation.case.commands import (
    Command,
    FireDueClocks,
    Open,
    RecordAssignment,
    RecordNobodyAvailable,
    SupportCommand,
)
from escalation.case.events import Event
from escalation.case.state import State
from escalation.case.values import PolicyRef
from escalation.clocks.deadlines import next_due
from escalation.compiler.compile import compile_policy
from escalation.errors import Refused
from escalation.lifecycle.decide import decide
from escalation.lifecycle.evolution import evolve
from escalation.lifecycle.viewing import view_of
from escalation.messages.effects import AssignOwner
from escalation.policy import Policy
from escalation.roster.files.model import RosterPerson
from escalation.vocabulary import OVER, Stage
from starter.errors import CommandRefused, EscalationEnded, UnknownEscalation
from tests.unit.rostering.people import load_roster
from workflows.contract import Answer, ClockStatus, Status

TOP = Path(__file__).parents[3]
BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
REF = PolicyRef(name="demo", version=1, checksum="0" * 64)


def demo_policy() -> Policy:
    text = (TOP / "policies" / "demo.yaml").read_text(encoding="utf-8")
    return compile_policy(text, source="demo.yaml", years=range(2026, 2027)).policy


def demo_roster() -> tuple[RosterPerson, ...]:
    return load_roster((TOP / "examples" / "roster.yaml").read_text(encoding="utf-8"), "roster.yaml")


@dataclass(frozen=True)
class Opening:
    started: bool


@dataclass
class Case:
    state: State
    events: list[Event]
    answers: dict[str, Answer] = field(default_factory=dict)


class Desk:
    """Implements `starter.play.CaseClient`."""

    def __init__(self) -> None:
        self.policy = demo_policy()
        self.people = demo_roster()
        self.cases: dict[str, Case] = {}
        self.sent: list[tuple[float, str, SupportCommand]] = []
        self.looks = 0
        self.most_at_once = 0

    def now(self) -> datetime:
        return BEGIN + timedelta(seconds=asyncio.get_running_loop().time())

    async def open(self, request: Open, *, policy: str, again: bool) -> Opening:
        assert (policy, again) == ("demo", False), "what was played before is not escalated again"
        if request.ticket in self.cases:
            return Opening(started=False)
        decision = decide(None, request, policy=self.policy, now=self.now(), ref=REF)
        state: State | None = None
        for event in decision.events:
            state = evolve(state, event)
        assert state is not None
        self.cases[request.ticket] = Case(state, list(decision.events))
        self._assign(request.ticket, decision.effects, self.now())
        return Opening(started=True)

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> Answer:
        case = self._case(ticket)
        self.catch_up(ticket)
        if command_id in case.answers:
            return case.answers[command_id]
        if case.state.stage in OVER and next_due(case.state, self.policy) is None:
            raise EscalationEnded(f"escalation-{ticket}", case.state.stage)
        try:
            self._do(ticket, command, self.now())
        except Refused as error:
            raise CommandRefused(type(error).__name__, str(error)) from error
        self.sent.append((asyncio.get_running_loop().time(), ticket, command))
        case.answers[command_id] = Answer(stage=case.state.stage, seq=case.state.seq)
        return case.answers[command_id]

    async def status(self, ticket: str) -> Status:
        self.looks += 1
        state = self._case(ticket).state
        self.catch_up(ticket)
        state = self.cases[ticket].state
        clocks = tuple(
            ClockStatus(
                clock=clock,
                cycle=run.cycle,
                started_at=run.started_at,
                due=None,
                next_threshold="",
                next_at=None,
                paused=False,
            )
            for clock, run in state.runs.items()
        )
        view = view_of(state, self.policy)
        return Status(escalation=f"escalation-{ticket}", view=view, clocks=clocks, unrecorded=0, sending=0)

    def catch_up(self, ticket: str) -> None:
        """Let everything fire that fell due until now, each at its instant."""
        while (due := next_due(self.cases[ticket].state, self.policy)) and due.at <= self.now():
            self._do(ticket, FireDueClocks(), max(due.at, self.cases[ticket].events[-1].at))

    def happened(self, ticket: str) -> list[str]:
        return [event.kind for event in self.cases[ticket].events]

    def accepted(self, ticket: str) -> list[SupportCommand]:
        return [command for _, of, command in self.sent if of == ticket]

    def _case(self, ticket: str) -> Case:
        if ticket not in self.cases:
            raise UnknownEscalation(f"escalation-{ticket}")
        return self.cases[ticket]

    def _do(self, ticket: str, command: Command, at: datetime) -> None:
        case = self.cases[ticket]
        decision = decide(case.state, command, policy=self.policy, now=at)
        for event in decision.events:
            case.state = evolve(case.state, event)
            case.events.append(event)
        self._assign(ticket, decision.effects, at)

    def _assign(self, ticket: str, effects: tuple[object, ...], at: datetime) -> None:
        for effect in effects:
            if isinstance(effect, AssignOwner):
                person = effect.person or self._best(effect)
                found = RecordAssignment(offer=effect.offer, person=person) if person else None
                self._do(ticket, found or RecordNobodyAvailable(offer=effect.offer), at)

    def _best(self, wanted: AssignOwner) -> str:
        """As the directory: in the tier, with the skill, not tried, below their most, fewest open cases."""
        load = Counter(
            case.state.owner or case.state.offered_to
            for case in self.cases.values()
            if case.state.stage not in (*OVER, Stage.RESOLVED)
        )
        fit = [
            person
            for person in self.people
            if wanted.tier in person.tiers
            and wanted.category in person.skills
            and person.authority >= wanted.authority
            and person.id not in wanted.tried
            and load[person.id] < person.max_open
        ]
        return min(fit, key=lambda person: (load[person.id], person.id)).id if fit else ""
