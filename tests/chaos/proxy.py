"""A TCP line that can be cut: it forwards everything to a server until it has to fail."""

import asyncio
from collections.abc import Iterable
from contextlib import closing
from types import TracebackType
from typing import Self

from runtime.embedded.ports import HOST

CHUNK = 1 << 16


class Line:
    """One line to one server, on a port of its own.

    Attributes:
        port: Where to connect instead of to the server; the same for as long as the line is there.
    """

    def __init__(self, host: str, port: int) -> None:
        """Describe it; `async with` opens it.

        Args:
            host: The server's.
            port: The server's.
        """
        self._target = (host, port)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[object]] = set()
        self._flows = asyncio.Event()
        self._flows.set()
        self.port = 0

    @property
    def address(self) -> str:
        """Host and port to connect to."""
        return f"{HOST}:{self.port}"

    async def __aenter__(self) -> Self:
        """Open it on any free port."""
        await self._listen()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it and cut off who is connected."""
        await self.refuse()

    async def refuse(self) -> None:
        """Cut off who is connected and turn away who connects, until `restore`."""
        server, self._server = self._server, None
        if server is not None:
            server.close()
        cut = tuple(self._connections)
        for connection in cut:
            connection.cancel()
        await asyncio.gather(*cut, return_exceptions=True)
        if server is not None:
            await server.wait_closed()

    def hang(self) -> None:
        """Let nothing through, in either direction, until `restore`; what is on its way is kept, not lost."""
        self._flows.clear()

    async def restore(self) -> None:
        """Work again, and pass on what was kept."""
        self._flows.set()
        if self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            with closing(writer):
                there, answer = await asyncio.open_connection(*self._target)
                with closing(answer):
                    await self._both_ways((reader, answer), (there, writer))
        except OSError:  # either side hung up, or the server is not there
            pass
        except asyncio.CancelledError:  # cut; asyncio's own server takes a cancelled handler for a fault
            pass
        finally:
            self._connections.discard(task)

    async def _both_ways(self, *ways: tuple[asyncio.StreamReader, asyncio.StreamWriter]) -> None:
        try:
            await self._until_both_end(ways)
        except asyncio.CancelledError:
            for _, writer in ways:
                writer.transport.abort()  # cut: what is still to be written does not arrive
            raise

    async def _until_both_end(self, ways: Iterable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for reader, writer in ways:
                    group.create_task(self._pass_on(reader, writer))
        except* OSError:  # one side hung up; closing ours notifies the other
            pass

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            await self._flows.wait()
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
