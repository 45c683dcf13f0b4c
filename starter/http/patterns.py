"""The routes of an application as they are written, whatever callers put into their paths; HEAD where there is GET."""

import re
from collections import defaultdict
from collections.abc import Collection
from re import Pattern

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_CONVERTOR = re.compile(r":\w+(?=})")
NO_ROUTE = "none"  # stands for every path that is not there: what callers make up makes neither log fields nor series


class Patterns:
    """The patterns of an application whose routes are complete."""

    def __init__(self, app: FastAPI) -> None:
        self._by_endpoint: dict[object, str] = {}
        methods: dict[str, set[str]] = defaultdict(set)
        for route in iter_route_contexts(app.routes):
            if route.path is not None:
                self._by_endpoint[route.endpoint] = _CONVERTOR.sub("", route.path)
                methods[route.path] |= route.methods or set()
        self._methods: list[tuple[Pattern[str], set[str]]] = [
            (compile_path(path)[0], found) for path, found in methods.items()
        ]

    def of(self, scope: Scope) -> str:
        """The pattern of a request's route, such as `/v1/escalations/{ticket}`."""
        return self._by_endpoint.get(getattr(scope.get("route"), "endpoint", None), NO_ROUTE)

    def methods(self, path: str) -> set[str]:
        """Return the methods of a path; HEAD wherever GET is."""
        found = self.own_methods(path)
        return found | {"HEAD"} if "GET" in found else found

    def own_methods(self, path: str) -> set[str]:
        """Return the methods that the routes of a path answer themselves."""
        return set[str]().union(*(found for pattern, found in self._methods if pattern.match(path)))


def route_of(request: Request) -> str:
    """The pattern of a request's route."""
    patterns: Patterns = request.app.state.patterns
    return patterns.of(request.scope)


class HeadAsGet:
    """Answers HEAD as GET, besides paths whose GET changes something, such as the way back from an identity provider."""

    def __init__(self, app: ASGIApp, patterns: Patterns, besides: Collection[str]) -> None:
        self._app, self._patterns, self._besides = app, patterns, besides

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
        return path not in self._besides and "GET" in methods and "HEAD" not in methods
