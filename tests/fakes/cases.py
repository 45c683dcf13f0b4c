"""Escalations that an incident can ask, in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from activities.errors import ActivityError
from escalation.case.commands import SupportCommand


@dataclass
class Cases:
    """Escalations that only remember what they were asked; a repeat of a command id is answered and not done.

    Attributes:
        done: Ticket to what it did, in order.
        asked: How often each ticket was asked, repeats included.
        most_at_once: The most that were being asked at the same time.
        errors: What some tickets answer with.
        overseers: Who oversees which ticket, where it is not `overseer`.
        pace: Called while a ticket is being asked.
    """

    done: dict[str, list[SupportCommand]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    most_at_once: int = 0
    errors: dict[str, ActivityError] = field(default_factory=dict)
    overseers: dict[str, str] = field(default_factory=dict)
    pace: Callable[[], Awaitable[None]] | None = None
    _known: set[tuple[str, str]] = field(default_factory=set)
    _now: int = 0

    async def send(self, ticket: str, command: SupportCommand, *, command_id: str) -> str:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await self._send(ticket, command, command_id)
        finally:
            self._now -= 1
        return self.overseers.get(ticket, "overseer")

    async def _send(self, ticket: str, command: SupportCommand, command_id: str) -> None:
        self.asked.append((ticket, command_id))
        if ticket in self.errors:
            raise self.errors[ticket]
        if (ticket, command_id) not in self._known:
            self._known.add((ticket, command_id))
            self.done.setdefault(ticket, []).append(command)
        await (self.pace() if self.pace else asyncio.sleep(0))
