"""The command line in this process, with escalations in memory that follow the real domain."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from activities.adapters.sentiment import Sentiment
from activities.triage import with_tone
from escalation.case.commands import Cancel, Open, OpenByTriage, SupportCommand
from escalation.case.events import Event
from escalation.case.naming import case_name, workflow_id
from escalation.clocks.explain import ClockExplanation, explain
from escalation.errors import Refused
from escalation.lifecycle.answering import done
from escalation.lifecycle.decisions.opening_by_triage import facts_of, opened_by
from escalation.lifecycle.duplicates import must_continue_in
from escalation.lifecycle.viewing import situation_of, view_of
from escalation.triage.judging import judge
from escalation.triage.rules import TriageRules
from escalation.vocabulary import ClockName
from starter.cli.app import run
from starter.cli.cases import Cases
from starter.cli.context import Context
from starter.cli.output import Output
from starter.errors import CommandRefused, UnknownEscalation
from starter.listing import Filter, Listed
from starter.opening import Opening
from starter.supervision import Seen
from tests.unit.domain.case import MONDAY, Case, opening
from tests.unit.starter.incident_desk import InMemoryIncidents
from workflows.contract import Answer, Status
from workflows.escalation_run import EscalationRun
from workflows.temporal_ui import clock_statuses

BY = ("--by", "ana")

OPEN = (
    *("open", "T-1", "--summary", "Twice", "--severity", "SEV2", "--category", "billing", "--reason", "silence"),
    *("--by", "ana", "--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com"),
)


@dataclass
class InMemorySupervisor:
    """Every workflow runs and is well, except those that a test says something else of; None: there is none."""

    seen: dict[str, Seen | None] = field(default_factory=dict)
    failure: Exception | None = None

    async def look(self, escalation: str) -> Seen | None:
        return self.seen.get(
            escalation, Seen(case=escalation, workflow=escalation, run="r", status="running", started_at=MONDAY)
        )

    async def survey(self) -> Mapping[str, Seen]:
        if self.failure is not None:
            raise self.failure
        return {case: one for case, one in self.seen.items() if one is not None}


@dataclass
class InMemory:
    """`Cases` without Temporal. `failure` is raised instead of an answer while it is set.

    Attributes:
        rules: What openings by triage are judged by, at once; None lets them wait for a worker.
    """

    lives: dict[str, Case] = field(default_factory=dict)
    requests: list[tuple[Open | OpenByTriage, str]] = field(default_factory=list)
    sent: list[tuple[str, SupportCommand, str | None]] = field(default_factory=list)
    failure: Exception | None = None
    incidents: InMemoryIncidents = field(default_factory=InMemoryIncidents)
    supervisor: InMemorySupervisor = field(default_factory=InMemorySupervisor)
    wanted: Filter | None = None
    rules: TriageRules | None = None
    roster: frozenset[str] = frozenset()
    people: Mapping[str, str] = field(default_factory=dict)

    async def open(self, request: Open | OpenByTriage, *, policy: str, again: bool = True) -> Opening:  # noqa: ARG002 (a desk has one life for each ticket)
        self._fail()
        self.requests.append((request, policy))
        started = request.ticket not in self.lives
        if started and isinstance(request, OpenByTriage):
            if self.rules is None:
                return Opening(escalation=workflow_id(request.ticket), started=True, judging=True)
            request = _judged(request, self.rules)
        if started and isinstance(request, Open):
            case = Case()
            case.do(request)
            self.lives[request.ticket] = case
        return Opening(escalation=workflow_id(request.ticket), started=started, life=1)

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str | None) -> Answer:
        case = self._case(ticket)
        self._must_be_duplicate(case, command)
        self.sent.append((ticket, command, command_id))
        before = case.state
        try:
            decision = case.do(command)
        except Refused as refusal:
            raise CommandRefused(type(refusal).__name__, str(refusal)) from refusal
        did = done(decision.events, before, decision.state, decision.policy)
        return Answer(stage=case.state.stage, seq=case.state.seq, warnings=case.warnings, done=did)

    async def strangers(self, ticket: str, *names: str) -> tuple[str, ...]:  # noqa: ARG002 (one roster for all)
        return tuple(name for name in names if self.roster and name not in self.roster)

    async def names(self, ticket: str) -> Mapping[str, str]:  # noqa: ARG002 (one roster for all)
        return self.people

    async def status(self, ticket: str) -> Status:
        case = self._case(ticket)
        live = EscalationRun(state=case.state, policy=case.policy)
        return Status(
            escalation=workflow_id(case.state.ticket),
            view=view_of(case.state, case.policy),
            clocks=clock_statuses(live),
            unrecorded=0,
            sending=0,
            situation=situation_of(case.state, case.policy),
        )

    async def timeline(self, ticket: str) -> tuple[Event, ...]:
        return tuple(self._case(ticket).events)

    async def explain(
        self, ticket: str, clock: ClockName | None, *, at: datetime | None
    ) -> tuple[ClockExplanation, ...]:
        case = self._case(ticket)
        until = max(at or case.now, case.now)
        found = (explain(case.state, case.policy, one, at=until) for one in ([clock] if clock else case.state.runs))
        return tuple(one for one in found if one is not None)

    async def list(self, wanted: Filter | None, *, limit: int) -> tuple[Listed, ...]:
        self._fail()
        self.wanted = wanted
        return tuple(_listed(case) for case in self.lives.values())[:limit]

    def opened(self, ticket: str = "T-1", **changes: object) -> Case:
        case = Case()
        case.do(opening(ticket=ticket, **changes))
        self.lives[ticket] = case
        return case

    def _case(self, ticket: str) -> Case:
        self._fail()
        case = self.lives.get(case_name(ticket).ticket)
        if case is None:
            raise UnknownEscalation(workflow_id(case_name(ticket).ticket))
        return case

    def _must_be_duplicate(self, case: Case, command: SupportCommand) -> None:
        if not isinstance(command, Cancel) or not command.duplicate_of:
            return
        other = self.lives.get(case_name(command.duplicate_of).ticket)
        seen = view_of(other.state, other.policy) if other is not None else None
        try:
            must_continue_in(command.duplicate_of, seen, view_of(case.state, case.policy), anyway=command.anyway)
        except Refused as refusal:
            raise CommandRefused(type(refusal).__name__, str(refusal)) from refusal

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure


def _judged(request: OpenByTriage, rules: TriageRules) -> Open:
    facts = with_tone(facts_of(request), Sentiment())
    try:
        return opened_by(request, judge(facts, rules, now=MONDAY), rules="7" * 64, tone=facts.tone, earlier=2)
    except Refused as refusal:
        raise CommandRefused(type(refusal).__name__, str(refusal)) from refusal


def _listed(case: Case) -> Listed:
    state = case.state
    return Listed(
        escalation=workflow_id(state.ticket),
        ticket=state.ticket,
        stage=state.stage,
        severity=state.severity,
        category=state.category,
        owner=state.owner,
        tier=state.tier,
        breached=bool(state.breaches),
        running=True,
    )


@dataclass
class Ended:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def items(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass
class Desk:
    """Runs command lines."""

    cases: InMemory = field(default_factory=InMemory)
    stdin: str | bytes = ""
    now: datetime = MONDAY

    async def __call__(self, *argv: str, stdout: io.StringIO | None = None) -> Ended:
        out, err = stdout or io.StringIO(), io.StringIO()
        held = self.stdin
        stdin = io.StringIO(held) if isinstance(held, str) else io.TextIOWrapper(io.BytesIO(held), encoding="utf-8")
        context = Context(out=Output(stdout=out, stderr=err), cases=self._connected, now=lambda: self.now, stdin=stdin)
        code = await run(argv, context)
        return Ended(code, out.getvalue(), err.getvalue())

    async def _connected(self) -> Cases:
        return self.cases


__all__ = ["MONDAY", "OPEN", "Desk", "Ended", "InMemory", "Terminal", "opening"]
