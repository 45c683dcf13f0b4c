"""Escalations, driven as support tools drive them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from temporalio.client import Client

from activities.adapters.postgres.policies import Policies
from escalation.case.commands import Acknowledge, AnswerSurvey, Customer, Open, Resolve, TellCustomer
from escalation.case.naming import workflow_id
from escalation.compiler.compile import compile_policy
from escalation.vocabulary import Category, Outcome, Reason, Severity
from runtime.settings import Settings
from starter.client import EscalationClient
from tests.bench.clock import now
from tests.bench.record import Record
from tests.bench.subject import Firing, Subject
from tests.bench.worker_process import worker_process

HERE = Path(__file__).parent
POLICY_FILE = HERE / "policies" / "bench.yaml"
ROSTER = HERE / "roster.yaml"
POLICY = "bench"
FAR = "7h: warn_owner"
"""The line of the policy that says when a first answer is asked for; counted from the opening."""
WINDOW = "targets: 12s"
"""The line that says how long an escalation can be reopened; it ends a life, some time after its closing."""
RPC_PATIENCE = timedelta(seconds=60)
"""A full worker answers late; that is measured, not an error."""
MESSAGES_BEFORE_SURVEY_ANSWER = 5
"""Receipt, the name of the owner, update, solution, and the check-back that carries the survey."""

UPDATE = "We found the duplicate run and are testing the correction now."
SOLUTION = "The second run is disabled; the surplus invoices of March have been cancelled."


class Escalations(Subject):
    """The real thing: `worker.py`, the client of `starter`, the record."""

    name = "escalations"

    def __init__(
        self, client: Client, settings: Settings, record: Record, policies: Policies, environment: Mapping[str, str]
    ) -> None:
        self.client = client
        self._queues = count(1)
        self._queue = ""
        self._desk = EscalationClient(client, "")
        self._record = record
        self._policies = policies
        self._environment = environment
        self.log = settings.data_dir / "worker.log"
        self._warning: set[int] = set()

    @asynccontextmanager
    async def working(self) -> AsyncIterator[int]:
        """See base class."""
        arguments = ["worker.py", "--roster", str(ROSTER)]
        self._queue = f"escalations-{next(self._queues)}"
        self._desk = EscalationClient(self.client, self._queue, rpc_timeout=RPC_PATIENCE)
        async with worker_process(arguments, self.environment, self.log, piped=False) as process:
            yield process.pid

    @property
    def environment(self) -> dict[str, str]:
        """What programs beside the present worker need to find it."""
        return {**self._environment, "ESCALATIONS_TASK_QUEUE": self._queue}

    async def prepare(self, delays: range) -> None:
        """Store the policies that warn about the first response a number of seconds after the opening."""
        text, year = POLICY_FILE.read_text(encoding="utf-8"), now().year
        for seconds in delays:
            if seconds not in self._warning:
                changed = text.replace(FAR, f"{seconds}s: warn_owner").replace(
                    f"policy: {POLICY}", f"policy: {_warning_after(seconds)}"
                )
                compiled = compile_policy(changed, source=str(POLICY_FILE), years=range(year, year + 4))
                await self._policies.store(compiled.policy, compiled.checksum)
                self._warning.add(seconds)

    async def open(self, batch: str, number: int, due: datetime | None = None) -> None:
        """See base class; open is offered to a person, and recorded."""
        policy = POLICY
        if due is not None:
            policy = _warning_after(min(self._warning, key=lambda one: abs(one - (due - now()).total_seconds())))
        await self._desk.open(_request(_ticket(batch, number)), policy=policy)
        await self._record.until(self.workflow(batch, number), lambda seen: bool(seen.offered_to))

    async def live(self, batch: str, number: int) -> None:
        """See base class: acknowledged, one update, solved, one follow-up with the survey, answered, closed."""
        ticket, escalation = _ticket(batch, number), self.workflow(batch, number)
        await self._desk.open(_request(ticket), policy=POLICY)
        owner = (await self._record.until(escalation, lambda seen: bool(seen.offered_to))).offered_to
        answer = await self._desk.send(ticket, Acknowledge(by=owner))
        await self._record.until(escalation, lambda seen: seen.recorded >= answer.seq)
        told = await self._desk.send(ticket, TellCustomer(text=UPDATE, by=owner))
        await self._record.until(escalation, lambda seen: seen.recorded >= told.seq)
        await self._desk.send(ticket, Resolve(by=owner, outcome=Outcome.SOLVED, solution=SOLUTION))
        await self._record.until(escalation, lambda seen: seen.messages >= MESSAGES_BEFORE_SURVEY_ANSWER)
        closed = await self._desk.send(ticket, AnswerSurvey(score=5))
        await self._record.until(escalation, lambda seen: seen.recorded >= closed.seq)

    async def firings(self, batch: str, count: int) -> list[Firing]:
        """See base class; the record knows."""
        found = await self._record.first_firings([self.workflow(batch, number) for number in range(count)])
        return found if len(found) == count else []

    def workflow(self, batch: str, number: int) -> str:
        """See base class."""
        return workflow_id(_ticket(batch, number))


def policies_folder(folder: Path, window: int) -> Path:
    """A folder with the bench's policy and nothing else, for the worker; its reopen window is a number of seconds."""
    folder.mkdir()
    text = POLICY_FILE.read_text(encoding="utf-8").replace(WINDOW, f"targets: {window}s")
    (folder / POLICY_FILE.name).write_text(text, encoding="utf-8")
    return folder


def _ticket(batch: str, number: int) -> str:
    return f"{batch}-{number}"


def _warning_after(seconds: int) -> str:
    return f"{POLICY}-{seconds}s"


def _request(ticket: str) -> Open:
    return Open(
        ticket=ticket,
        summary="Every invoice since the March release was sent twice",
        customer=Customer(id="c-1", name="Ann", address="ann@example.com"),
        severity=Severity.SEV3,
        category=Category.BILLING,
        reasons=(Reason.UNRESOLVED,),
        by="desk",
    )
