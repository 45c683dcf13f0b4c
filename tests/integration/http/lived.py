"""A case of a test, on real servers."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from escalation.case.events import Happened
from escalation.lifecycle.view import CaseView
from starter.errors import WorkersBusy
from starter.http.backend import Backend

E = TypeVar("E", bound=Happened)


class LivedCase:
    """A case with a ticket of its own."""

    def __init__(self, backend: Backend) -> None:
        self.backend, self.ticket = backend, secrets.token_hex(6)

    async def until(self, is_so: Callable[[CaseView], bool]) -> CaseView:
        view = None
        for _ in range(300):
            with suppress(WorkersBusy):  # a slow machine may still be opening it
                view = (await self.backend.client.status(self.ticket)).view
            if view is not None and is_so(view):
                return view
            await asyncio.sleep(0.05)
        raise AssertionError(f"{self.ticket}: {view}")

    async def did(self, kind: type[E]) -> list[E]:
        return [event for event in await self.backend.client.timeline(self.ticket) if isinstance(event, kind)]
