"""Refuses requests from an address that guesses credentials, before anything of them is looked at."""

from starlette.types import ASGIApp, Receive, Scope, Send

from starter.http.access.guard import Guard
from starter.http.problems import answer, told_of
from starter.http.rates import TooManyRequests

_FOR_THE_OPERATOR = ("/health/", "/metrics")


class Patience:
    """Answers 429 while an address has failed too often; health and metrics are answered anyway."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        seconds = _wait(scope) if scope["type"] == "http" else 0
        if seconds:
            await answer(told_of(TooManyRequests(seconds)))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _wait(scope: Scope) -> int:
    guard: Guard | None = getattr(scope["app"].state, "guard", None)
    client = scope.get("client")
    if guard is None or client is None or scope["path"].startswith(_FOR_THE_OPERATOR):
        return 0
    return guard.must_wait(client[0])
