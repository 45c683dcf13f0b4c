"""API keys on PostgreSQL: `api_keys`."""

from dataclasses import dataclass
from datetime import datetime

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as it is kept; nothing of it opens anything."""

    id: str
    name: str  # what it is for; of an integration, also whom the timeline names
    role: str  # viewer, agent, lead or admin
    person: str = ""  # the person of the roster it acts as; empty for an integration
    names_actors: bool = False  # whether a request may name another actor
    sources: tuple[str, ...] = ()  # webhook sources it may send for; empty for all
    tickets: tuple[str, ...] = ()  # patterns of tickets, such as `ACME-*`; empty for all
    created_at: datetime
    expires_at: datetime | None = None  # when it stops working, aware UTC; None for never
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    replaces: str | None = None  # id of the key that it took over from; None without one

    def works(self, now: datetime) -> bool:
        """Whether it opens anything at an instant, aware UTC."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class ApiKeys:
    """The table of keys."""

    def __init__(self, database: Database) -> None:
        self._sql = Statements(database, "access")

    async def put(self, key: ApiKey, secret_hash: bytes) -> None:
        """Keep a new key."""
        row = (key.id, secret_hash, key.name, key.role, key.person, key.names_actors, key.sources, key.tickets)
        await self._sql.run("put_key", *row, key.created_at, key.expires_at, key.replaces)

    async def find(self, key_id: str) -> tuple[ApiKey, bytes] | None:
        """A key with the SHA-256 of its secret; None for an unknown one."""
        row = await self._sql.row("key", key_id)
        return (made(ApiKey, row), row["secret_hash"]) if row else None

    async def all(self) -> tuple[ApiKey, ...]:
        """Every key, oldest first."""
        return tuple(made(ApiKey, row) for row in await self._sql.rows("keys"))

    async def any_works(self, now: datetime, *, besides: str) -> bool:
        """Whether there is a key that opens anything, besides those of one name."""
        found: bool = await self._sql.value("any_live_key", now, besides)
        return found

    async def used(self, key_id: str, now: datetime) -> None:
        """Note the hour of its use."""
        await self._sql.run("key_used", key_id, now)

    async def let_expire(self, key_id: str, at: datetime) -> None:
        """It stops working then, unless it does so earlier."""
        await self._sql.run("let_key_expire", key_id, at)

    async def revoke(self, key_id: str, now: datetime) -> bool:
        """It stops working now; whether there is such a key."""
        return await self._sql.value("revoke_key", key_id, now) is not None
