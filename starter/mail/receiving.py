"""Receives mail: reads it, matches it to the letter it answers, and stores it before the sender gets an answer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from activities.adapters.new_part import MessageWords
from activities.adapters.postgres.database import Database
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.mail import MailRecords
from activities.adapters.postgres.wire import json_text
from activities.errors import UnstorableValue
from activities.ports.connections import Connection
from activities.ports.inbox import EntryState, NewEntry, Stored
from escalation.addresses import parse_address
from escalation.intake.delivery import Request
from escalation.mail_in.mail import Mail
from escalation.mail_in.meaning import MAIL, Rules, Thread, events_of, key_of
from escalation.mail_in.reading import read_mail
from escalation.mail_in.structure import MailWords
from escalation.mail_in.tags import tag_in
from escalation.vocabulary import CUSTOMER
from runtime.settings import PREFIX, Settings, SettingsError
from starter.webhooks.file import connections_of
from starter.webhooks.receiving import KeptRequest, body_hash, entries_for

HOUR = timedelta(hours=1)
KEPT_BYTES = 1_000_000  # what is kept of a mail to read it again; files come after the text
_TO, _COLLEAGUE = "x-envelope-to", "colleague"


class MailTooLong(Exception):
    """The mail has more bytes than are taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDesk:
    """The rules for accepting mail, from the settings."""

    address: str
    secret: str  # what signs such addresses; empty for none
    taken: frozenset[str]  # every address whose mail is accepted, in lower case
    rules: Rules
    per_hour: int
    most_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> "MailDesk":
        """As the settings have it.

        Raises:
            SettingsError: No address is set.
        """
        if settings.mail_in_address is None:
            raise SettingsError(f"{PREFIX}MAIL_IN_ADDRESS: is not set; write the address that letters ask to answer to")
        taken = frozenset(
            str(parse_address(one)).casefold()
            for one in (settings.mail_in_address, settings.mail_from, *settings.mail_in_also)
        )
        secret, trusted = settings.mail_in_secret, settings.mail_in_trusted or ""
        return cls(
            address=settings.mail_in_address,
            secret=secret.get_secret_value() if secret else "",
            taken=taken,
            rules=Rules(own=taken, opens=settings.mail_in_new == "triage", trusted=trusted),
            per_hour=settings.mail_in_per_hour,
            most_bytes=settings.mail_in_most_bytes,
        )

    def takes(self, address: str) -> bool:
        """Whether mail to this address is for us."""
        local, _, domain = address.casefold().rpartition("@")
        return f"{local.partition('+')[0] or local}@{domain}" in self.taken


class MailReceiver:
    """Receives mail."""

    def __init__(
        self,
        desk: MailDesk,
        connection: Connection,
        inbox: Inbox,
        records: MailRecords,
        words: MailWords,
        clock: Callable[[], datetime],
    ) -> None:
        self.desk = desk
        self._connection, self._inbox, self._records = connection, inbox, records
        self._words, self._clock = words, clock

    async def receive(self, raw: bytes, recipients: tuple[str, ...] = ()) -> Stored:
        """Store a mail; the same mail again changes nothing.

        Args:
            recipients: To whom the envelope says it goes.

        Raises:
            MailTooLong: It is not taken.
            DatabaseUnavailable: It could not be stored; it is to be sent again.
        """
        if len(raw) > self.desk.most_bytes:
            raise MailTooLong(f"the mail has {len(raw):,} bytes; at most {self.desk.most_bytes:,} are taken")
        now = self._clock()
        request = Request(method="MAIL", url=MAIL, headers={_TO: " ".join(recipients)}, body=raw)
        entries = await self.entries(request, now)
        kept = KeptRequest.of(replace(request, body=raw[:KEPT_BYTES]))
        try:
            return await self._store(entries, request, json_text(kept), now)
        except UnstorableValue as error:
            dead = tuple(replace(one, event=None, state=EntryState.DEAD, reason=str(error)) for one in entries)
            return await self._store(dead, request, None, now)

    async def entries(self, request: Request, now: datetime) -> tuple[NewEntry, ...]:
        """The entries to store for a mail; always at least one.

        Raises:
            DatabaseUnavailable: It is not known what it answers.
        """
        recipients = tuple(request.headers.get(_TO, "").split())
        # In a thread: a long mail takes a moment that others should not wait for.
        mail = await asyncio.to_thread(read_mail, request.body, self._words, recipients)
        events = events_of(mail, await self._thread(mail), self.desk.rules, key_of(mail, request.body))
        entries = entries_for(self._connection, events, now)
        if not mail.sender or mail.is_bounce:
            return entries
        if not mail.is_automatic:
            await self._records.alive(mail.sender)
        if await self._records.number_from(mail.sender, now - HOUR) < self.desk.per_hour:
            return entries
        reason = f"more than {self.desk.per_hour} mails of one sender in an hour; that looks like a loop: find it, then retry"
        return tuple(
            replace(one, state=EntryState.DEAD, reason=reason) if one.state is EntryState.STORED else one
            for one in entries
        )

    async def _thread(self, mail: Mail) -> Thread | None:
        base = parse_address(self.desk.address)
        secret = self.desk.secret
        tags = (tag_in(one, base, secret) for one in mail.recipients) if secret else ()
        tagged = next((tag for tag in tags if tag is not None), None)
        ids = (*mail.returned, mail.in_reply_to, *reversed(mail.references))
        thread = await self._records.thread([one for one in ids if one])
        # The signed address decides; the letter's own id says more where it is of the same ticket.
        if tagged is not None and (thread is None or thread.ticket != tagged.ticket):
            return await self._records.thread_of(tagged.ticket, _COLLEAGUE if tagged.to_staff else CUSTOMER)
        return thread

    async def _store(self, entries: tuple[NewEntry, ...], request: Request, kept: str | None, now: datetime) -> Stored:
        return await self._inbox.store(
            MAIL, entries, body_hash=body_hash(request), request=kept, at=now, same_body=self._connection.same_body
        )


def receiver_of(settings: Settings, database: Database, clock: Callable[[], datetime]) -> MailReceiver:
    """The receiver of this process.

    Raises:
        SettingsError: No address is set.
        InvalidFile: The webhook file cannot be used.
    """
    desk = MailDesk.of(settings)
    connection = connections_of(settings, with_secrets=False)[MAIL]
    return MailReceiver(desk, connection, Inbox(database), MailRecords(database), MessageWords(), clock)
