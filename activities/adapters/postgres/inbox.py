"""The inbox on PostgreSQL: `deliveries_in`."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from activities.adapters.postgres.wire import json_text, plain_text
from activities.ports.inbox import Entry, EntryState, NewEntry, Stored
from escalation.intake.delivery import BY_BODY, Plan

if TYPE_CHECKING:
    from activities.adapters.postgres.database import Connection


class Inbox:
    """The events that help desks and chats sent."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "inbox")

    async def store(
        self,
        source: str,
        entries: Iterable[NewEntry],
        *,
        body_hash: str,
        request: str | None,
        at: datetime,
        same_body: timedelta,
    ) -> Stored:
        """Store the events of one request, all or none; those that are known already count as repeats.

        Args:
            body_hash: SHA-256 of its body, hex.
            request: The request itself, as JSON; None keeps none.
            same_body: For how long a key that is a hash of the body counts as a repeat; any other key does so forever.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer; nothing was stored.
        """
        by_key = {one.key: one for one in entries}
        async with self._database.transaction() as connection:
            if any(key.startswith(BY_BODY) for key in by_key):
                by_key = await self._apart(connection, source, body_hash, by_key, at - same_body)
            # In the order of the body: events of the same instant are applied in it.
            parts = list(by_key.items())
            rows = await connection.fetch(
                self._sql["store"],
                *(source, body_hash, at, request),
                [key for key, _ in parts],
                [one.ticket for _, one in parts],
                [one.kind for _, one in parts],
                [one.fact for _, one in parts],
                [one.at for _, one in parts],
                [one.state.value for _, one in parts],
                [plain_text(one.reason) for _, one in parts],
                [one.event for _, one in parts],
            )
        new = [row for row in rows if row["is_new"]]
        waits = any(row["state"] == EntryState.STORED for row in new)
        return Stored(new=len(new), repeated=len(rows) - len(new), waiting=waits)

    async def _apart(
        self, connection: "Connection", source: str, body_hash: str, entries: Mapping[str, NewEntry], since: datetime
    ) -> dict[str, NewEntry]:
        """The events under keys of their own where their body comes again much later."""
        seen = await connection.fetch(self._sql["same_body"], source, body_hash)
        apart = {}
        for key, entry in entries.items():
            same = [row for row in seen if key.startswith(BY_BODY) and row["key"].partition("~")[0] == key]
            if same:
                is_again = same[-1]["received_at"] < since
                key = f"{key}~{len(same)}" if is_again else same[-1]["key"]  # noqa: PLW2901
            apart[key] = entry
        return apart

    async def claim(self, at: datetime, *, notified_before: datetime, most: int) -> list[tuple[str, str]]:
        """Tickets, each with its source, with events of which the caller is to notify Temporal; no other caller gets them."""
        return [(row["source"], row["ticket"]) for row in await self._sql.rows("claim", at, notified_before, most)]

    async def notified(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime, at: datetime) -> None:
        """Temporal was notified of these."""
        sources, numbers = [source for source, _ in tickets], [ticket for _, ticket in tickets]
        await self._sql.run("notified", sources, numbers, claimed_at, at)

    async def release(self, tickets: Sequence[tuple[str, str]], claimed_at: datetime) -> None:
        """Temporal could not be notified of these; the next caller is to do it."""
        sources, numbers = [source for source, _ in tickets], [ticket for _, ticket in tickets]
        await self._sql.run("release", sources, numbers, claimed_at)

    async def waiting(self, source: str, ticket: str, *, most: int) -> list[Entry]:
        """See the port."""
        return await self._entries("waiting", source, ticket, most)

    async def newest(self, source: str, ticket: str) -> dict[str, datetime]:
        """See the port."""
        return {row["fact"]: row["at"] for row in await self._sql.rows("newest", source, ticket)}

    async def also_known_as(self, source: str, other_id: str) -> list[str]:
        """See the port."""
        return [row["ticket"] for row in await self._sql.rows("also_known_as", source, other_id)]

    async def priority_before(self, entry: Entry) -> str:
        """See the port."""
        of = (entry.source, entry.ticket, entry.received_at, entry.hash)
        found: str | None = await self._sql.value("priority_before", *of)
        return found or ""

    async def applied_since(self, source: str, ticket: str, since: datetime) -> int:
        """See the port."""
        found: int = await self._sql.value("applied_since", source, ticket, since)
        return found

    async def begin(self, entry: int, planned: Plan | None) -> None:
        """See the port."""
        await self._sql.run("begin", entry, None if planned is None else json_text(planned))

    async def settle(
        self, entry: int, state: EntryState, *, reason: str = "", became: Sequence[str] = (), at: datetime
    ) -> None:
        """See the port."""
        await self._sql.run("settle", entry, state.value, plain_text(reason), list(became), at)

    async def postpone(self, entry: int, error: str) -> None:
        """See the port."""
        await self._sql.run("postpone", entry, plain_text(error))

    async def listed(
        self,
        *,
        source: str | None = None,
        ticket: str | None = None,
        states: Sequence[EntryState] | None = None,
        most: int,
    ) -> list[Entry]:
        """Events, the latest first; None is any."""
        wanted = None if states is None else [state.value for state in states]
        return await self._entries("list", source, ticket, wanted, most)

    async def counts(self) -> dict[str, dict[EntryState, int]]:
        """Return the number of events of each source by state."""
        rows = await self._sql.rows("counts")
        found: dict[str, dict[EntryState, int]] = {}
        for row in rows:
            found.setdefault(row["source"], {})[EntryState(row["state"])] = row["number"]
        return found

    async def entry(self, number: int) -> Entry | None:
        """One event; None where there is none of this number."""
        found = await self._entries("entry", number)
        return found[0] if found else None

    async def retry(self, number: int, *, at: datetime) -> bool:
        """Let a dead or dropped event be applied again; False where it is neither, or its text is not there."""
        return await self._sql.value("retry", number, at) is not None

    async def correct(self, number: int, now: NewEntry) -> None:
        """Keep of a dead or dropped event what is read of it now."""
        await self._sql.run("correct", number, now.ticket, now.kind, now.fact, now.at, now.event)

    async def drop(self, number: int, *, reason: str, at: datetime) -> bool:
        """Never apply an event; False where it is settled otherwise."""
        return await self._sql.value("drop", number, at, plain_text(reason)) is not None

    async def forget(self, received_before: datetime) -> None:
        """Drop the texts of settled events that are older; key and hash stay."""
        await self._sql.run("forget", received_before)

    async def _entries(self, query: str, *values: object) -> list[Entry]:
        rows = await self._sql.rows(query, *values)
        return [made(Entry, row, state=EntryState(row["state"])) for row in rows]
