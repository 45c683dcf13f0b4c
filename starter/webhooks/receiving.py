"""Takes webhooks in: verified, read and stored, in one go, before the sender gets an answer.

`entries_of` decides what is stored; the server, `escalations webhooks check` and `retry` share it.
"""

import asyncio
import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from pydantic_core import PydanticSerializationError

from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.wire import json_text
from activities.errors import UnstorableValue
from activities.ports.connections import Connection, Connections
from activities.ports.inbox import EntryState, NewEntry, Stored
from escalation.bounds import CLOCKS_APART, TicketId, accepted_as
from escalation.case.codec import from_json
from escalation.errors import InvalidCommand
from escalation.intake.answering import proof_for, reply_to
from escalation.intake.delivery import BY_BODY, DeskEvent, EventKind, Known, Request, Unreadable, Words
from escalation.intake.planning import plan
from escalation.intake.reading import read
from escalation.intake.signatures import verify
from escalation.intake.subject import order_group

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization"})
_SECRET_WORDS = ("signature", "secret", "token", "key", "password", "auth")


class UnknownSource(Exception):
    """No source of this name is in the webhook file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """The result of a request."""

    stored: Stored
    reply: str  # JSON for the sender; empty for none


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRequest:
    """The stored part of a request, without headers that might be secrets."""

    method: str
    url: str
    headers: dict[str, str]
    body: str = field(repr=False)  # in Base64

    @classmethod
    def of(cls, request: Request) -> "KeptRequest":
        """The stored part of this request."""
        headers = {name: value for name, value in request.headers.items() if not _is_secret(name)}
        url = request.url.partition("?")[0]
        return cls(method=request.method, url=url, headers=headers, body=base64.b64encode(request.body).decode())

    def request(self) -> Request:
        """The request, to read it again."""
        return Request(method=self.method, url=self.url, headers=self.headers, body=base64.b64decode(self.body))

    @classmethod
    def from_json(cls, text: str) -> "KeptRequest":
        """Read what `json_text` wrote."""
        return from_json(cls, text)


def entries_of(connection: Connection, request: Request, words: Words, now: datetime) -> tuple[NewEntry, ...]:
    """The entries to store for a request; always at least one. An unreadable body becomes a dead letter, never an error."""
    try:
        delivery = read(connection.source, request, words)
    except Unreadable as error:
        return (_dead(request, f"cannot be read: {error}"),)
    nothing = NewEntry(key=delivery.key, state=EntryState.IGNORED, reason="it says nothing about a ticket")
    return entries_for(connection, delivery.events, now) or (nothing,)


def _dead(request: Request, reason: str) -> NewEntry:
    return NewEntry(key=f"{BY_BODY}{body_hash(request)}", state=EntryState.DEAD, reason=reason)


def entries_for(connection: Connection, events: Iterable[DeskEvent], now: datetime) -> tuple[NewEntry, ...]:
    """Events as they are stored: to be applied, ignored, or dead with a reason."""
    return tuple(_entries(connection, events, now))


def _entries(connection: Connection, events: Iterable[DeskEvent], now: datetime) -> Iterator[NewEntry]:
    for event in events:
        planned = plan(event, connection.source, Known(now=now, people=connection.people, latest={}))
        ticket, state, reason = event.ticket or planned.ticket, EntryState.STORED, ""
        if event.problem:
            state, reason = EntryState.DEAD, event.problem
        elif not ticket or event.kind is EventKind.OTHER:
            state, reason = EntryState.IGNORED, planned.ignored or "it is about no ticket"
        elif not _is_ticket(ticket):
            ticket, state, reason = "", EntryState.DEAD, "the ticket's id is too long, or has characters that ids lack"
        elif event.is_ours:
            state, reason = EntryState.IGNORED, planned.ignored
        try:
            text = json_text(event)
        except PydanticSerializationError:
            yield NewEntry(key=event.key, state=EntryState.DEAD, reason="a text in it is not Unicode")
            continue
        yield NewEntry(
            key=event.key,
            ticket=ticket,
            kind=event.kind,
            fact=order_group(event),
            # A sender whose clock is years ahead must not outdate everything that comes after it.
            at=event.at if event.at is not None and event.at - now <= CLOCKS_APART else None,
            state=state,
            reason=reason,
            event=text,
        )


class Receiver:
    """Receives webhooks."""

    def __init__(self, connections: Connections, inbox: Inbox, words: Words, clock: Callable[[], datetime]) -> None:
        self._connections, self._inbox, self._words, self._clock = connections, inbox, words, clock

    def prove(self, source: str, request: Request) -> str:
        """Our proof that we know the secret, for a sender that asks before it sends; empty where it asks for none.

        Raises:
            UnknownSource: The webhook file has none of this name.
            SignatureRefused: It is not asked by someone who knows the secret.
        """
        connection = self._of(source)
        return proof_for(connection.source, request, connection.secrets)

    def require_known(self, source: str) -> None:
        """Nothing where the webhook file has it.

        Raises:
            UnknownSource: It does not.
        """
        self._of(source)

    def _of(self, source: str) -> Connection:
        connection = self._connections.get(source)
        if connection is None:
            raise UnknownSource(source)
        return connection

    async def receive(self, source: str, request: Request, *, is_vouched_for: bool = False) -> Received:
        """Verify a request and store what it says.

        Args:
            is_vouched_for: Whether one of our API keys came with it; then no signature is needed.

        Raises:
            UnknownSource: The webhook file has none of this name.
            SignatureRefused: It was not signed by someone who knows the secret.
            DatabaseUnavailable: It could not be stored; the sender is to send it again.
        """
        connection = self._of(source)
        now = self._clock()
        if not is_vouched_for:
            verify(connection.source, request, connection.secrets, now)
        # In a thread: a long message takes a moment that other requests should not wait for.
        entries = await asyncio.to_thread(entries_of, connection, request, self._words, now)
        try:
            stored = await self._store(connection, entries, request, json_text(KeptRequest.of(request)), now)
        except UnstorableValue as error:
            stored = await self._store(connection, (_dead(request, str(error)),), request, None, now)
        return Received(stored=stored, reply=reply_to(connection.source, request))

    async def _store(
        self, connection: Connection, entries: tuple[NewEntry, ...], request: Request, kept: str | None, now: datetime
    ) -> Stored:
        return await self._inbox.store(
            connection.source.name,
            entries,
            body_hash=body_hash(request),
            request=kept,
            at=now,
            same_body=connection.same_body,
        )


def body_hash(request: Request) -> str:
    """SHA-256 of the body, hex."""
    return hashlib.sha256(request.body).hexdigest()


def _is_secret(header: str) -> bool:
    return header in _SECRET_HEADERS or any(word in header for word in _SECRET_WORDS)


def _is_ticket(ticket: str) -> bool:
    try:
        accepted_as(TicketId, ticket, "ticket")
    except InvalidCommand:
        return False
    return True
