"""A help desk that sends its events as Zendesk does: signed, without the requester's address, and at times twice.

Its REST API is that of `PeerDesk`. What our own user changes comes back as events too.
"""

import asyncio
import base64
import hmac
import json
from collections import Counter
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import httpx2

from tests.peers.help_desks import BOT, PeerDesk, PeerTicket
from tests.peers.serving import served

SIGNING_SECRET = "dGhlIGRlbW8ncyBoZWxwIGRlc2s="  # noqa: S105
TIMEOUT_SECONDS, PAUSE_SECONDS = 10.0, 1.0


@dataclass
class ZendeskLike(PeerDesk):
    """Tickets, and one webhook that is subscribed to their events.

    Attributes:
        url: Address of its REST API.
        webhook: Where events go.
        repeats_every: Each nth event that was accepted is sent once more, as after an answer that got lost; 0 for none.
        accepted: Ids of events that were answered with 200, and how often each was.
        refused: How often a delivery was not, by status; 0 where no answer came.
    """

    url: str = ""
    webhook: str = ""
    repeats_every: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[int] = field(default_factory=Counter)
    _client: httpx2.AsyncClient = field(default_factory=lambda: httpx2.AsyncClient(timeout=TIMEOUT_SECONDS))
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    async def create(self, number: str, ticket: PeerTicket) -> str:
        """File a ticket; the id of its event, which was accepted. The same number again repeats the event."""
        one = self.tickets.setdefault(number, ticket)
        return await self._tell(number, "ticket.created", {}, actor=str(one.customer_id), id_=f"created/{number}")

    async def reply(self, number: str, text: str, *, id_: str) -> str:
        """Let the customer write; otherwise as `create`."""
        author = str(self.tickets[number].customer_id)
        comment = {"body": text, "is_public": True, "author": {"id": author, "is_staff": False}}
        return await self._tell(number, "ticket.comment_added", {"comment": comment}, actor=author, id_=id_)

    def written(self, number: str, change: Mapping[str, Any]) -> None:
        """See base class: each change of ours is an event."""
        changed = {"status": "ticket.status_changed", "assignee_id": "ticket.agent_assignment_changed"}
        for name in changed.keys() & change.keys():
            self._soon(self._tell(number, changed[name], {"current": str(change[name]).upper()}))
        if note := change.get("comment"):
            comment = {"body": note["body"], "is_public": False}
            self._soon(self._tell(number, "ticket.comment_added", {"comment": comment}))

    async def idle(self) -> None:
        """Return once every event is delivered."""
        while self._sending:
            await asyncio.gather(*self._sending)

    def _soon(self, sending: Coroutine[Any, Any, str]) -> None:
        async def send() -> None:
            await sending

        task = asyncio.create_task(send())
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _tell(self, number: str, kind: str, event: Mapping[str, Any], *, actor: str = BOT, id_: str = "") -> str:
        id_ = str(uuid5(NAMESPACE_URL, id_ or f"{number}/{kind}/{len(self.calls)}"))
        comment = {**event["comment"], "id": id_} if "comment" in event else None
        ticket, at = self.tickets[number], _now()
        body = {
            "type": f"zen:event-type:{kind}",
            "id": id_,
            "subject": f"zen:ticket:{number}",
            "time": at,
            "detail": {
                "id": number,
                "actor_id": actor,
                "requester_id": str(ticket.customer_id),
                "subject": ticket.subject,
                "description": ticket.subject,
                "priority": ticket.priority,
                "status": ticket.status.upper(),
                "tags": list(ticket.tags) or None,
                "updated_at": at,
            },
            "event": {**event, **({"comment": comment} if comment else {})},
        }
        await self._deliver(id_, json.dumps(body).encode())
        if self.repeats_every and len(self.accepted) % self.repeats_every == 0:
            await self._deliver(id_, json.dumps(body).encode())
        return id_

    async def _deliver(self, id_: str, body: bytes) -> None:
        """Send it until it is accepted."""
        while True:
            try:
                status = (await self._client.post(self.webhook, content=body, headers=signed(id_, body))).status_code
            except httpx2.TransportError:
                status = 0
            if status == 200:
                self.accepted[id_] += 1
                return
            self.refused[status] += 1
            await asyncio.sleep(PAUSE_SECONDS)

    async def close(self) -> None:
        """Send nothing more."""
        for task in tuple(self._sending):
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        await self._client.aclose()


def signed(id_: str, body: bytes) -> dict[str, str]:
    """The headers of a delivery that is sent now."""
    at = _now()
    signature = base64.b64encode(hmac.digest(SIGNING_SECRET.encode(), at.encode() + body, "sha256")).decode()
    return {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Invocation-Id": id_,
        "X-Zendesk-Webhook-Signature": signature,
        "X-Zendesk-Webhook-Signature-Timestamp": at,
    }


@asynccontextmanager
async def zendesk_like(*, repeats_every: int = 0) -> AsyncIterator[ZendeskLike]:
    """One that answers while the block runs."""
    desk = ZendeskLike(repeats_every=repeats_every)
    async with served(desk.app()) as desk.url:
        try:
            yield desk
        finally:
            await desk.close()


def _now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")  # noqa: TID251 (a sender is an edge)
