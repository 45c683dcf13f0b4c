"""A line over real sockets: it passes everything on, until it has to fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runtime.embedded.ports import HOST
from tests.chaos.proxy import CHUNK, Line

SOON = 5.0
MOMENT = 0.05
"""Long enough for loopback to have delivered, were anything delivered."""

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Echo:
    """A server that says everything back, and counts the bytes it received."""

    def __init__(self) -> None:
        self.heard = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1 << 16):
            self.heard += len(chunk)
            writer.write(chunk)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def line_to(echo: Echo) -> AsyncIterator[Line]:
    server = await asyncio.start_server(echo, HOST, 0)
    async with server, Line(HOST, server.sockets[0].getsockname()[1]) as line:
        yield line


@asynccontextmanager
async def connected(line: Line) -> AsyncIterator[Ends]:
    reader, writer = await asyncio.open_connection(HOST, line.port)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()


async def said_back(ends: Ends, text: bytes) -> bytes:
    reader, writer = ends
    writer.write(text)
    async with asyncio.timeout(SOON):
        return await reader.readexactly(len(text))


async def until_hung_up(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(SOON):
        try:
            return await reader.read()
        except ConnectionError:
            return b""


async def test_what_is_said_arrives_and_so_does_the_answer() -> None:
    async with line_to(Echo()) as line, connected(line) as one, connected(line) as other:
        assert await said_back(one, b"hello") == b"hello"
        assert await said_back(other, b"good day") == b"good day"


async def test_more_than_a_chunk_arrives_whole_and_in_order() -> None:
    text = bytes(range(256)) * (3 * CHUNK // 256)
    async with line_to(Echo()) as line, connected(line) as ends:
        assert await said_back(ends, text) == text


async def test_who_says_goodbye_still_gets_the_answer() -> None:
    async with line_to(Echo()) as line, connected(line) as (reader, writer):
        writer.write(b"last words")
        writer.write_eof()
        assert await until_hung_up(reader) == b"last words"


async def test_a_line_that_refuses_cuts_off_who_is_connected_and_turns_away_who_comes() -> None:
    async with line_to(Echo()) as line, connected(line) as ends:
        await said_back(ends, b"hello")
        await line.refuse()
        assert await until_hung_up(ends[0]) == b""
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(HOST, line.port)


async def test_a_restored_line_works_again_on_the_same_port() -> None:
    async with line_to(Echo()) as line:
        port = line.port
        await line.refuse()
        await line.restore()
        assert line.port == port
        async with connected(line) as ends:
            assert await said_back(ends, b"hello") == b"hello"


async def test_a_line_that_hangs_accepts_and_lets_nothing_through() -> None:
    echo = Echo()
    async with line_to(echo) as line, connected(line) as before:
        await said_back(before, b"hello")
        line.hang()
        async with connected(line) as since:
            for _, writer in (before, since):
                writer.write(b"anybody there?")
            for reader, _ in (before, since):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(reader.read(1), MOMENT)
        assert echo.heard == len(b"hello")


async def test_what_was_said_while_it_hung_arrives_once_when_it_is_over() -> None:
    echo = Echo()
    async with line_to(echo) as line, connected(line) as (reader, writer):
        line.hang()
        writer.write(b"one ")
        await writer.drain()
        writer.write(b"two")
        await line.restore()
        async with asyncio.timeout(SOON):
            assert await reader.readexactly(7) == b"one two"
        assert echo.heard == 7


async def test_what_hung_when_the_line_was_cut_never_arrives() -> None:
    echo = Echo()
    async with line_to(echo) as line, connected(line) as (reader, writer):
        line.hang()
        writer.write(b"never")
        await line.refuse()
        assert await until_hung_up(reader) == b""
        await line.restore()
        async with connected(line) as ends:
            assert await said_back(ends, b"later") == b"later"
        assert echo.heard == len(b"later")


async def test_without_a_server_behind_it_the_line_hangs_up() -> None:
    async with await asyncio.start_server(Echo(), HOST, 0) as gone:
        port = gone.sockets[0].getsockname()[1]
    async with Line(HOST, port) as line, connected(line) as (reader, _):
        assert await until_hung_up(reader) == b""


async def test_a_line_leaves_nothing_running_behind() -> None:
    before = asyncio.all_tasks()
    async with line_to(Echo()) as line, connected(line) as ends:
        await said_back(ends, b"hello")
        line.hang()
        ends[1].write(b"held")
    left = asyncio.all_tasks() - before
    if left:
        _, pending = await asyncio.wait(left, timeout=SOON)
        assert not pending
