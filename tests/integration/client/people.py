"""What the tests of this folder say in one word."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from typing import TypeVar

from escalation.case.commands import Acknowledge
from escalation.vocabulary import Stage
from starter.client import EscalationClient
from starter.errors import WorkersBusy
from starter.opening import Opening
from tests.unit.domain.case import opening
from tests.workflow.world import World
from workflows.contract import Status

T = TypeVar("T")

_tickets = count(1)


def quick(world: World, *, seconds: float = 3, attempts: int = 3) -> EscalationClient:
    """A client for this world that loses patience early."""
    return EscalationClient(world.client, world.task_queue, rpc_timeout=timedelta(seconds=seconds), attempts=attempts)


def new_ticket() -> str:
    return f"C-{next(_tickets)}"


async def open_case(client: EscalationClient, ticket: str, **changes: object) -> Opening:
    return await client.open(opening(ticket=ticket, **changes), policy="example")


async def until(ask: Callable[[], Awaitable[T]], wanted: Callable[[T], bool], *, seconds: float = 20) -> T:
    """Ask until the answer is the wanted one; fails when that takes too long."""
    async with asyncio.timeout(seconds):
        while not wanted(answer := await ask()):  # noqa: ASYNC110 (what is waited for happens in a server)
            await asyncio.sleep(0.02)
    return answer


async def offered(client: EscalationClient, ticket: str) -> Status:
    """The status once a person has the offer."""

    async def ask() -> Status | None:
        try:
            return await client.status(ticket)
        except WorkersBusy:  # `open` does not wait for a worker that is busy; until it has opened, there is no status
            return None

    status = await until(ask, lambda status: status is not None and status.view.stage is Stage.OFFERED)
    assert status is not None
    return status


async def taken(client: EscalationClient, ticket: str) -> str:
    """Open a case, let the person it is offered to take it, and say who that is."""
    await open_case(client, ticket)
    person = (await offered(client, ticket)).view.offered_to
    await client.send(ticket, Acknowledge(by=person))
    return person
