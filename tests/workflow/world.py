"""A worker with the real workflow and activities over fakes of the ports, on a real server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from temporalio.client import Client, WorkflowHandle, WorkflowQueryFailedError
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.adapters.postgres.roster import Member
from activities.adapters.templates import Templates
from activities.delivery import DeliveryActivities
from activities.ownership import OwnershipActivities
from activities.policies import PolicyActivities
from activities.recording import RecordingActivities
from escalation.commands import Open, SupportCommand
from escalation.policy import Policy
from escalation.vocabulary import Category, Channel
from tests import fakes
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import opening
from workflows.escalation import EscalationWorkflow
from workflows.messages import Answer, Ended, Start, Status
from workflows.options import SEARCH_ATTRIBUTES, SEVERITY, STAGE, TICKET, workflow_id

_SKILLS = tuple(category.value for category in Category)
_numbers = count(1)


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the fakes stand where the real clock is)


def member(name: str, tier: int) -> Member:
    return Member(
        id=name, name=name.title(), address=f"{name}@example.com", skills=_SKILLS, tiers=(tier,), authority=9999, max_open=99
    )


def staff() -> list[Member]:
    tiers = {"ana": 1, "ben": 1, "dev": 2, "eli": 2, "fay": 3, "overseer": 9, "front-desk": 9}
    return [member(name, tier) for name, tier in tiers.items()]


@dataclass
class World:
    """Everything outside the workflow, in memory, and the client to steer it with."""

    env: WorkflowEnvironment
    policy: Policy = EXAMPLE
    task_queue: str = field(default_factory=lambda: f"test-{next(_numbers)}")
    directory: fakes.Directory = field(default_factory=lambda: fakes.Directory(staff(), _now))
    records: fakes.Records = field(default_factory=fakes.Records)
    ledger: fakes.Ledger = field(default_factory=lambda: fakes.Ledger(_now))
    policies: fakes.Policies = field(default_factory=fakes.Policies)
    email: fakes.Channel = field(default_factory=fakes.Channel)

    @property
    def client(self) -> Client:
        return self.env.client

    def activities(self) -> list[object]:
        delivery = DeliveryActivities(
            records=self.records,
            directory=self.directory,
            ledger=self.ledger,
            templates=Templates(),
            channels={Channel.EMAIL: self.email},
            clock=_now,
        )
        ownership = OwnershipActivities(self.directory)
        return [
            delivery.deliver,
            ownership.assign_owner,
            ownership.release_owner,
            RecordingActivities(self.records).record,
            PolicyActivities(self.policies).load_policy,
        ]

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        await self.policies.store(self.policy, "c" * 64)
        async with Worker(
            self.client,
            task_queue=self.task_queue,
            workflows=[EscalationWorkflow],
            activities=self.activities(),  # type: ignore[arg-type]  # bound methods carry their definitions
        ):
            yield

    async def open(self, ticket: str, *, history_limit: int = 0, **changes: object) -> "Life":
        request: Open = opening(ticket=ticket, **changes)
        attributes = TypedSearchAttributes(
            [
                SearchAttributePair(STAGE, "unassigned"),
                SearchAttributePair(SEVERITY, request.severity.value),
                SearchAttributePair(TICKET, ticket),
            ]
        )
        handle = await self.client.start_workflow(
            EscalationWorkflow.run,
            Start(request=request, policy=self.policy.name, history_limit=history_limit),
            id=workflow_id(ticket),
            task_queue=self.task_queue,
            search_attributes=attributes,
        )
        return Life(self, handle)


@dataclass
class Life:
    """One running escalation in a test."""

    world: World
    handle: WorkflowHandle[EscalationWorkflow, Ended]

    async def do(self, command: SupportCommand, *, command_id: str | None = None) -> Answer:
        answer: Answer = await self.handle.execute_update(
            command.kind, command, id=command_id, result_type=Answer, rpc_timeout=timedelta(seconds=20)
        )
        return answer

    async def status(self) -> Status:
        return await self.handle.query(EscalationWorkflow.status)

    async def wait(self, duration: timedelta) -> None:
        await self.world.env.fast_forward(self.handle, duration)

    async def settled(self) -> Status:
        """The status once nothing is being sent or recorded."""
        while True:
            with suppress(WorkflowQueryFailedError):
                status = await self.status()
                if not (status.unrecorded or status.sending):
                    return status
            await asyncio.sleep(0.02)

    async def events(self) -> int:
        return len((await self.handle.fetch_history()).events)


def attributes() -> list[str]:
    return [f"{name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items()]
