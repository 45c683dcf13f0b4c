"""Refuses bodies that are too long: before the first byte of them where the length is declared, else while they come."""

from starlette.datastructures import Headers
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from starter.http.problems import Told, answer


class BodyLimit:
    """Bounds the request bodies of an application; the answer is 413."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = RequestBodyLimitMiddleware(app, most_bytes)
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http" and self._is_too_long(Headers(scope=scope).get("content-length", "")):
            detail = f"the body is too long; send at most {self._most:,} bytes"
            # Closed, since what comes of the body would be read as the next request.
            headers = {"Connection": "close"}
            refusal = answer(
                Told(status=413, slug="content-too-large", title="Content Too Large", detail=detail, headers=headers)
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_too_long(self, declared: str) -> bool:
        return declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > self._most)
