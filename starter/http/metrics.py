"""Prometheus metrics of a server: requests by route and status, and their duration."""

import time

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from starter.http.patterns import Patterns

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

router = APIRouter(tags=["health"])


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter("escalations_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            *("escalations_http_request_seconds", "Time from a request to the end of its answer."),
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.webhooks = Counter(
            "escalations_webhooks", "Webhooks received.", ("source", "result"), registry=self.registry
        )
        self.under_way = Gauge(
            "escalations_http_requests_under_way", "Requests not answered yet.", registry=self.registry
        )


class Measured:
    """Counts the requests of an application, by the pattern of their route."""

    def __init__(self, app: ASGIApp, metrics: Metrics, patterns: Patterns) -> None:
        self._app, self._metrics, self._patterns = app, metrics, patterns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, time.perf_counter()

        async def watching(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.under_way.track_inprogress():
            try:
                await self._app(scope, receive, watching)
            finally:
                method = scope["method"] if scope["method"] in _METHODS else "other"
                route = self._patterns.of(scope)
                self._metrics.requests.labels(method, route, str(status)).inc()
                self._metrics.seconds.labels(method, route).observe(time.perf_counter() - begun)


@router.get(
    "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
)
async def metrics(request: Request) -> Response:
    """Show the counters of this server, for Prometheus."""
    counted: Metrics = request.app.state.metrics
    return Response(generate_latest(counted.registry), media_type=CONTENT_TYPE_LATEST)
