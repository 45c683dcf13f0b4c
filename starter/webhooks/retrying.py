"""Lets dead and dropped events be applied again, as the mapping reads them now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from activities.adapters.postgres.inbox import Inbox
from activities.ports.connections import Connections
from activities.ports.inbox import Entry, EntryState, NewEntry
from escalation.intake.delivery import Request, Words
from escalation.mail_in.meaning import MAIL
from starter.webhooks.receiving import KeptRequest, entries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """The result of a retry."""

    number: int
    refused: str = ""  # why the event is not applied again; empty where it is


class MailReader(Protocol):
    """Reads mail again."""

    async def entries(self, request: Request, now: datetime) -> tuple[NewEntry, ...]:
        """Read a mail again, as it is stored; never empty."""


class Retrying:
    """Reads events again where their request is still there, and queues them.

    Args:
        connections: The mappings; a source that is not among them is taken as it was read before.
        mail: Reads mail; None where none is taken.
    """

    def __init__(self, inbox: Inbox, connections: Connections, words: Words, mail: MailReader | None = None) -> None:
        self._inbox, self._connections, self._words, self._mail = inbox, connections, words, mail

    async def retry(self, entry: Entry, now: datetime) -> Retried:
        """Queue an event again."""
        if entry.state not in (EntryState.DEAD, EntryState.DROPPED):
            return Retried(
                number=entry.id, refused=f"it is {entry.state.value}; only dead and dropped ones are retried"
            )
        said = await self._read_again(entry, now)
        if said and (refused := await self._correct(entry, said, now)):
            return Retried(number=entry.id, refused=refused)
        if await self._inbox.retry(entry.id, at=now):
            return Retried(number=entry.id)
        found = await self._inbox.entry(entry.id)
        if found is not None and found.state is EntryState.DROPPED and entry.event is None:
            return Retried(number=entry.id)  # its events were stored under their own keys
        return Retried(number=entry.id, refused="its text was dropped; ask its sender to send it again")

    async def _read_again(self, entry: Entry, now: datetime) -> tuple[NewEntry, ...]:
        connection = self._connections.get(entry.source)
        if entry.request is None or connection is None:
            return ()
        if entry.source == MAIL:
            return await self._mail.entries(KeptRequest.from_json(entry.request).request(), now) if self._mail else ()
        return entries_of(connection, KeptRequest.from_json(entry.request).request(), self._words, now)

    async def _correct(self, entry: Entry, said: tuple[NewEntry, ...], now: datetime) -> str:
        """Keep what is read now; why that is not possible."""
        same = next((one for one in said if one.key == entry.key), None)
        if same is not None and same.event is None:
            return same.reason
        if same is not None:
            await self._inbox.correct(entry.id, same)
            return ""
        if entry.event is not None:
            return ""
        await self._inbox.store(
            entry.source,
            said,
            body_hash=entry.hash,
            request=entry.request,
            at=now,
            same_body=self._connections[entry.source].same_body,
        )
        await self._inbox.drop(entry.id, reason="read again; its events have numbers of their own", at=now)
        return ""
