"""PagerDuty, by its Events API v2.

One alert for each case, cycle and tier: `dedup_key` holds these, so that a repeat, a second alarm or another colleague
with the same integration adds to the alert. PagerDuty opens a new alert for a key that was resolved, and drops what comes
after; hence the cycle and the tier.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import SecretStr

from activities.adapters.http_sending import HttpSender
from activities.errors import ChannelUnavailable, RecipientRefused
from activities.ports.sending import Envelope, Sent
from escalation.messages.fates import State
from escalation.plain import cut, cut_bytes, one_line, only_shown
from escalation.vocabulary import Severity

LONGEST_SUMMARY = 1024
LONGEST_KEY = 255
_LONGEST_DETAIL = 20_000
_MINUTE = 60.0
_NO_ALERT = "escalations/check"

_SEVERITIES: Mapping[Severity, str] = {
    Severity.SEV1: "critical",
    Severity.SEV2: "error",
    Severity.SEV3: "warning",
    Severity.SEV4: "info",
}
_ACTIONS: Mapping[State, str] = {
    State.ACCEPTED: "acknowledge",
    State.TAKEN: "resolve",
    State.DECLINED: "resolve",
    State.LAPSED: "resolve",
    State.OVER: "resolve",
}


class PagerDutyChannel:
    """Pages people by integration keys that the roster names; takes urgent messages only."""

    def __init__(
        self, sender: HttpSender, keys: Mapping[str, SecretStr], url: str = "https://events.pagerduty.com/v2/enqueue"
    ) -> None:
        self._sender = sender
        self._keys = keys
        self._url = url

    async def send(self, envelope: Envelope) -> str:
        """Trigger the alert.

        Returns:
            The name of the integration key, and the alert's `dedup_key`.

        Raises:
            RecipientRefused: It is not urgent, there is no such key, or PagerDuty refuses the event.
            ChannelUnavailable: PagerDuty is busy or down.
        """
        if not envelope.urgent:
            raise RecipientRefused("PagerDuty takes urgent messages only; the message goes to the next address")
        key = alert_key(envelope)
        await self._enqueue(envelope.address, {"event_action": "trigger", "dedup_key": key, **alert_of(envelope)})
        return f"{envelope.address} {key}"

    async def settle(self, sent: Sent) -> None:
        """Acknowledge the alert once a person has accepted, resolve it once no one is asked any more."""
        name, _, key = sent.receipt.partition(" ")
        action = _ACTIONS.get(sent.state)
        if action is not None:
            await self._enqueue(name, {"event_action": action, "dedup_key": key})

    async def check(self, name: str) -> str:
        """Whether PagerDuty takes events with this integration key, by resolving an alert that never was.

        Raises:
            RecipientRefused: There is no such key, or PagerDuty refuses it.
            ChannelUnavailable: PagerDuty is busy or down.
        """
        await self._enqueue(name, {"event_action": "resolve", "dedup_key": _NO_ALERT})
        return "PagerDuty takes events with its key"

    async def _enqueue(self, name: str, event: Mapping[str, Any]) -> None:
        key = self._keys.get(name)
        if key is None:
            raise RecipientRefused(f"PagerDuty: no integration key `{name}`; add it to ESCALATIONS_PAGERDUTY_KEYS")
        content = json.dumps({"routing_key": key.get_secret_value(), **event}).encode()
        answer = await self._sender.post(
            self._url, content, who="PagerDuty", headers={"Content-Type": "application/json"}
        )
        try:
            self._sender.require_accepted(answer, "PagerDuty")
        except ChannelUnavailable as error:
            raise ChannelUnavailable(str(error), after=error.after or _MINUTE) from None
        except RecipientRefused as error:
            raise RecipientRefused(f"{error}; check the integration key `{name}`") from None


def alert_key(envelope: Envelope) -> str:
    """The alert that a message belongs to: one for each case, cycle and tier."""
    tail = f"/c{envelope.cycle}/t{envelope.tier}"
    return f"{cut_bytes(one_line(envelope.thread), LONGEST_KEY - len(tail))}{tail}"


def alert_of(envelope: Envelope) -> dict[str, Any]:
    """Return the alert to trigger, within PagerDuty's limits."""
    headline, _, body = envelope.body.partition("\n")
    summary = f"{one_line(headline)} {one_line(envelope.subject)}".strip()
    alert: dict[str, Any] = {
        "payload": {
            "summary": cut_bytes(summary, LONGEST_SUMMARY) or "Escalation",
            "source": cut_bytes(one_line(envelope.ticket), LONGEST_KEY) or "escalations",
            "severity": _SEVERITIES[envelope.severity],
            "custom_details": {"message": cut(only_shown(body).strip(), _LONGEST_DETAIL), "key": envelope.key},
        },
        "client": "Escalations",
    }
    if envelope.ticket_url:
        alert |= {
            "client_url": envelope.ticket_url,
            "links": [{"href": envelope.ticket_url, "text": "Open the ticket"}],
        }
    return alert
