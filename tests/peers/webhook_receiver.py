"""A receiver of Standard Webhooks, as its documentation describes one: verify, then drop what was seen."""

import json
from typing import Any

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.peers.http_peer import Answer, HttpPeer, Request

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"  # noqa: S105


class WebhookReceiver(HttpPeer):
    """Takes each message once.

    Attributes:
        seen: By `webhook-id`, in the order of their first arrival.
        arrivals: How many valid requests came, repeats included.
    """

    def __init__(self, secret: str = SECRET) -> None:
        super().__init__()
        self.seen: dict[str, dict[str, Any]] = {}
        self.arrivals = 0
        self._webhook = Webhook(secret)

    def answer(self, request: Request) -> Answer:
        """Verify and keep."""
        try:
            self._webhook.verify(request.body, dict(request.headers), json_parse=False)
        except WebhookVerificationError:
            return Answer(401)
        self.arrivals += 1
        self.seen.setdefault(request.headers["webhook-id"], json.loads(request.body))
        return Answer(204)
