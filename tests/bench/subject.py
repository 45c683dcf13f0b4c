"""What is measured: escalations, and bare workflows. Both can do the same things."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client


class Subject(ABC):
    """A kind of workflow, with its own worker process.

    Attributes:
        name: What figures call it.
        client: Sees its workflows.
    """

    name: str
    client: Client

    @abstractmethod
    def working(self) -> AbstractAsyncContextManager[int]:
        """Run a fresh worker; its process id."""

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
        """Start one, see it through its whole life, and return when it has ended."""

    @abstractmethod
    async def lags(self, batch: str, count: int) -> list[float]:
        """How late the first thresholds of a batch of `count` fired, in seconds; none while one has yet to fire."""

    @abstractmethod
    def workflow(self, batch: str, number: int) -> str:
        """Its workflow id."""

    async def histories(self, batch: str, numbers: Sequence[int]) -> AsyncIterator[list[HistoryEvent]]:
        """What the server stored of each."""
        for number in numbers:
            handle = self.client.get_workflow_handle(self.workflow(batch, number))
            yield list((await handle.fetch_history()).events)
