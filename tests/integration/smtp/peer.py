"""A peer that speaks SMTP by hand, so that it can give any answer at any step, and speak TLS as badly as it likes."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from activities.adapters.smtp import SmtpRelay

DONE = "250 2.0.0 OK"


@dataclass(slots=True)
class Peer:
    """What to answer, by step: `connect`, `EHLO`, `LOGIN`, `MAIL`, `RCPT`, `DATA`.

    Attributes:
        answers: In place of the good answer of a step.
        offers: Extensions in the answer to EHLO.
        tls: For STARTTLS, or from the first byte where `implicit` is set.
        heard: Lines that came in, but for the message.
        messages: What came after DATA.
    """

    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()
    tls: ssl.SSLContext | None = None
    implicit: bool = False
    heard: list[str] = field(default_factory=list)
    messages: list[bytes] = field(default_factory=list)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._greet_and_answer(reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def _greet_and_answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _say(writer, self.answers.get("connect", "220 peer.example.com ESMTP"))
        while line := (await reader.readline()).decode("utf-8", "replace").strip():
            self.heard.append(line)
            match line.split(" ")[0].upper():
                case "EHLO" | "HELO" if "EHLO" in self.answers:
                    _say(writer, self.answers["EHLO"])
                case "EHLO":
                    lines = ("peer.example.com", *self.offers)
                    for each in lines[:-1]:
                        _say(writer, f"250-{each}")
                    _say(writer, f"250 {lines[-1]}")
                case "STARTTLS" if self.tls is not None:
                    _say(writer, "220 go ahead")
                    await writer.drain()
                    await writer.start_tls(self.tls)
                case "AUTH":
                    _say(writer, self.answers.get("LOGIN", "235 2.7.0 welcome"))
                case "MAIL" | "RCPT" as step:
                    _say(writer, self.answers.get(step, DONE))
                case "DATA":
                    _say(writer, "354 go on")
                    self.messages.append(await reader.readuntil(b"\r\n.\r\n"))
                    _say(writer, self.answers.get("DATA", DONE))
                case "QUIT":
                    _say(writer, "221 bye")
                    return
                case _:
                    _say(writer, "250 OK")


def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(f"{line}\r\n".encode())


@asynccontextmanager
async def a_peer(peer: Peer, *, seconds: float = 10.0, host: str = "127.0.0.1") -> AsyncIterator[SmtpRelay]:
    """Serve on a free local port."""
    server = await asyncio.start_server(peer.converse, "127.0.0.1", 0, ssl=peer.tls if peer.implicit else None)
    try:
        port = server.sockets[0].getsockname()[1]
        yield SmtpRelay(host=host, port=port, sender="support@example.com", timeout=seconds)
    finally:
        server.close()
        await server.wait_closed()
