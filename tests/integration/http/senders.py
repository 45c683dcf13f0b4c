"""Products that send webhooks to the tests, with secrets of their own."""

import base64
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2

from tests.integration.http import signing

SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 24 bytes").decode()
ENVIRONMENT = {
    "DESK_SECRET": SECRET,
    "VENDOR_SECRET": signing.SECRET,
    "OLD_DESK_SECRET": "whsec_" + base64.b64encode(b"the secret before it").decode(),
    "DESK_API_TOKEN": "token",
    "ESCALATIONS_ALLOWED_NETWORKS": "127.0.0.0/8",
}
MAIL_IN = {
    "ESCALATIONS_MAIL_IN_ADDRESS": "replies@example.com",
    "ESCALATIONS_MAIL_IN_SECRET": "a secret of some length",
}
FILE = """
sources:
  desk:
    mapping: generic
    secrets: [DESK_SECRET, OLD_DESK_SECRET]
    policy: default
    own_actors: [escalations]
    people: {agent-1: ana}
  looping:
    mapping: generic
    prefix: L-
    secrets: [DESK_SECRET]
    changes_per_hour: 3
  kept:
    mapping: generic
    prefix: K-
    secrets: [DESK_SECRET]
    own_actors: ["8675309"]
    people: {"501": ana, "502": ben, "503": deniz}
    api: {product: zendesk, url: "URL", user: bot@example.com, token: DESK_API_TOKEN}
"""


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (a sender is an edge)


def written(folder: Path, api: str) -> Path:
    """The webhook file, in this folder; `kept` has its API at this address."""
    file = folder / "webhooks.yaml"
    products = "".join(f"  {name}: {{secrets: [VENDOR_SECRET]}}\n" for name in signing.SIGNERS)
    file.write_text(FILE.replace("URL", api) + products, encoding="utf-8")
    return file


@dataclass(frozen=True, slots=True)
class Sender:
    """A help desk that signs by Standard Webhooks.

    Attributes:
        client: How it reaches our server.
        source: How we call it.
        customer: Whose tickets it has.
    """

    client: httpx2.AsyncClient
    source: str = "desk"
    secret: str = SECRET
    customer: Mapping[str, str] = field(
        default_factory=lambda: {"id": "acme", "name": "Ada Lovelace", "email": "ada@example.com"}
    )

    async def send(self, event: str, ticket: str, *, id_: str = "", **more: Any) -> httpx2.Response:
        """Deliver an event of a ticket; the same id is a repeat."""
        body = {"event": event, "ticket": ticket, "subject": "Cannot log in", "customer": dict(self.customer), **more}
        return await self.deliver(json.dumps(body).encode(), id_=id_)

    async def deliver(self, body: bytes, *, id_: str = "") -> httpx2.Response:
        """Deliver a body, signed."""
        return await self.client.post(f"/webhooks/{self.source}", content=body, headers=self.signed(body, id_))

    def signed(self, body: bytes, id_: str = "") -> dict[str, str]:
        """The headers of a delivery."""
        id_, sent_at = id_ or str(uuid.uuid4()), now()
        signature = _sign(self.secret, id_, sent_at, body)
        return {
            "content-type": "application/json",
            "webhook-id": id_,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": signature,
        }


def _sign(secret: str, id_: str, at: datetime, body: bytes) -> str:
    signed = f"{id_}.{int(at.timestamp())}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    return f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}"
