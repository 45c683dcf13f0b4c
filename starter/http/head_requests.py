"""HEAD for every path that has GET and no HEAD of its own: the same answer without its body. Mail scanners and monitors ask so."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from starter.http.access.provider import CALLBACK
from starter.http.patterns import Patterns


class HeadAsGet:
    """Answers HEAD as GET.

    The way back from an identity provider is left out: it logs in, and HEAD must change nothing.
    """

    def __init__(self, app: ASGIApp, patterns: Patterns) -> None:
        self._app, self._patterns = app, patterns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or not self._has_get(scope):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app({**scope, "method": "GET"}, receive, without_body)

    def _has_get(self, scope: Scope) -> bool:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        methods = self._patterns.own_methods(path)
        return path != CALLBACK and "GET" in methods and "HEAD" not in methods
