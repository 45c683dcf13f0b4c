"""Stored answers to requests with an idempotency key, on PostgreSQL: `http_answers`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from activities.adapters.postgres.wire import plain_text

KEPT = timedelta(days=90)  # how long a key holds


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """A request with a key, as it is kept."""

    request_hash: bytes  # SHA-256 of what was asked first
    status: int | None  # of the answer; None while there is none
    body: str
    is_first: bool = False  # whether this request is the first one


class HttpAnswers:
    """The table of answers; keys of two owners never meet."""

    def __init__(self, database: Database) -> None:
        self._sql = Statements(database, "access")

    async def claim(self, owner: str, key: str, request_hash: bytes, now: datetime) -> KeptAnswer:
        """The request with this key: this one, or the first one with its answer."""
        row = await self._sql.row("claim_answer", owner, key, request_hash, now, now - KEPT)
        assert row is not None  # noqa: S101  one row is inserted or updated
        hash_, body = row["request_hash"], row["body"] or ""
        return KeptAnswer(request_hash=hash_, status=row["status"], body=body, is_first=row["is_first"])

    async def find(self, owner: str, key: str) -> KeptAnswer | None:
        """The request with this key; None where it was refused, and its key is free."""
        row = await self._sql.row("answer", owner, key)
        if row is None:
            return None
        return KeptAnswer(request_hash=row["request_hash"], status=row["status"], body=row["body"] or "")

    async def release(self, owner: str, key: str) -> None:
        """The request was refused: its key is free."""
        await self._sql.run("release_answer", owner, key)

    async def keep(self, owner: str, key: str, *, status: int, body: str, now: datetime) -> KeptAnswer:
        """Keep the answer, unless there is one; the first one counts."""
        row = await self._sql.row("keep_answer", owner, key, status, plain_text(body), now)
        if row is None:  # purged meanwhile
            return KeptAnswer(request_hash=b"", status=status, body=body)
        return KeptAnswer(request_hash=b"", status=row["status"], body=row["body"])

    async def purge(self, now: datetime) -> None:
        """Forget what no longer holds."""
        await self._sql.run("purge_answers", now - KEPT)
