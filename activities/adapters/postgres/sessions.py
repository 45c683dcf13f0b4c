"""Sessions of people at the pages, on PostgreSQL: `sessions`, `login_links`. It has the SHA-256 of each secret alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.links import hash_of
from activities.adapters.postgres.statements import Statements, made

LASTS = timedelta(hours=12)  # how long a person stays logged in
LINK_LASTS = timedelta(minutes=15)  # how long a login link can be used


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSession:
    """A session that counts now."""

    id: str  # the first letters of its hash; names it in logs
    person: str
    role: str
    tickets: tuple[str, ...]  # patterns of the tickets it may see and change; none for all


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLink:
    """Whom a login link logs in, and what they may do then."""

    person: str
    role: str


class Sessions:
    """The tables of sessions and login links."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._clock, self._sql = clock, Statements(database, "sessions")

    async def begin(self, token: str, *, person: str, role: str, key: str | None = None) -> None:
        """Keep a new session; one of a key ends with that key."""
        now = self._clock()
        await self._sql.run("begin", hash_of(token), person, role, key, now, now + LASTS)

    async def find(self, token: str) -> KeptSession | None:
        """The session with this secret; None once it, its key, or its person's time in the roster has ended."""
        row = await self._row("find", token)
        if row is None:
            return None
        secret: bytes = row["token_hash"]
        return made(KeptSession, row, id=secret.hex()[:12])

    async def end(self, token: str) -> None:
        """It counts no more."""
        await self._sql.run("end", hash_of(token), self._clock())

    async def end_all(self, person: str) -> int:
        """End every session and unused login link of a person; how many sessions there were."""
        return len(await self._sql.rows("end_all", person, self._clock()))

    async def keep_link(self, token: str, link: LoginLink) -> datetime:
        """Keep a new login link; until when it can be used, aware UTC."""
        now = self._clock()
        await self._sql.run("keep_link", hash_of(token), link.person, link.role, now, now + LINK_LASTS)
        return now + LINK_LASTS

    async def find_link(self, token: str) -> LoginLink | None:
        """The login link with this secret, while it can be used."""
        return _link(await self._row("find_link", token))

    async def use_link(self, token: str) -> LoginLink | None:
        """Use it up; None where that was done, or it has expired."""
        return _link(await self._row("use_link", token))

    async def purge(self) -> None:
        """Forget what expired."""
        await self._sql.run("purge", self._clock())

    async def _row(self, name: str, token: str) -> Any:
        return await self._sql.row(name, hash_of(token), self._clock())


def _link(row: Any) -> LoginLink | None:
    return made(LoginLink, row) if row else None
