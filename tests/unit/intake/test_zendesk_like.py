"""The help desk of the demo sends what Zendesk sends: what our mapping makes of it, and how often."""

from datetime import UTC, datetime

import httpx2
import pytest

from escalation.intake.delivery import DeskEvent, EventKind, Request
from escalation.intake.files import load_source
from escalation.intake.reading import read
from escalation.intake.signatures import verify
from tests.peers.help_desks import BOT, PeerTicket
from tests.peers.zendesk_like import SIGNING_SECRET, ZendeskLike

ZENDESK = load_source("zendesk", own_actors=frozenset({BOT}))


@pytest.fixture
def came() -> list[Request]:
    return []


@pytest.fixture
def desk(came: list[Request]) -> ZendeskLike:
    async def take(request: httpx2.Request) -> httpx2.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        came.append(Request(method="POST", url=str(request.url), headers=headers, body=request.content))
        return httpx2.Response(200)

    client = httpx2.AsyncClient(transport=httpx2.MockTransport(take))
    return ZendeskLike(webhook="http://escalations.example.com/webhooks/zendesk", repeats_every=3, _client=client)


async def test_tickets_replies_and_our_own_writes_are_signed_events_and_each_third_one_is_repeated(
    desk: ZendeskLike, came: list[Request]
) -> None:
    await desk.create("7", PeerTicket(subject="Two invoices", priority="HIGH", tags=("escalate",)))
    await desk.reply("7", "When is it fixed?", id_="a reply")
    desk.written("7", {"comment": {"body": "A note.", "public": False}})
    await desk.idle()

    events: list[DeskEvent] = []
    for request in came:
        verify(ZENDESK, request, (SIGNING_SECRET,), datetime.now(UTC))  # noqa: TID251 (a peer is an edge)
        events += read(ZENDESK, request, lambda text, **_: text).events
    opened, reply, note, repeat = events
    assert (opened.kind, opened.ticket, opened.tags, opened.customer.address) == (
        EventKind.OPENED, "7", ("escalate",), "",
    )  # fmt: skip
    assert (reply.kind, reply.author.is_customer, reply.text) == (EventKind.MESSAGE, True, "When is it fixed?")
    assert (note.is_ours, note.is_public) == (True, False)
    assert repeat.key == note.key
    assert sorted(desk.accepted.values()) == [1, 1, 2]
