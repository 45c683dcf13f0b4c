"""Links to the customer's page, on PostgreSQL: `customer_links`. It has the SHA-256 of each, never the link."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.links import hash_of
from activities.adapters.postgres.statements import Statements, made
from activities.ports.sending import CustomerLink
from escalation.lifecycle.view import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCustomerLink:
    """A link as it is kept; nothing of it opens anything."""

    id: str  # the first letters of its hash; names it in lists
    escalation: str
    leads_to: str  # the newest escalation of the same ticket and customer, which its page shows
    language: str  # what the reader chose; empty for the language of the case
    minted_at: datetime
    revoked_at: datetime | None
    token_hash: bytes
    address_hash: bytes

    def works(self, view: CaseView, now: datetime, *, days: int) -> bool:
        """Whether it opens the page at an instant, aware UTC."""
        ended = view.closed_at is not None and now >= view.closed_at + timedelta(days=days)
        return self.revoked_at is None and not ended and self.address_hash == hash_of(view.customer.address)


class CustomerLinks:
    """The table of links to the customer's page."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._sql = Statements(database, "customer_links")

    async def keep(self, escalation: str, key: str, link: CustomerLink) -> None:
        """See the port."""
        row = (hash_of(link.token), escalation, key, hash_of(link.address), self._clock())
        await self._sql.run("keep", *row)

    async def find(self, token: str) -> KeptCustomerLink | None:
        """The link with this secret; None for none."""
        row = await self._sql.row("find", hash_of(token))
        return _link(row) if row else None

    async def speak(self, link: KeptCustomerLink, language: str) -> None:
        """Its page is in this language from now on."""
        await self._sql.run("speak", link.token_hash, language)

    async def live(self, *, ticket: str = "", days: int) -> tuple[KeptCustomerLink, ...]:
        """Links that open a page, oldest first, of a ticket where one is given; `days` as in `KeptCustomerLink.works`."""
        return tuple(map(_link, await self._sql.rows("live", ticket, self._clock() - timedelta(days=days))))

    async def revoke(self, *, ticket: str = "", link: str = "") -> int:
        """End links at once: of a ticket, the one with this id, or all; how many there were."""
        return len(await self._sql.rows("revoke", ticket, link, self._clock()))

    async def purge(self, *, days: int) -> None:
        """Forget links of cases that ended more than this many days ago."""
        await self._sql.run("purge", self._clock() - timedelta(days=days))


def _link(row: Any) -> KeptCustomerLink:
    return made(KeptCustomerLink, row, id=row["token_hash"].hex()[:12])
