"""Accepts mail by SMTP or LMTP, for our own addresses only, and answers only once it is stored."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.errors import DatabaseUnavailable
from activities.ports.inbox import Stored
from runtime.settings import PREFIX, Settings, SettingsError
from starter.mail.receiving import MailDesk, MailTooLong

STORE_SECONDS = 30.0  # how long storing may take; a mail server waits for minutes
IDLE_SECONDS = 120.0
MOST_AT_ONCE = 100  # connections at the same time; a further one is asked to come again
MOST_RECIPIENTS = 50
LONGEST_LINE = 1_000_000
"""Bytes of a line. RFC 5322 has 998, but programs write whole pages and files in one, and to refuse them loses words."""
MOST_HOPS = 50  # `Received` lines of a mail; one with more goes in circles

log = structlog.stdlib.get_logger("mail")
# At INFO the library writes whole dialogues, with what people's mail servers said in them.
logging.getLogger("mail.log").setLevel(logging.WARNING)


class Receiver(Protocol):
    """Stores mail."""

    desk: MailDesk

    async def receive(self, raw: bytes, recipients: tuple[str, ...] = ()) -> Stored:
        """See `starter.mail.receiving.MailReceiver`."""


class _Handler:
    """Answers what aiosmtpd asks; the names are its own.

    Args:
        wake: Called when something was stored that is to be applied.
        each: Whether each recipient gets an answer of its own, as LMTP wants it.
    """

    def __init__(self, receiver: Receiver, wake: Callable[[], None], *, each: bool) -> None:
        self._receiver, self._wake, self._each = receiver, wake, each

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self._receiver.desk.takes(address):
            return "550 5.1.1 No such mailbox here, and no mail is relayed"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = await self._answer(envelope)
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self._each else answer

    async def handle_exception(self, error: Exception) -> str:
        log.error("mail not taken", error=type(error).__name__)
        return "451 4.3.0 An error here; try again later"

    async def _answer(self, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        if raw.partition(b"\r\n\r\n")[0].lower().count(b"\nreceived:") > MOST_HOPS:
            return "554 5.4.6 This mail goes in circles"
        try:
            async with asyncio.timeout(STORE_SECONDS):
                stored = await self._receiver.receive(raw, tuple(envelope.rcpt_tos))
        except MailTooLong as error:
            return f"552 5.3.4 {error}"
        except (DatabaseUnavailable, TimeoutError) as error:
            log.warning("mail deferred", error=type(error).__name__)
            return "451 4.3.0 The mail could not be stored; try again later"
        log.info("mail stored", new=stored.new, repeated=stored.repeated)
        if stored.waiting:
            self._wake()
        return "250 2.0.0 Stored"


class _Open:
    """The connections of a listener."""

    def __init__(self) -> None:
        self.all = set[asyncio.BaseTransport]()


class _Conversation(SMTP):
    """One connection, which a stop cuts."""

    connections: _Open
    line_length_limit = LONGEST_LINE

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if len(self.connections.all) >= MOST_AT_ONCE and isinstance(transport, asyncio.WriteTransport):
            transport.write(b"421 4.3.2 Too many connections; try again later\r\n")
            transport.close()
        self.connections.all.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.transport is not None:
            self.connections.all.discard(self.transport)
        super().connection_lost(error)


class _LmtpConversation(_Conversation, LMTP):
    """The same by LMTP."""


@asynccontextmanager
async def listening(settings: Settings, receiver: Receiver, wake: Callable[[], None]) -> AsyncIterator[str]:
    """Take mail within the block, where the settings say where; gives the address, empty for none.

    Args:
        wake: Called when something was stored that is to be applied.

    Raises:
        SettingsError: The port is in use, or the address is not one of this machine.
    """
    if settings.mail_in_listen is None:
        yield ""
        return
    is_lmtp = settings.mail_in_protocol == "lmtp"
    handler = _Handler(receiver, wake, each=is_lmtp)
    loop, connections = asyncio.get_running_loop(), _Open()

    def conversation() -> SMTP:
        kind = _LmtpConversation if is_lmtp else _Conversation
        made = kind(
            handler,
            data_size_limit=receiver.desk.most_bytes,
            enable_SMTPUTF8=True,
            hostname=receiver.desk.address.rpartition("@")[2],
            ident="escalations",
            timeout=IDLE_SECONDS,
            loop=loop,
        )
        made.connections = connections
        return made

    host, _, port = settings.mail_in_listen.rpartition(":")
    try:
        server = await loop.create_server(conversation, host.strip("[]"), int(port))
    except OSError as error:
        raise SettingsError(
            f"{PREFIX}MAIL_IN_LISTEN: cannot listen on {settings.mail_in_listen} ({(error.strerror or str(error)).lower()}); "
            "write a free port of this machine, for example 127.0.0.1:2525"
        ) from error
    log.info("mail server ready", address=settings.mail_in_listen, protocol=settings.mail_in_protocol)
    try:
        yield settings.mail_in_listen
    finally:
        server.close()
        for one in tuple(connections.all):
            if isinstance(one, asyncio.WriteTransport):
                one.abort()
        await server.wait_closed()
