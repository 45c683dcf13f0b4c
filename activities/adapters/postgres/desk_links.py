"""The tickets in help desks that follow our escalations, on PostgreSQL: `desk_tickets`."""

from collections.abc import Sequence
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from activities.adapters.postgres.wire import plain_text
from activities.ports.desks import DeskLink, Newest
from escalation.case.codec import event_from_json, from_json
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView


class DeskLinks:
    """Tickets that are kept in step, and how far that is."""

    def __init__(self, database: Database) -> None:
        self._sql = Statements(database, "desk_tickets")

    async def link(self, ticket: str, source: str, desk_ticket: str, at: datetime) -> None:
        """See the port."""
        await self._sql.run("link", ticket, source, desk_ticket, at)

    async def resume(self, ticket: str) -> None:
        """Write to a ticket again that was given up."""
        await self._sql.run("resume", ticket)

    async def claim(self, at: datetime, *, notified_before: datetime, most: int) -> list[tuple[str, str]]:
        """Tickets, each with its source, that are behind; the caller is to notify Temporal, and no other caller gets them."""
        return [(row["source"], row["ticket"]) for row in await self._sql.rows("claim", at, notified_before, most)]

    async def notified(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime, at: datetime) -> None:
        """Temporal was notified of these."""
        await self._sql.run("notified", [ticket for _, ticket in tickets], claimed_at, at)

    async def release(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime) -> None:
        """Temporal could not be notified of these; the next caller is to do it."""
        await self._sql.run("release", [ticket for _, ticket in tickets], claimed_at)

    async def link_of(self, ticket: str) -> DeskLink | None:
        """See the port."""
        row = await self._sql.row("link_of", ticket)
        return None if row is None else made(DeskLink, row)

    async def newest(self, ticket: str) -> Newest | None:
        """See the port."""
        row = await self._sql.row("newest", ticket)
        if row is None:
            return None
        return Newest(id=row["id"], view=from_json(CaseView, row["view"]), recorded=row["recorded"])

    async def since(self, escalation: str, seq: int, *, most: int) -> tuple[Event, ...]:
        """See the port."""
        return tuple(event_from_json(row["data"]) for row in await self._sql.rows("since", escalation, seq, most))

    async def plan(self, ticket: str, escalation: str, seq: int, note: str) -> None:
        """See the port."""
        await self._sql.run("plan", ticket, escalation, seq, plain_text(note))

    async def in_step(self, ticket: str, changed: int, at: datetime) -> None:
        """See the port."""
        await self._sql.run("in_step", ticket, changed, at)

    async def failed(self, ticket: str, error: str) -> None:
        """See the port."""
        await self._sql.run("failed", ticket, plain_text(error))

    async def lost(self, ticket: str, why: str, at: datetime) -> None:
        """See the port."""
        await self._sql.run("lost", ticket, plain_text(why), at)

    async def behind(self, since: datetime, *, most: int = 100) -> list[DeskLink]:
        """Tickets that were given up, or are behind since before an instant."""
        return [made(DeskLink, row) for row in await self._sql.rows("list", since, most)]
