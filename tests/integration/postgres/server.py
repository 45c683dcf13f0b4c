"""A real PostgreSQL in a folder of its own, and a place between it and the program where the line can be cut."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from runtime.embedded.ports import HOST
from runtime.embedded.postgres import EmbeddedPostgres


class Server:
    """An embedded server that can be stopped and started again, at the same address."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server

    def dsn(self, database: str = "postgres") -> str:
        return urlunsplit(urlsplit(self._server.dsn)._replace(path=f"/{database}"))

    @property
    def port(self) -> int:
        port = urlsplit(self._server.dsn).port
        assert port is not None
        return port

    async def hurry(self) -> None:
        """Trade durability, which no test here asks about, for speed."""
        await _administer(self, "alter system set fsync = off")
        await _administer(self, "select pg_reload_conf()")

    async def stop(self) -> None:
        await self._server.stop()

    async def start(self) -> None:
        await self._server.start()


@asynccontextmanager
async def running_server() -> AsyncIterator[Server]:
    """Start one, and leave nothing of it behind."""
    folder = Path(tempfile.mkdtemp(prefix="escalations-pg-"))
    server = EmbeddedPostgres(folder)
    try:
        await server.start()
        yield Server(server)
    finally:
        await server.stop()
        await asyncio.to_thread(shutil.rmtree, folder)


async def create_database(server: Server, name: str) -> str:
    """A database of this name, and its address."""
    await _administer(server, f'create database "{name}"')
    return server.dsn(name)


async def drop_database(server: Server, name: str) -> None:
    """Remove it, even with open connections."""
    await _administer(server, f'drop database "{name}" with (force)')


async def _administer(server: Server, statement: str) -> None:
    connection = await asyncpg.connect(server.dsn())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class Line:
    """A TCP port that leads to the server until it is cut.

    Attributes:
        silent: While set, whatever is sent disappears, as with a cable that was pulled.
    """

    def __init__(self, database: int) -> None:
        self._database = database
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.silent = False

    def connect(self) -> None:
        listener = socket.create_server((HOST, self.port))
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        # Not asyncio's own server: that one leaks a connection that comes in while it is being closed.
        asyncio.get_running_loop().add_reader(listener, self._accept, listener)
        self._listener = listener

    async def cut(self) -> None:
        """The port is closed, and open connections are reset."""
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
        while self._tasks:
            # Again and again: one that was just accepted opens its other end only now.
            for writer in tuple(self._open):
                writer.transport.abort()
            await asyncio.wait(tuple(self._tasks), timeout=0.05)

    def _accept(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        connection.setblocking(False)
        task = asyncio.create_task(self._carry(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_connection(sock=connection)
        self._open.add(writer)
        with suppress(OSError):
            there, back = await asyncio.open_connection(HOST, self._database)
            self._open.add(back)
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        writer.transport.abort()
        self._open.discard(writer)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                if not self.silent:
                    target.write(data)
                    await target.drain()
        target.close()
        self._open.discard(target)


@asynccontextmanager
async def line_to(server: Server) -> AsyncIterator[Line]:
    """A line to the server, connected."""
    line = Line(server.port)
    line.connect()
    try:
        yield line
    finally:
        line.silent = False
        await line.cut()
