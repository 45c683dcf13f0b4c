"""Notifies Temporal of stored events: at once of new ones, and again of those not yet applied.

Two kinds of work come this way: events in the inbox, which are to be applied, and tickets of help desks, which are to be kept
in step. Servers and workers run couriers; whatever is stored is safe: the next look finds it, also after a crash, and no two
couriers take the same.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from activities.background import alongside
from activities.contracts import ApplyInput, KeepInStepInput
from activities.errors import ActivityError
from workflows.options import DELIVERED, DESK_TYPE, INTAKE_TYPE, desk_id, intake_id

_log = structlog.stdlib.get_logger(__name__)

EVERY = timedelta(seconds=15)  # how often to look without being asked to
AGAIN = timedelta(minutes=10)  # Temporal is notified again of what was not done for that long
LEASE = timedelta(seconds=30)
"""For so long a claim holds: a courier that died before it notified Temporal is followed by another."""
AT_ONCE = 100  # most events that one look takes
RPC_TIMEOUT = timedelta(seconds=5)


class Waiting(Protocol):
    """A notification due to Temporal, by source and ticket."""

    async def claim(self, at: datetime, *, notified_before: datetime, most: int) -> list[tuple[str, str]]:
        """Sources and tickets with something to do; no other caller gets them."""

    async def notified(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime, at: datetime) -> None:
        """Temporal was notified of these."""

    async def release(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime) -> None:
        """Temporal could not be notified of these."""


@dataclass(frozen=True, slots=True)
class Work:
    """The workflow of a source and ticket."""

    workflow: str
    workflow_id: Callable[[str, str], str]
    argument: Callable[[str, str], object]


INTAKE = Work(INTAKE_TYPE, intake_id, lambda source, ticket: ApplyInput(source=source, ticket=ticket))
DESK = Work(DESK_TYPE, lambda _, ticket: desk_id(ticket), lambda _, ticket: KeepInStepInput(ticket=ticket))


class Courier:
    """Looks at what waits and notifies Temporal."""

    def __init__(
        self,
        waiting: Waiting,
        work: Work,
        client: Client,
        task_queue: str,
        clock: Callable[[], datetime],
        *,
        every: timedelta = EVERY,
    ) -> None:
        self._waiting, self._work = waiting, work
        self._client, self._task_queue, self._clock = client, task_queue, clock
        self._every = every
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is something new."""
        self._news.set()

    def running(self) -> AbstractAsyncContextManager[None]:
        """Notify Temporal as long as the block runs."""
        return alongside(self._run())

    async def _run(self) -> None:
        while True:
            self._news.clear()
            is_well = await self._round()
            if not is_well:
                await asyncio.sleep(min(self._every.total_seconds(), 1.0))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every.total_seconds()):
                    await self._news.wait()

    async def _round(self) -> bool:
        """Look until nothing is left; False where a server did not answer, and the next look has to do it."""
        try:
            while await self.notify():
                pass
        except (ActivityError, RPCError, RuntimeError, TimeoutError) as error:
            _log.warning("work not handed to Temporal", workflow=self._work.workflow, error=type(error).__name__)
            return False
        return True

    async def notify(self) -> int:
        """Notify Temporal of what waits longest.

        Returns:
            How many tickets that is about.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            RPCError: Temporal does not answer; the next call takes them again.
        """
        now = self._clock()
        claimed_at = now - AGAIN + LEASE  # as if it had been notified then: when the lease has ended, it counts as not
        tickets = await self._waiting.claim(claimed_at, notified_before=now - AGAIN, most=AT_ONCE)
        results = await asyncio.gather(*(self._signal(*one) for one in tickets), return_exceptions=True)
        failed = [(one, error) for one, error in zip(tickets, results, strict=True) if error is not None]
        if failed:
            await self._waiting.release([one for one, _ in failed], claimed_at)
        lost = {one for one, _ in failed}
        await self._waiting.notified([one for one in tickets if one not in lost], claimed_at, self._clock())
        if failed:
            raise failed[0][1]
        return len(tickets)

    async def _signal(self, source: str, ticket: str) -> None:
        await self._client.start_workflow(
            self._work.workflow,
            self._work.argument(source, ticket),
            id=self._work.workflow_id(source, ticket),
            task_queue=self._task_queue,
            start_signal=DELIVERED,
            rpc_timeout=RPC_TIMEOUT,
        )
