"""A pager that behaves as PagerDuty's Events API v2 does: alerts by key, and a new one for a key that was resolved."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests.peers.http_peer import Answer, HttpPeer, Request, as_json

KEY = "0123456789abcdef0123456789abcdef"
_LARGEST = 512 * 1024


@dataclass(slots=True)
class Alert:
    """One alert.

    Attributes:
        triggers: What was reported to it.
        status: `triggered`, `acknowledged` or `resolved`.
    """

    key: str
    routing: str
    status: str = "triggered"
    triggers: list[dict[str, Any]] = field(default_factory=list)


class PagerDutyLike(HttpPeer):
    """The API, for integrations with these keys."""

    def __init__(self, keys: tuple[str, ...] = (KEY,)) -> None:
        super().__init__()
        self.keys = set(keys)
        self.alerts: list[Alert] = []

    @property
    def endpoint(self) -> str:
        """For `ESCALATIONS_PAGERDUTY_URL`."""
        return f"{self.url}/v2/enqueue"

    def answer(self, request: Request) -> Answer:
        """Take an event."""
        if len(request.body) > _LARGEST:
            return Answer(413)
        event = request.arguments
        if wrong := self._wrong_with(event):
            return as_json({"status": "invalid event", "message": "Event object is invalid", "errors": wrong}, 400)
        self._take(event)
        return as_json({"status": "success", "message": "Event processed", "dedup_key": event["dedup_key"]}, 202)

    def _take(self, event: dict[str, Any]) -> None:
        known = [
            alert
            for alert in self.alerts
            if (alert.routing, alert.key) == (event["routing_key"], event["dedup_key"]) and alert.status != "resolved"
        ]
        match event["event_action"]:
            case "trigger":
                if not known:
                    known = [Alert(event["dedup_key"], event["routing_key"])]
                    self.alerts += known
                known[0].triggers.append(event["payload"])
            case "acknowledge" | "resolve" as action if known:
                known[0].status = f"{action.removesuffix('e')}ed"

    def _wrong_with(self, event: dict[str, Any]) -> list[str]:
        wrong = []
        if not re.fullmatch(r"[0-9a-zA-Z]{32}", str(event.get("routing_key", ""))):
            wrong.append("'routing_key' is invalid")
        elif event["routing_key"] not in self.keys:
            wrong.append("'routing_key' is unknown")
        if event.get("event_action") not in {"trigger", "acknowledge", "resolve"}:
            wrong.append("'event_action' is invalid")
        if not 0 < len(event.get("dedup_key", "").encode()) <= 255:
            wrong.append("'dedup_key' is invalid")
        if event.get("event_action") == "trigger":
            payload = event.get("payload", {})
            if not 0 < len(payload.get("summary", "").encode()) <= 1024:
                wrong.append("'payload.summary' is invalid")
            if payload.get("severity") not in {"info", "warning", "error", "critical"} or not payload.get("source"):
                wrong.append("'payload' is invalid")
        return wrong
