"""A pooler that gives each transaction another connection, as PgBouncer does with `pool_mode = transaction`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from runtime.embedded.ports import HOST
from tests.integration.ground.peers import Peer
from tests.integration.postgres.server import Server

_TRACKED = frozenset(
    {
        "user",
        "database",
        "client_encoding",
        "datestyle",
        "timezone",
        "standard_conforming_strings",
        "application_name",
    }
)
"""Parameters of a session that such a pooler carries over; it refuses others."""

_ANY_PID = 77_000_000


@dataclass(eq=False)
class _Backend:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


@dataclass(eq=False)
class TransactionPooler:
    """Logs clients in on connections of their own, then shares those among all: the next transaction takes the next one.

    Attributes:
        by_statement: Refuse transactions of several statements, as `pool_mode = statement` does.
        shared: How many transactions ran on a connection that another client had logged in.
    """

    port: int
    by_statement: bool = False
    shared: int = 0
    _free: "asyncio.Queue[_Backend]" = field(default_factory=asyncio.Queue)
    _mine: dict[_Backend, int] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client, from its start-up message to its end."""
        length = int.from_bytes(await reader.readexactly(4), "big")
        startup = await reader.readexactly(length - 4)
        words = startup[4:].split(b"\0")
        for name in words[::2]:
            if name and name.decode().lower() not in _TRACKED:
                writer.write(_error(b"08P01", b"unsupported startup parameter: " + name))
                return
        there, back = await asyncio.open_connection(HOST, self.port)
        back.write(length.to_bytes(4, "big") + startup)
        await self._log_in(reader, writer, _Backend(there, back))
        while True:
            await self._transaction(reader, writer)

    async def close(self) -> None:
        while not self._free.empty():
            self._free.get_nowait().writer.transport.abort()

    async def _log_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, backend: _Backend) -> None:
        while True:
            kind, body = await _message(backend.reader)
            if kind == b"K":
                body = _ANY_PID.to_bytes(4, "big") + body[4:]
            writer.write(_packed(kind, body))
            if kind == b"Z":
                self._mine[backend] = id(reader)
                self._free.put_nowait(backend)
                return
            if kind == b"R" and int.from_bytes(body[:4], "big") in {3, 5, 10, 11}:
                answer_kind, answer = await _message(reader)
                backend.writer.write(_packed(answer_kind, answer))

    async def _transaction(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await _message(reader)
        if first[0] == b"X":
            raise ConnectionResetError
        backend = await self._free.get()
        self.shared += self._mine[backend] != id(reader)
        pending: tuple[bytes, bytes] | None = first
        try:
            while True:
                kind, body = pending or await _message(reader)
                pending = None
                backend.writer.write(_packed(kind, body))
                if kind in {b"S", b"Q"} and await self._relay(backend, writer):
                    break
                if kind == b"H":
                    await self._flushed(backend, writer)
        finally:
            self._free.put_nowait(backend)

    async def _relay(self, backend: _Backend, writer: asyncio.StreamWriter) -> bool:
        """Carry answers up to "ready for query"; whether no transaction is open then."""
        while True:
            kind, body = await _message(backend.reader)
            if kind == b"Z" and body != b"I" and self.by_statement:
                writer.write(_error(b"08P01", b"transaction blocks not allowed in statement pooling mode"))
                raise ConnectionResetError
            writer.write(_packed(kind, body))
            if kind == b"Z":
                return body == b"I"

    async def _flushed(self, backend: _Backend, writer: asyncio.StreamWriter) -> None:
        """Carry what a description needs: it ends with the shape of the rows, or with an error."""
        while True:
            kind, body = await _message(backend.reader)
            writer.write(_packed(kind, body))
            if kind in {b"T", b"n", b"E"}:
                return


@asynccontextmanager
async def pooler_to(server: Server, *, by_statement: bool = False) -> AsyncIterator[tuple[Peer, TransactionPooler]]:
    """A pooler before a server; its port is the peer's."""
    pooler = TransactionPooler(server.port, by_statement=by_statement)
    async with Peer(pooler.serve) as peer:
        yield peer, pooler
    await pooler.close()


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind = await reader.readexactly(1)
    length = int.from_bytes(await reader.readexactly(4), "big")
    return kind, await reader.readexactly(length - 4)


def _packed(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


def _error(code: bytes, message: bytes) -> bytes:
    return _packed(b"E", b"SFATAL\0VFATAL\0C" + code + b"\0M" + message + b"\0\0")
