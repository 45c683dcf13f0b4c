"""A worker with the real workflow and activities over fakes of the ports, on a real server."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.enums.v1 import WorkflowTaskFailedCause as TaskFailed
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import Priority, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.adapters.new_part import NewPart
from activities.adapters.sentiment import Sentiment
from activities.adapters.triage_rules import Rulebook
from activities.delivery import DeliveryActivities
from activities.incidents import IncidentActivities
from activities.ownership import OwnershipActivities
from activities.policies import PolicyActivities
from activities.ports.rules import Rulebook as RulebookPort
from activities.ports.sending import Channel as ChannelPort
from activities.ports.tickets import Cases as CasesPort
from activities.recording import LongTextActivities, RecordingActivities
from activities.settling import SettlingActivities, settling
from activities.triage import TriageActivities
from activities.writing import Writer
from escalation.case.commands import Open, SupportCommand
from escalation.case.events import Event
from escalation.case.naming import workflow_id
from escalation.compiler.snapshot import checksum
from escalation.lifecycle.evolution import fold
from escalation.lifecycle.invariants import doubled_thresholds, violations
from escalation.lifecycle.rules_version import DEFAULT
from escalation.lifecycle.viewing import view_of
from escalation.policy import Policy
from escalation.roster.members import Member
from escalation.vocabulary import Category, Channel
from runtime.cold_queries import OnlyBegunTasks
from starter.cases import Cases
from starter.client import EscalationClient
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.letters import LETTERS
from tests.unit.domain.case import opening
from tests.workflow.deadlocks import WatchedExecutor
from tests.workflow.virtual_time import WORTH_A_JUMP, VirtualClock
from workflows.carried import Ended, Start
from workflows.contract import Answer, Status
from workflows.escalation import EscalationWorkflow
from workflows.incident import IncidentWorkflow
from workflows.options import CATEGORY, SEVERITY, STAGE, TICKET
from workflows.settling import SettlingWorkflow

IDENTITY = "tests"
"""What clients and workers call themselves, so that no history names a machine."""
BUILD_ID = "0.1.0"
"""Unset, it is 32 characters long, and is three times in each turn of a history."""
PATIENCE = timedelta(seconds=60)
"""How long a test waits, in real time, for what must come; a task that a slow machine lost comes again after ten."""
LOOK_AGAIN = 0.04
STUCK_AFTER = 40.0
"""Seconds after which a worker that does not end is stuck."""

_SKILLS = tuple(category.value for category in Category)
_numbers = count(1)


def real_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the fakes replace the real clock)


def member(name: str, tier: int) -> Member:
    return Member(
        id=name,
        name=name.title(),
        address=f"{name}@example.com",
        skills=_SKILLS,
        tiers=(tier,),
        authority=9999,
        max_open=99,
    )


def staff() -> list[Member]:
    tiers = {"ana": 1, "ben": 1, "dev": 2, "eli": 2, "fay": 3, "overseer": 9, "front-desk": 9}
    return [member(name, tier) for name, tier in tiers.items()]


async def eventually(fact: Callable[[], bool], what: str) -> None:
    """Wait, in real time, until something outside the workflow is so."""
    deadline = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
    while not fact():
        assert asyncio.get_running_loop().time() < deadline, f"never came true: {what}"
        await asyncio.sleep(LOOK_AGAIN)


def print_tasks() -> None:
    """Say where each task waits: about once in three whole runs a worker did not end, and nothing showed why."""
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stdout)


@dataclass
class World:
    """Everything outside the workflow, in memory, and the client to steer it with.

    Attributes:
        task_timeout: When the server gives up a task of the lives opened here, 10 s unless said. A worker reports only the
            first failure of a task, so that is how long each further attempt takes.
    """

    env: WorkflowEnvironment
    policy: Policy = EXAMPLE
    own_client: Client | None = None
    task_queue: str = field(default_factory=lambda: f"test-{next(_numbers)}")
    directory: fakes.Directory = field(default_factory=lambda: fakes.Directory(staff(), real_now))
    records: fakes.Records = field(default_factory=fakes.Records)
    ledger: fakes.Ledger = field(default_factory=lambda: fakes.Ledger(real_now))
    long_texts: fakes.LongTexts = field(default_factory=fakes.LongTexts)
    policies: fakes.Policies = field(default_factory=fakes.Policies)
    incidents: fakes.Incidents = field(default_factory=fakes.Incidents)
    email: fakes.Channel = field(default_factory=fakes.Channel)
    chats: dict[Channel, ChannelPort] = field(default_factory=dict)
    cases: CasesPort | None = None
    case_rules: int = DEFAULT
    rules: RulebookPort = field(default_factory=lambda: Rulebook([]))
    lives: list["Life"] = field(default_factory=list)
    task_timeout: timedelta | None = None

    @property
    def client(self) -> Client:
        return self.own_client or self.env.client

    @property
    def support(self) -> EscalationClient:
        """A support tool that is as patient as the tests."""
        return EscalationClient(self.client, self.task_queue, rpc_timeout=PATIENCE)

    def activities(self) -> list[object]:
        writer = Writer(
            records=self.records,
            directory=self.directory,
            long_texts=self.long_texts,
            templates=LETTERS,
            clock=real_now,
        )
        channels = {Channel.EMAIL: self.email, **self.chats}
        delivery = DeliveryActivities(writer, self.ledger, channels)
        ownership = OwnershipActivities(self.directory)
        cases = self.cases or Cases(EscalationClient(self.client, self.task_queue))
        incidents = IncidentActivities(cases, self.incidents, rules=self.case_rules)
        return [
            delivery.deliver,
            ownership.assign_owner,
            ownership.release_owner,
            incidents.run_errand,
            incidents.record_incident,
            ownership.find_approver,
            RecordingActivities(self.records, self.ledger, settling(channels)).record,
            SettlingActivities(self.ledger, self.records, self.directory, channels).settle,
            LongTextActivities(self.long_texts).keep_text,
            PolicyActivities(self.policies, rules=self.case_rules).load_policy,
            RecordingActivities(self.records).claim_life,
            RecordingActivities(self.records).recall,
            TriageActivities(self.rules, self.records, Sentiment(), NewPart()).triage,
            TriageActivities(self.rules, self.records, Sentiment(), NewPart()).tone,
        ]

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        """A worker; before it goes, every life it saw must agree with its record."""
        await self.policies.store(self.policy, checksum(self.policy))
        with WatchedExecutor() as executor:
            worker = Worker(
                self.client,
                task_queue=self.task_queue,
                workflows=[EscalationWorkflow, IncidentWorkflow, SettlingWorkflow],
                workflow_runner=OnlyBegunTasks(),
                activities=self.activities(),  # type: ignore[arg-type]  # bound methods carry their definitions
                workflow_task_executor=executor,
                identity=IDENTITY,
                build_id=BUILD_ID,
            )
            async with worker:
                yield
                for life in self.lives:
                    await life.agrees_with_its_record()
                stuck = asyncio.get_running_loop().call_later(STUCK_AFTER, print_tasks)
            stuck.cancel()

    async def open(
        self, ticket: str, *, history_limit: int = 0, policy: str = "", agrees: bool = True, **changes: object
    ) -> "Life":
        """Start an escalation as support tools do.

        Args:
            ticket: Its ticket.
            history_limit: Events after which a run continues as new.
            policy: Name of the policy, where it is not the world's.
            agrees: Whether it must agree with its record in the end; one that never opens cannot.
            changes: Fields of the opening.
        """
        await self.policies.store(self.policy, checksum(self.policy))
        request: Open = opening(ticket=ticket, **changes)
        handle = await self.client.start_workflow(
            EscalationWorkflow.run,
            args=[Start(request=request, policy=policy or self.policy.name, history_limit=history_limit)],
            id=workflow_id(ticket),
            task_queue=self.task_queue,
            static_summary=f"{request.severity} {request.category}: {ticket}",
            static_details=f"**{request.severity}** escalation of ticket **{ticket}**",
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(STAGE, "unassigned"),
                    SearchAttributePair(SEVERITY, request.severity.value),
                    SearchAttributePair(CATEGORY, request.category.value),
                    SearchAttributePair(TICKET, ticket),
                ]
            ),
            priority=Priority(priority_key=2),
            task_timeout=self.task_timeout,
        )
        life = Life(self, self.client.get_workflow_handle_for(EscalationWorkflow.run, handle.id))
        if agrees:
            self.lives.append(life)
        return life

    def keys_to(self, name: str) -> list[str]:
        """Keys of the delivered messages, in order; each without the escalation."""
        return [sent.key.split("/", 1)[1] for sent in self.email.sent if sent.name == name]


_HANDING_OVER = frozenset(
    {
        RPCStatusCode.NOT_FOUND,  # the run ended before it took the command
        RPCStatusCode.FAILED_PRECONDITION,  # the command came in with the run's end, which the server took back
    }
)


@dataclass
class Life:
    """One running escalation in a test."""

    world: World
    handle: WorkflowHandle[EscalationWorkflow, Ended]

    async def do(self, command: SupportCommand, *, command_id: str | None = None) -> Answer:
        """Send a command; again under the same id where one run hands over to the next, as the real client does."""
        chosen = command_id or str(uuid.uuid4())
        while True:
            try:
                answer: Answer = await self.handle.execute_update(
                    command.kind, command, id=chosen, result_type=Answer, rpc_timeout=PATIENCE
                )
            except RPCError as error:
                if error.status not in _HANDING_OVER or not await self.is_running() or await self.is_stuck():
                    raise
            else:
                return answer

    async def is_stuck(self) -> bool:
        return await is_stuck(self.handle)

    async def is_running(self) -> bool:
        return (await self.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    async def status(self) -> Status:
        return await self.handle.query(EscalationWorkflow.status)

    @property
    def clock(self) -> VirtualClock:
        return VirtualClock(self.world.env, self.world.client, self.handle)

    async def skip(self, duration: timedelta) -> None:
        """Let virtual time pass, jump by jump; between jumps its clock goes as fast as any other."""
        until = await self.clock.now() + duration
        while await self.is_running() and (left := until - await self._awake()) > timedelta():
            if left < WORTH_A_JUMP:
                await asyncio.sleep(LOOK_AGAIN)
            else:
                await self.clock.jump(left)

    async def _awake(self) -> datetime:
        """The virtual time, once every clock due by then has fired: a jump would pass over one that is about to."""
        now, status = await self.clock.now(), None
        while status is None or not all_fired(status, by=now):
            status = await self.until(partial(all_fired, by=now), "the clocks that are due fire")
            now = await self.clock.now()
        return now

    async def wait(self, duration: timedelta) -> Status:
        """Let virtual time pass, and then what it caused come to rest."""
        await self.skip(duration)
        return await self.settled()

    async def until(self, fact: Callable[[Status], bool], what: str) -> Status:
        """The status as soon as it is as the test needs it."""
        deadline = asyncio.get_running_loop().time() + PATIENCE.total_seconds()
        while True:
            try:
                status = await self.status()
            except (WorkflowQueryFailedError, RPCError) as error:
                found = f"{type(error).__name__}: {error}"
            else:
                if fact(status):
                    return status
                found = f"{status.unrecorded} unrecorded, {status.sending} sending, {status.view}"
            assert asyncio.get_running_loop().time() < deadline, f"never came true: {what}; last seen: {found}"
            await asyncio.sleep(LOOK_AGAIN)

    async def settled(self) -> Status:
        """The status once nothing is being sent or recorded."""
        return await self.until(lambda status: not (status.unrecorded or status.sending), "nothing is under way")

    async def ended(self) -> Ended:
        return await asyncio.wait_for(self.handle.result(), PATIENCE.total_seconds())

    def timeline(self) -> list[Event]:
        """What the record has."""
        return self.world.records.timelines.get(self.handle.id, [])

    def kinds(self) -> list[str]:
        return [event.kind for event in self.timeline()]

    async def history(self, run_id: str | None = None) -> list[HistoryEvent]:
        handle = self.world.client.get_workflow_handle(self.handle.id, run_id=run_id)
        return list((await handle.fetch_history()).events)

    async def events(self) -> int:
        return len(await self.history())

    async def agrees_with_its_record(self) -> None:
        """Folding the recorded events gives the live state, and nothing that must always hold is broken."""
        status = await self.settled()
        state = fold(self.timeline())
        followed = await self.world.policies.load(status.view.policy.name, status.view.policy.version)
        assert view_of(state, followed.policy) == status.view
        assert self.world.records.views[self.handle.id] == status.view
        assert violations(state, followed.policy) == ()
        assert doubled_thresholds(self.timeline()) == ()


def all_fired(status: Status, *, by: datetime) -> bool:
    """Whether every clock has fired that is due by then."""
    return status.view.next_due is None or status.view.next_due > by


async def is_stuck(handle: WorkflowHandle[Any, Any]) -> bool:
    """Whether a task failed for another reason than that something came in while a run handed over to the next."""
    failed = [
        event.workflow_task_failed_event_attributes
        async for event in handle.fetch_history_events()
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    ]
    return any(one.cause != TaskFailed.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND for one in failed)


def kind_of(event: HistoryEvent) -> str:
    """`timer_started` and the like."""
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
