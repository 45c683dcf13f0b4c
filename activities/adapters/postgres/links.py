"""Links in messages to colleagues, on PostgreSQL: `action_links`. It has the SHA-256 of each, never the link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements, made
from activities.ports.sending import ActionLink
from escalation.lifecycle.asking import Act, Ask, Subject

KEPT = timedelta(days=90)  # how long an expired link is kept, so that who opens it reads what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLink:
    """A link as it is kept; nothing of it opens anything."""

    id: str  # the first letters of its hash; names it in lists
    escalation: str
    key: str
    person: str
    ask: Ask
    minted_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_for: str  # what was done by it; empty for nothing
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Whether it opens anything at an instant, aware UTC; a used one still shows what was done."""
        return self.revoked_at is None and now < self.expires_at


class Links:
    """The table of links."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sql = Statements(database, "links")

    async def keep(self, escalation: str, key: str, person: str, link: ActionLink) -> None:
        """See the port."""
        ask = link.ask
        row = (hash_of(link.token), escalation, key, person, ask.subject.value, ask.number, [*map(str, ask.acts)])
        await self._sql.run("keep", *row, ask.confirms, self._clock(), link.expires_at)

    async def find(self, token: str) -> KeptLink | None:
        """The link with this secret; None for none."""
        row = await self._sql.row("find", hash_of(token))
        return _link(row) if row else None

    async def use(self, link: KeptLink, act: Act) -> None:
        """It is used up, with the others of its message. The first use stays."""
        await self._sql.run("use", link.escalation, link.key, link.person, act.value, self._clock())

    async def live(self, *, ticket: str = "", person: str = "") -> tuple[KeptLink, ...]:
        """Links that can still be used, oldest first, of a ticket or a person where one is given."""
        return tuple(map(_link, await self._sql.rows("live", ticket, person, self._clock())))

    async def revoke(self, *, ticket: str = "", person: str = "", link: str = "") -> int:
        """End links at once: of a ticket, of a person, the one with this id, or all; how many there were."""
        return len(await self._sql.rows("revoke", ticket, person, link, self._clock()))

    async def purge(self) -> None:
        """Forget links that expired long ago."""
        await self._sql.run("purge", self._clock() - KEPT)


def hash_of(token: str) -> bytes:
    """Return the hash that is stored for a link."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def _link(row: Any) -> KeptLink:
    ask = Ask(
        subject=Subject(row["subject"]),
        number=row["number"],
        acts=tuple(map(Act, row["acts"])),
        confirms=row["confirms"],
    )
    return made(KeptLink, row, id=row["token_hash"].hex()[:12], key=row["message_key"], ask=ask)
