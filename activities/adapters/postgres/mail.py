"""Looks up incoming mail in the database: the letters it may answer, its senders, and blocked addresses."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.statements import Statements
from escalation.intake.delivery import Author
from escalation.mail_in.meaning import Thread, new_ticket

NO_MAIL_FOR = timedelta(days=30)  # how long an address counts as one that takes no mail

_MARK = re.compile(r"<([0-9a-f]{32})@[^<>\s]+>")


class MailRecords:
    """Letters that were sent, and addresses whose mail came back."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sql = Statements(database, "mail")

    async def thread(self, ids: Sequence[str]) -> Thread | None:
        """Find the case that ids in a mail's headers belong to, the likeliest first; None for nothing of ours."""
        marks = [found[1] for one in ids if (found := _MARK.fullmatch(one))]
        async with self._database.connection() as connection:
            rows = {row["mark"]: row for row in await connection.fetch(self._sql["letters"], marks)} if marks else {}
            own = await connection.fetchval(self._sql["own_ticket"], [new_ticket(one) for one in ids]) if ids else None
        letter = next((rows[mark] for mark in marks if mark in rows), None)
        if letter is not None:
            customer = _customer(letter["customer"])
            return Thread(
                ticket=letter["ticket"],
                letter=letter["key"],
                to=letter["recipient"],
                customer=customer[0],
                language=customer[1],
            )
        return Thread(ticket=own) if own else None

    async def thread_of(self, ticket: str, to: str) -> Thread:
        """The conversation with this recipient about a ticket that an address of ours names."""
        found = _customer(await self._sql.value("customer", ticket))
        return Thread(ticket=ticket, to=to, customer=found[0], language=found[1])

    async def number_from(self, address: str, since: datetime) -> int:
        """Return the number of mails from a sender since then."""
        found: int = await self._sql.value("number_from", address.casefold(), since)
        return found

    async def bounced(self, address: str, status: str, at: datetime) -> None:
        """See the port `BouncedAddresses`."""
        await self._sql.run("bounced", _hash(address), status, at)

    async def is_bounced(self, address: str, at: datetime) -> bool:
        """See the port `BouncedAddresses`."""
        found: bool = await self._sql.value("is_bounced", _hash(address), at - NO_MAIL_FOR)
        return found

    async def alive(self, address: str) -> bool:
        """Send mail to this address again; False where it was sent already."""
        return await self._sql.value("alive", _hash(address)) is not None


def _hash(address: str) -> str:
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()


def _customer(found: str | None) -> tuple[Author, str]:
    """The customer in a view, and their language."""
    said: dict[str, Any] = json.loads(found) if found else {}
    author = Author(id=said.get("id", ""), name=said.get("name", ""), address=said.get("address", ""), is_customer=True)
    return (author, said.get("language", "")) if said else (Author(), "")
