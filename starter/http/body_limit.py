"""Bounds request bodies: one that is too long is refused before its first byte where its length is declared."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from starter.http.problems import Told, answer

DRAINED_BYTES, DRAINED_SECONDS = 20_000_000, 3.0
"""What of a body is read and thrown away after an answer that did not need it."""


class BodyLimit:
    """Bounds the request bodies of an application; the answer is 413."""

    def __init__(self, app: ASGIApp, most_bytes: int, at: Mapping[str, int]) -> None:
        self._most = most_bytes
        self._app = RequestBodyLimitMiddleware(app, most_bytes)
        self._at = {path: (RequestBodyLimitMiddleware(app, most), most) for path, most in at.items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        app, most = self._at.get(scope.get("path", "").rstrip("/"), (self._app, self._most))
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        drain = _Drain(receive, send)
        if _is_too_long(Headers(scope=scope).get("content-length", ""), most):
            detail = f"the body is too long; send at most {most:,} bytes"
            refusal = answer(Told(status=413, slug="content-too-large", title="Content Too Large", detail=detail))
            await refusal(scope, drain.receive, drain.send)
            return
        await app(scope, drain.receive, drain.send)


def _is_too_long(declared: str, most: int) -> bool:
    return declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > most)


class _Drain:
    """Takes the rest of a body once the answer is out.

    Closed with bytes unread, a connection is reset, and the caller may lose the answer that says why.
    """

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._whole = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if self._whole or message["type"] != "http.response.body" or message.get("more_body", False):
            await self._send(message)
            return
        await self._send({**message, "more_body": True})
        left = DRAINED_BYTES
        with suppress(TimeoutError):
            async with asyncio.timeout(DRAINED_SECONDS):
                while left > 0 and not self._whole:
                    left -= len((await self.receive()).get("body", b""))
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})
