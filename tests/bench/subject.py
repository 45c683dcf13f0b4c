"""What is measured: escalations, and bare workflows. Both can do the same things."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client


@dataclass(frozen=True, slots=True)
class Firing:
    """A threshold that fired.

    Attributes:
        due: When it should have, aware UTC.
        lag: How much later it did, in seconds.
    """

    due: datetime
    lag: float


class Subject(ABC):
    """A kind of workflow, with its own worker process.

    Attributes:
        name: What figures call it.
        client: Sees its workflows.
        log: What its workers write.
    """

    name: str
    client: Client
    log: Path

    @abstractmethod
    def working(self) -> AbstractAsyncContextManager[int]:
        """Run a fresh worker, on a task queue that no other has polled; its process id."""

    @abstractmethod
    async def open(self, batch: str, number: int, due: datetime | None = None) -> None:
        """Start one and return as soon as it is open; it stays so.

        Args:
            batch: Together with the number, its name.
            number: Counts from 0.
            due: When its first threshold is to fire, aware UTC; None is long after the bench.
        """

    @abstractmethod
    async def live(self, batch: str, number: int) -> None:
        """Start one, see it through its life, and return when it is closed; it ends some seconds later, by itself."""

    @abstractmethod
    async def firings(self, batch: str, count: int) -> list[Firing]:
        """The first thresholds of a batch of `count`; none while one has yet to fire."""

    @abstractmethod
    def workflow(self, batch: str, number: int) -> str:
        """Its workflow id."""

    async def end(self, batch: str, count: int) -> None:
        """Return when the first `count` of a batch have ended."""
        for number in range(count):
            await self.client.get_workflow_handle(self.workflow(batch, number)).result()

    async def histories(self, batch: str, numbers: Sequence[int]) -> AsyncIterator[list[HistoryEvent]]:
        """What the server stored of each."""
        for number in numbers:
            handle = self.client.get_workflow_handle(self.workflow(batch, number))
            yield list((await handle.fetch_history()).events)
