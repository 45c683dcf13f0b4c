"""A webhook of the user's own, signed as Standard Webhooks describes.

`webhook-id` is the message's key, the same in every repeat, so a receiver that keeps the ids it has seen gets each message
once. `sequence` grows with the case: a message with a lower one than the last is older.
"""

import json
from collections.abc import Mapping
from urllib.parse import quote

from pydantic import SecretStr
from standardwebhooks import Webhook

from activities.adapters.http_sending import HttpSender
from activities.errors import EndpointGone, RecipientRefused
from activities.ports.sending import Envelope
from escalation.plain import only_shown


class WebhookChannel:
    """Sends messages as JSON.

    Args:
        urls: By the name that the roster has.
        secrets: To sign with, `whsec_…`, by the same names.
    """

    in_order = True  # a message waits for those before it in the same case

    def __init__(self, sender: HttpSender, urls: Mapping[str, SecretStr], secrets: Mapping[str, SecretStr]) -> None:
        self._sender = sender
        self._urls = urls
        self._secrets = secrets
        self._gone: set[str] = set()

    async def send(self, envelope: Envelope) -> str:
        """Post it.

        Raises:
            EndpointGone: It answered with 410; nothing more is sent there until the worker is restarted.
            RecipientRefused: It is not set, ended before, or refuses the message.
            ChannelUnavailable: It is busy or down.
            SentWithoutAnswer: It may have arrived.
        """
        name, who = envelope.address, f"webhook `{envelope.address}`"
        url, secret = self._endpoint(name)
        if name in self._gone:
            raise RecipientRefused(f"{who} answered with 410 before; correct its URL and restart the worker")
        content = body_of(envelope)
        answer = await self._sender.post(url, content.encode(), who=who, headers=_signed(envelope, content, secret))
        try:
            self._sender.require_accepted(answer, who)
        except EndpointGone:
            self._gone.add(name)
            raise
        return str(answer.status)

    async def check(self, name: str) -> str:
        """Whether it can be reached; what it would answer to a message is known once one is sent.

        Raises:
            RecipientRefused: It is not set, or may not be reached from here.
            ChannelUnavailable: It cannot be reached.
        """
        url, _ = self._endpoint(name)
        await self._sender.reach(url, f"webhook `{name}`")
        return "can be reached"

    def _endpoint(self, name: str) -> tuple[str, SecretStr]:
        url, secret = self._urls.get(name), self._secrets.get(name)
        if url is None or secret is None:
            raise RecipientRefused(
                f"webhook `{name}`: set it in ESCALATIONS_WEBHOOK_URLS and ESCALATIONS_WEBHOOK_SECRETS"
            )
        return url.get_secret_value(), secret


def body_of(envelope: Envelope) -> str:
    """Return the body as JSON."""
    return json.dumps(
        {
            "type": "escalation.message",
            "timestamp": envelope.at.isoformat(),
            "data": {
                "key": envelope.key,
                "escalation": envelope.thread,
                "ticket": envelope.ticket,
                "sequence": envelope.sequence,
                "kinds": envelope.kinds,
                "urgent": envelope.urgent,
                "severity": envelope.severity,
                "cycle": envelope.cycle,
                "tier": envelope.tier,
                "subject": only_shown(envelope.subject),
                "text": only_shown(envelope.body),
                "language": envelope.language,
                "link": envelope.ticket_url,
            },
        }
    )


def header_id(envelope: Envelope) -> str:
    """The `webhook-id`: ASCII, as a header is, and without the dot that separates the parts of what is signed."""
    return quote(envelope.key.encode("utf-8", "replace"), safe="/").replace(".", "%2E")


def _signed(envelope: Envelope, content: str, secret: SecretStr) -> dict[str, str]:
    key = header_id(envelope)
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": str(int(envelope.at.timestamp())),
        "webhook-signature": Webhook(secret.get_secret_value()).sign(key, envelope.at, content),
    }
