"""How long a connection may take with a request: senders of a byte now and then must not keep connections that others need."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

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
