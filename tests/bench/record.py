"""Seeing in the record, without asking the workflows, how far escalations are: questions to them cost actions."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg

from escalation.case.codec import event_from_json
from escalation.case.events import ThresholdReached
from tests.bench.subject import Firing

LOOK_SECONDS = 0.05
_STATES = "select id, recorded, offered_to, messages from escalations where id = any($1::text[])"
_FIRED = """
select distinct on (escalation) data::text from timeline
where kind = 'threshold_reached' and escalation = any($1::text[]) order by escalation, seq
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the record says of an escalation.

    Attributes:
        recorded: Number of the last recorded event.
        offered_to: Who is asked to take it.
        messages: How many went to the customer.
    """

    recorded: int
    offered_to: str
    messages: int


Fact = Callable[[Seen], bool]


@dataclass(slots=True)
class Record:
    """Looks for all that wait at once, with one cheap query, twenty times a second."""

    pool: "asyncpg.Pool[asyncpg.Record]"
    _waiting: dict[str, tuple[Fact, "asyncio.Future[Seen]"]] = field(default_factory=dict)

    @classmethod
    @asynccontextmanager
    async def open(cls, dsn: str) -> AsyncIterator["Record"]:
        """Connect, and look until the end."""
        async with asyncpg.create_pool(dsn, min_size=1, max_size=2) as pool:
            record = cls(pool)
            looking = asyncio.create_task(record._look())
            try:
                yield record
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)

    async def until(self, escalation: str, fact: Fact) -> Seen:
        """What is recorded, as soon as it is as wanted."""
        future: asyncio.Future[Seen] = asyncio.get_running_loop().create_future()
        self._waiting[escalation] = (fact, future)
        try:
            return await future
        finally:
            del self._waiting[escalation]

    async def first_firings(self, escalations: Sequence[str]) -> list[Firing]:
        """The first threshold of each; those that have not fired are not there.

        An instant that is due is a whole second; the event names it, so nothing is rounded here.
        """
        rows = await self.pool.fetch(_FIRED, list(escalations))
        events = [event_from_json(row["data"]) for row in rows]
        fired = [event for event in events if isinstance(event, ThresholdReached)]
        return [Firing(due=event.due, lag=(event.at - event.due).total_seconds()) for event in fired]

    async def _look(self) -> None:
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                if self._waiting:
                    await self._look_once()
        except Exception as error:  # noqa: BLE001 (whatever it is, the waiters must not wait forever)
            for _, future in self._waiting.values():
                if not future.done():
                    future.set_exception(error)

    async def _look_once(self) -> None:
        for row in await self.pool.fetch(_STATES, list(self._waiting)):
            fact, future = self._waiting.get(row["id"], (None, None))
            seen = Seen(row["recorded"], row["offered_to"], row["messages"])
            if fact is not None and future is not None and not future.done() and fact(seen):
                future.set_result(seen)
