"""Notifies Temporal of events in the inbox: at once of new ones, and again of those that are still not applied.

Servers and workers each run one. An event is safe once it is in the inbox: the next look finds it, also after a crash, and
no two of them take the same one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from activities.adapters.postgres.inbox import Inbox
from activities.contracts import ApplyInput
from activities.errors import ActivityError
from workflows.options import DELIVERED, INTAKE_TYPE, intake_id

_log = structlog.stdlib.get_logger(__name__)

EVERY = timedelta(seconds=15)
"""How often the inbox is looked at without being asked to."""
AGAIN = timedelta(minutes=10)
"""Temporal is notified again of an event that was not applied for so long."""
AT_ONCE = 100
"""Most events that one look takes."""
RPC_TIMEOUT = timedelta(seconds=5)


class Courier:
    """Looks at the inbox and notifies Temporal.

    Args:
        inbox: The events.
        client: The connection to Temporal.
        task_queue: Where workers listen.
        clock: The present instant, aware UTC.
        every: How often to look.
        keep: How long the texts of settled events are kept; None where another one drops them.
    """

    def __init__(
        self,
        inbox: Inbox,
        client: Client,
        task_queue: str,
        clock: Callable[[], datetime],
        *,
        every: timedelta = EVERY,
        keep: timedelta | None = None,
    ) -> None:
        self._inbox, self._client, self._task_queue, self._clock = inbox, client, task_queue, clock
        self._every, self._keep = every, keep
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is something new in the inbox."""
        self._news.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Notify Temporal as long as the block runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

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
            if self._keep is not None:
                await self._inbox.forget(self._clock() - self._keep)
        except (ActivityError, RPCError, RuntimeError, TimeoutError) as error:
            _log.warning("inbox not handed to Temporal", error=type(error).__name__)
            return False
        return True

    async def notify(self) -> int:
        """Notify Temporal of the events that wait longest.

        Returns:
            How many tickets they were about.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            RPCError: Temporal does not answer; the next call takes them again.
        """
        now = self._clock()
        tickets = await self._inbox.claim(now, notified_before=now - AGAIN, most=AT_ONCE)
        results = await asyncio.gather(*(self._signal(*one) for one in tickets), return_exceptions=True)
        failed = [(one, error) for one, error in zip(tickets, results, strict=True) if error is not None]
        if failed:
            await self._inbox.release([one for one, _ in failed], now)
            raise failed[0][1]
        return len(tickets)

    async def _signal(self, source: str, ticket: str) -> None:
        await self._client.start_workflow(
            INTAKE_TYPE,
            ApplyInput(source=source, ticket=ticket),
            id=intake_id(source, ticket),
            task_queue=self._task_queue,
            start_signal=DELIVERED,
            rpc_timeout=RPC_TIMEOUT,
        )
