"""Runs the application on a port until a stop is asked for."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from runtime.settings import Settings, SettingsError

log = structlog.stdlib.get_logger("http")

IDLE_SECONDS = 30  # how long a connection is kept for its next request
MOST_AT_ONCE = 500  # connections and requests served at the same time; others are answered with 503


class _Server(uvicorn.Server):
    """A server that leaves the process's signals to us."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listening(settings: Settings, *, or_any_port: bool = False) -> socket.socket:
    """A socket on the address of the settings.

    Args:
        or_any_port: Take a free port where that one is in use.

    Raises:
        SettingsError: The port is in use, or the address is not one of this machine.
    """
    host, port = settings.http_host, settings.http_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen()  # so that a caller who reads the address may connect at once
    except OSError as error:
        if or_any_port and port:
            opened.close()
            return listening(settings.model_copy(update={"http_port": 0}))
        opened.close()
        raise SettingsError(
            f"ESCALATIONS_HTTP_PORT: cannot listen on {host}:{port} ({(error.strerror or str(error)).lower()}); "
            "write a free port of this machine, for example 8089"
        ) from error
    return opened


def address_of(listener: socket.socket) -> str:
    """The URL of the server on this socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: ASGIApp, listener: socket.socket, settings: Settings, stop: asyncio.Event) -> None:
    """Serve until the stop is set; requests under way are finished.

    Args:
        app: From `create_app`.
        listener: From `listening`.
        settings: How long requests may take to finish.
        stop: Set to end it; it is set as well when the server ended by itself.
    """
    server = _Server(
        uvicorn.Config(
            app,
            http=TimedHttp,
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            # By itself uvicorn believes what callers on this machine say of where they come from.
            proxy_headers=bool(settings.http_proxies),
            forwarded_allow_ips=[str(network) for network in settings.http_proxies],
            timeout_keep_alive=IDLE_SECONDS,
            limit_concurrency=MOST_AT_ONCE,
            timeout_graceful_shutdown=settings.graceful_shutdown_seconds,
        )
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    running.add_done_callback(lambda _: stop.set())
    log.info("http server ready", url=address_of(listener))
    await stop.wait()
    log.info("http server stopping")
    server.should_exit = True
    await running


HEAD_SECONDS = 10.0
"""How long a caller may take to send the head of a request, and to end one that was answered already."""


class TimedHttp(H11Protocol):
    """HTTP on one connection; uvicorn itself only bounds how long it waits between requests."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._closing: asyncio.TimerHandle | None = None
        self._watch()

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        super().connection_lost(exc)
        self._forget()

    def _watch(self) -> None:
        # Time what comes outside of a request that is being answered; more bytes give it no more time.
        if self._is_answering():
            self._forget()
        elif self._closing is None:
            self._closing = self.loop.call_later(HEAD_SECONDS, self._close)

    def _is_answering(self) -> bool:
        return not getattr(self.cycle, "response_complete", True)

    def _close(self) -> None:
        if not self._is_answering():
            self.transport.close()

    def _forget(self) -> None:
        if self._closing is not None:
            self._closing.cancel()
            self._closing = None
