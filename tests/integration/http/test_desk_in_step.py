"""A help desk whose tickets escalate by webhook, and that shows by its API what happens to them."""

import uuid
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from escalation.case.commands import Acknowledge, TellCustomer
from runtime.settings import Settings
from starter.errors import UnknownEscalation
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.client.people import until
from tests.integration.http.conftest import in_process
from tests.integration.http.senders import Sender
from tests.peers.help_desks import PeerDesk, PeerTicket

SECONDS = 60.0


@pytest.fixture
async def client(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


async def shown(ticket: PeerTicket, is_so: Callable[[PeerTicket], bool]) -> None:
    async def there() -> PeerTicket:
        return ticket

    await until(there, is_so, seconds=SECONDS)


async def offered_to(backend: Backend, ticket: str) -> str:
    """Who is asked to take it; empty as long as no one is."""
    try:
        return (await backend.client.status(ticket)).view.offered_to
    except UnknownEscalation:
        return ""


@pytest.mark.usefixtures("worker")
async def test_a_ticket_that_escalates_shows_its_owner_and_what_was_promised(
    client: httpx2.AsyncClient, backend: Backend, peer_desk: PeerDesk
) -> None:
    number = uuid.uuid4().hex[:8]
    there = peer_desk.tickets[number] = PeerTicket(status="new")
    sender = Sender(client, source="kept")
    await sender.send("tagged", number, tags=["escalate"])
    owner = await until(lambda: offered_to(backend, f"K-{number}"), bool, seconds=SECONDS)
    await backend.client.send(f"K-{number}", Acknowledge(by=owner, packet_read=True))
    await backend.client.send(f"K-{number}", TellCustomer(by=owner, text="The index is being rebuilt."))

    await shown(there, lambda one: any("The index is being rebuilt." in note for note in one.notes))
    assert there.status == "open"
    assert there.public == []
    assert sum("took it" in note for note in there.notes) == 1

    # Its webhooks about our notes and our changes are not news.
    for note in there.notes:
        await sender.send("note", number, text=note, author_id="8675309")
    await sender.send("customer_replied", number, text="Thank you, I wait.", author_role="customer")
    await until(
        lambda: backend.client.timeline(f"K-{number}"), lambda all_: any(one.kind == "customer_replied" for one in all_)
    )
    told = [one.kind for one in await backend.client.timeline(f"K-{number}")]
    assert told.count("noted") == 0
