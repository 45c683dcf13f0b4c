"""How the products sign, written from their documentation and apart from our mappings."""

import base64
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

SECRET = base64.b64encode(b"of the tests").decode()
"""In Base64, since that is what Teams gives out; the others take it as text."""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (a sender is an edge)


def _mac(signed: bytes, digest: str = "sha256", key: bytes = SECRET.encode()) -> bytes:
    return hmac.digest(key, signed, digest)


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _zendesk(body: bytes, _url: str) -> dict[str, str]:
    at = now().strftime("%Y-%m-%dT%H:%M:%SZ")
    signature = _b64(_mac(at.encode() + body))
    return {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": at}


def _hubspot(body: bytes, url: str) -> dict[str, str]:
    at = str(int(now().timestamp() * 1000))
    signature = _b64(_mac(b"POST" + url.encode() + body + at.encode()))
    return {"X-HubSpot-Signature-v3": signature, "X-HubSpot-Request-Timestamp": at}


def _slack(body: bytes, _url: str) -> dict[str, str]:
    at = str(int(now().timestamp()))
    return {"X-Slack-Signature": f"v0={_mac(f'v0:{at}:'.encode() + body).hex()}", "X-Slack-Request-Timestamp": at}


def _chatwoot(body: bytes, _url: str) -> dict[str, str]:
    at = str(int(now().timestamp()))
    return {"X-Chatwoot-Signature": f"sha256={_mac(f'{at}.'.encode() + body).hex()}", "X-Chatwoot-Timestamp": at}


def _glpi(body: bytes, _url: str) -> dict[str, str]:
    at = str(int(now().timestamp()))
    return {"X-GLPI-signature": _mac(body + at.encode()).hex(), "X-GLPI-timestamp": at}


def _in_header(_body: bytes, _url: str) -> dict[str, str]:
    return {"X-Escalations-Secret": SECRET}


SIGNERS: Mapping[str, Callable[[bytes, str], dict[str, str]]] = {
    "zendesk": _zendesk,
    "jira": lambda body, _: {"X-Hub-Signature": f"sha256={_mac(body).hex()}"},
    "zammad": lambda body, _: {"X-Hub-Signature": f"sha1={_mac(body, 'sha1').hex()}"},
    "intercom": lambda body, _: {"X-Hub-Signature": f"sha1={_mac(body, 'sha1').hex()}"},
    "pagerduty": lambda body, _: {"X-PagerDuty-Signature": f"v1={'0' * 64},v1={_mac(body).hex()}"},
    "teams": lambda body, _: {"Authorization": f"HMAC {_b64(_mac(body, key=base64.b64decode(SECRET)))}"},
    "frappe": lambda body, _: {"X-Frappe-Webhook-Signature": _b64(_mac(body))},
    "hubspot": _hubspot,
    "slack": _slack,
    "chatwoot": _chatwoot,
    "glpi": _glpi,
    "freshdesk": _in_header,
    "front": _in_header,
    "groove": _in_header,
    "opsgenie": _in_header,
    "servicenow": _in_header,
}


def as_sent(product: str, body: bytes, url: str) -> tuple[bytes, dict[str, str]]:
    """The bytes and headers of a delivery; Slack sends the JSON in a form."""
    sent = urlencode({"payload": body.decode()}).encode() if product == "slack" else body
    kind = "application/x-www-form-urlencoded" if product == "slack" else "application/json"
    return sent, {"content-type": kind, **SIGNERS[product](sent, url)}
