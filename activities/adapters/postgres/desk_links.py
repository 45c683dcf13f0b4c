"""Which tickets are kept in step, on PostgreSQL: `desk_tickets`."""

from collections.abc import Sequence
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries
from activities.adapters.postgres.wire import plain_text
from activities.ports.desks import DeskLink, Newest
from escalation.case.codec import event_from_json, from_json
from escalation.case.events import Event
from escalation.lifecycle.view import CaseView

_COLUMNS = tuple(DeskLink.__dataclass_fields__)


class DeskLinks:
    """Tickets that are kept in step, and how far that is."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = queries("desk_tickets")

    async def link(self, ticket: str, source: str, desk_ticket: str, at: datetime) -> None:
        """See the port."""
        await self._run("link", ticket, source, desk_ticket, at)

    async def resume(self, ticket: str) -> None:
        """Write to a ticket again that was given up."""
        await self._run("resume", ticket)

    async def claim(self, at: datetime, *, notified_before: datetime, most: int) -> list[tuple[str, str]]:
        """Tickets, each with its source, that are behind; the caller is to notify Temporal, and no other caller gets them."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(self._sql["claim"], at, notified_before, most)
        return [(row["source"], row["ticket"]) for row in rows]

    async def notified(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime, at: datetime) -> None:
        """Temporal was notified of these."""
        await self._run("notified", [ticket for _, ticket in tickets], claimed_at, at)

    async def release(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime) -> None:
        """Temporal could not be notified of these; the next caller is to do it."""
        await self._run("release", [ticket for _, ticket in tickets], claimed_at)

    async def link_of(self, ticket: str) -> DeskLink | None:
        """See the port."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(self._sql["link_of"], ticket)
        return None if row is None else DeskLink(**{name: row[name] for name in _COLUMNS})

    async def newest(self, ticket: str) -> Newest | None:
        """See the port."""
        async with self._database.connection() as connection:
            row = await connection.fetchrow(self._sql["newest"], ticket)
        if row is None:
            return None
        return Newest(id=row["id"], view=from_json(CaseView, row["view"]), recorded=row["recorded"])

    async def since(self, escalation: str, seq: int, *, most: int) -> tuple[Event, ...]:
        """See the port."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(self._sql["since"], escalation, seq, most)
        return tuple(event_from_json(row["data"]) for row in rows)

    async def plan(self, ticket: str, escalation: str, seq: int, note: str) -> None:
        """See the port."""
        await self._run("plan", ticket, escalation, seq, plain_text(note))

    async def in_step(self, ticket: str, changed: int, at: datetime) -> None:
        """See the port."""
        await self._run("in_step", ticket, changed, at)

    async def failed(self, ticket: str, error: str) -> None:
        """See the port."""
        await self._run("failed", ticket, plain_text(error))

    async def lost(self, ticket: str, why: str, at: datetime) -> None:
        """See the port."""
        await self._run("lost", ticket, plain_text(why), at)

    async def behind(self, since: datetime, *, most: int = 100) -> list[DeskLink]:
        """Tickets that were given up, or are behind since before an instant."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(self._sql["list"], since, most)
        return [DeskLink(**{name: row[name] for name in _COLUMNS}) for row in rows]

    async def _run(self, query: str, *values: object) -> None:
        async with self._database.connection() as connection:
            await connection.execute(self._sql[query], *values)
