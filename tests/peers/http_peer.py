"""An HTTP server by hand, so that it can hang, reset, redirect and answer without end at any moment."""

import asyncio
import json
import ssl
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeAlias
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What came in; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def arguments(self) -> dict[str, Any]:
        """The body as JSON, or as a form."""
        if "json" in self.headers.get("content-type", ""):
            found = json.loads(self.body)
            assert isinstance(found, dict)
            return found
        return dict(parse_qsl(self.body.decode()))


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200) -> Answer:
    """An answer in JSON."""
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset; `after` the request was carried out, or before."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer comes; `after` the request was carried out, or before."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Endless:
    """An answer without an end."""


Fault: TypeAlias = Answer | Reset | Hang | Endless


class HttpPeer:
    """A server; a subclass says in `answer` what the vendor does.

    Attributes:
        requests: All that came in.
        faults: What happens to the next requests instead, one each.
        outage: What happens to every request instead, while it is set.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self.faults: deque[Fault] = deque()
        self.outage: Fault | None = None
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._busy: set[asyncio.Task[None]] = set()

    def answer(self, request: Request) -> Answer:
        """What the vendor answers."""
        raise NotImplementedError

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None, "not started"
        port = self._server.sockets[0].getsockname()[1]
        assert isinstance(port, int)
        return port

    @property
    def url(self) -> str:
        """Without a path."""
        return f"{'https' if self._tls else 'http'}://localhost:{self.port}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._converse, "127.0.0.1", 0, ssl=self._tls)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in tuple(self._busy):
            task.cancel()
        await asyncio.gather(*self._busy, return_exceptions=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._busy.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await self._serve(await _read(reader), writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._busy.discard(task)
            writer.close()

    async def _serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.requests.append(request)
        fault = self.faults.popleft() if self.faults else self.outage
        match fault:
            case None:
                await _write(writer, self.answer(request))
            case Answer():
                await _write(writer, fault)
            case Reset(after=after) | Hang(after=after):
                if after:
                    self.answer(request)
                if isinstance(fault, Reset):
                    writer.transport.abort()
                else:
                    await asyncio.Event().wait()
            case Endless():
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
                while True:
                    writer.write(b" " * 65_536)
                    await writer.drain()


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, urlsplit(target).path, headers, body)


async def _write(writer: asyncio.StreamWriter, answer: Answer) -> None:
    lines = [f"HTTP/1.1 {answer.status} Said", *(f"{name}: {value}" for name, value in answer.headers.items())]
    lines += [f"Content-Length: {len(answer.body)}", "Connection: close", "", ""]
    writer.write("\r\n".join(lines).encode("latin-1") + answer.body)
    await writer.drain()
