"""Servers to connect to that are not as they should be."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Self

from runtime.embedded.ports import HOST
from tests.integration.ground.certificates import Certificates

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A server on a free port; use it as `async with Peer(handler) as peer`."""

    def __init__(self, handler: Handler, context: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._context = context
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._over = False
        self.port = 0

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, HOST, 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self._over = True
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._over:  # its TLS handshake ended after the server was closed
            writer.transport.abort()
            return
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._handler(reader, writer)
        except asyncio.CancelledError:
            pass  # the test is over
        finally:
            writer.transport.abort()


class TlsLine(Peer):
    """TLS before a plain server."""

    def __init__(self, target: str, certificates: Certificates, *, asks_for_certificate: bool) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates["server.pem"], certificates["server.key"])
        context.set_alpn_protocols(["h2"])
        if asks_for_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(certificates["authority.pem"])
        super().__init__(self._carry, context)
        self._target = target

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, _, port = self._target.partition(":")
        there, back = await asyncio.open_connection(host, int(port))
        try:
            await asyncio.gather(pump(reader, back), pump(there, writer))
        finally:
            back.transport.abort()


class RefusingTemporal(Peer):
    """Speaks gRPC, answers the first calls with an empty message, and refuses all after them.

    Args:
        status: The gRPC status of its refusals.
        answered: How many calls it answers first.
        then: The status of its refusals from the second on, if another.
    """

    def __init__(self, status: int, *, answered: int = 0, then: int | None = None) -> None:
        super().__init__(self._speak)
        self._status = status
        self._left = answered
        self._then = status if then is None else then

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(len(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        writer.write(_frame(_SETTINGS))
        while True:
            head = await reader.readexactly(9)
            length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
            payload = await reader.readexactly(length)
            stream = int.from_bytes(head[5:], "big")
            if kind == _SETTINGS and not flags & _ACK:
                writer.write(_frame(_SETTINGS, _ACK))
            elif kind == _PING and not flags & _ACK:
                writer.write(_frame(_PING, _ACK, payload=payload))
            elif stream and flags & _END_STREAM:
                writer.write(self._answer(stream))

    def _answer(self, stream: int) -> bytes:
        begin = b"\x88" + _header("content-type", "application/grpc")
        if self._left:
            self._left -= 1
            empty = bytes(5)
            return (
                _frame(_HEADERS, _END_HEADERS, stream, begin)
                + _frame(_DATA, 0, stream, empty)
                + _frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, _header("grpc-status", "0"))
            )
        refusal = _header("grpc-status", str(self._status)) + _header("grpc-message", "Request unauthorized.")
        self._status = self._then
        return _frame(_HEADERS, _END_HEADERS | _END_STREAM, stream, begin + refusal)


_DATA, _HEADERS, _SETTINGS, _PING = 0, 1, 4, 6
_ACK, _END_STREAM, _END_HEADERS = 1, 1, 4


def _frame(kind: int, flags: int = 0, stream: int = 0, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _header(name: str, value: str) -> bytes:
    return b"\x00" + bytes((len(name),)) + name.encode() + bytes((len(value),)) + value.encode()


async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Carry bytes until one end closes."""
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()
