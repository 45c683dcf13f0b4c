"""A mail relay that stores mail instead of delivering it, for the demo and for tests.

It runs in the caller's own event loop. Tell it to refuse or defer a recipient, or to be down, to see what the
program does then.
"""

import asyncio
import email.policy
import re
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from runtime.embedded.ports import HOST, PortBook
from runtime.embedded.record import SmtpRecord

_PORT_NAME = "smtp"
_FILE_NAME = re.compile(r"(\d+)\.eml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedMessage:
    """One message as it arrived."""

    sender: str  # the envelope's sender, which bounces would go to
    recipients: tuple[str, ...]  # the envelope's recipients that were accepted
    message: EmailMessage  # headers and body, parsed
    content: bytes  # the very bytes

    @property
    def message_id(self) -> str:
        """The `Message-ID` header; empty when there is none."""
        return str(self.message.get("Message-ID", ""))


class SmtpSink:
    """Keeps received mail in memory and as numbered `.eml` files in `folder`."""

    def __init__(self, folder: Path, *, ports: PortBook | None = None) -> None:
        """Describe it, with the folder for the `.eml` files; `start` opens its port."""
        self._folder = folder
        self._ports = ports
        self._server: asyncio.Server | None = None
        self._sessions: set[_Conversation] = set()
        self._answers: dict[str, str] = {}
        self._arrived = asyncio.Event()
        self._number = 0
        self.messages: list[ReceivedMessage] = []
        """What arrived since this object was made, oldest first."""
        self.host = HOST
        self.port = 0

    @property
    def record(self) -> SmtpRecord:
        """Return its entry for `stack.json`."""
        return SmtpRecord(host=self.host, port=self.port)

    async def start(self) -> None:
        """Open the port: the same one as before, if there was one. Starting twice is fine."""
        if self._server is not None:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        numbers = (_FILE_NAME.fullmatch(path.name) for path in self._folder.iterdir())
        self._number = max((int(match[1]) for match in numbers if match), default=0)
        wanted = self.port or (self._ports.take(_PORT_NAME) if self._ports is not None else 0)
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Conversation(self), self.host, wanted)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and drop all connections: the relay is down until `start`."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        for session in tuple(self._sessions):
            session.hang_up()
        await server.wait_closed()

    def refuse(self, recipient: str) -> None:
        """From now on this recipient does not exist: 550, for good."""
        self._answers[recipient.casefold()] = "550 5.1.1 No such mailbox here"

    def defer(self, recipient: str) -> None:
        """From now on this recipient can't be served at the moment: 451, try again later."""
        self._answers[recipient.casefold()] = "451 4.3.0 Try again later"

    def accept(self, recipient: str) -> None:
        """From now on this recipient is served again."""
        self._answers.pop(recipient.casefold(), None)

    def messages_to(self, recipient: str) -> list[ReceivedMessage]:
        """The mail that arrived for one recipient, oldest first."""
        wanted = recipient.casefold()
        return [each for each in self.messages if wanted in (address.casefold() for address in each.recipients)]

    async def wait_for(
        self, wanted: Callable[[list[ReceivedMessage]], bool], *, within: float = 30.0
    ) -> list[ReceivedMessage]:
        """Wait until what arrived is as wanted; return it.

        Args:
            wanted: Asked at once and after each arrival, with everything that arrived.
            within: Seconds to wait at most.

        Raises:
            TimeoutError: it didn't come to that.
        """
        async with asyncio.timeout(within):
            while not wanted(self.messages):
                self._arrived.clear()
                await self._arrived.wait()
        return list(self.messages)

    # What aiosmtpd asks of a handler; the names are its own.

    async def handle_RCPT(  # noqa: N802, D102
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._answers.get(address.casefold())
        if answer is not None:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802, D102
        content = envelope.original_content or b""
        self._number += 1
        path = self._folder / f"{self._number:06}.eml"
        await asyncio.to_thread(path.write_bytes, content)
        message = message_from_bytes(content, _class=EmailMessage, policy=email.policy.default)
        received = ReceivedMessage(
            sender=envelope.mail_from or "", recipients=tuple(envelope.rcpt_tos), message=message, content=content
        )
        self.messages.append(received)
        self._arrived.set()
        return "250 2.0.0 Kept"


class _Conversation(SMTP):
    """One client's connection, which the sink can cut."""

    def __init__(self, sink: SmtpSink) -> None:
        super().__init__(sink, hostname="localhost", enable_SMTPUTF8=True, loop=asyncio.get_running_loop())
        self._sink = sink

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._sink._sessions.add(self)  # noqa: SLF001 - the sink's own other half
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._sessions.discard(self)  # noqa: SLF001 - the sink's own other half
        super().connection_lost(error)

    def hang_up(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()
