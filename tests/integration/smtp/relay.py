"""A real SMTP server in the test's own event loop, told per recipient what to answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from activities.adapters.smtp import SmtpRelay
from activities.ports.sending import Envelope as Message

MESSAGE = Message(
    key="escalation-T-1/update/1/customer",
    thread="escalation-T-1",
    address="zoe@example.org",
    name="Zoë Müller",
    subject="[T-1] Grüße",
    body="Guten Tag Zoë,\n\n.\n.punkt\n",
    language="de",
    at=datetime(2026, 3, 27, 15, 0, tzinfo=UTC),
)


def to(address: str) -> Message:
    return replace(MESSAGE, address=address)


@dataclass
class Handler:
    """Answers as told; keeps what it accepts.

    Attributes:
        answers: What to answer to a recipient, instead of accepting it.
        after_data: What to answer to a message, instead of accepting it.
        silent: While unset, an answer to a message does not come.
        hangs_up: Close the connection instead of answering a message.
    """

    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 2.0.0 Kept for zoe@example.org"
    silent: asyncio.Event | None = None
    hangs_up: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    # The names are aiosmtpd's own.

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.mails.append(message_from_bytes(content, _class=EmailMessage, policy=default))
        self.recipients.extend(envelope.rcpt_tos)
        if self.hangs_up and server.transport is not None:
            server.transport.close()
        if self.silent is not None:
            await self.silent.wait()
        return self.after_data


@asynccontextmanager
async def a_relay(handler: Handler, *, utf8: bool = False, seconds: float = 10.0) -> AsyncIterator[SmtpRelay]:
    """Serve on a free local port; its conversations end with it."""
    conversations: list[SMTP] = []

    def converse() -> SMTP:
        conversations.append(SMTP(handler, hostname="relay.example.com", enable_SMTPUTF8=utf8))
        return conversations[-1]

    server = await asyncio.get_running_loop().create_server(converse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield SmtpRelay(host="127.0.0.1", port=port, sender="support@example.com", timeout=seconds)
    finally:
        server.close()
        if handler.silent is not None:
            handler.silent.set()
        for conversation in conversations:
            if conversation.transport is not None:
                conversation.transport.close()
        await server.wait_closed()
