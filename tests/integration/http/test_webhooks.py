"""Webhooks through the server, a real worker, Temporal and PostgreSQL: stored, applied in order and once, or dead with a reason."""

import asyncio
import hmac
import json
import uuid
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from activities.adapters.postgres.inbox import Inbox
from activities.ports.inbox import Entry, EntryState
from escalation.case.events import Event
from escalation.vocabulary import Stage
from runtime.settings import Settings
from starter.errors import UnknownEscalation
from starter.http.app import create_app
from starter.http.backend import Backend
from tests.integration.http import signing
from tests.integration.http.conftest import in_process
from tests.integration.http.senders import ENVIRONMENT, Sender, now

SECONDS = 60.0
FORGED = "whsec_AAAA"


@pytest.fixture
async def client(settings: Settings, backend: Backend) -> AsyncIterator[httpx2.AsyncClient]:
    async with in_process(create_app(settings, backend=backend)) as client:
        yield client


@pytest.fixture
def desk(client: httpx2.AsyncClient) -> Sender:
    return Sender(client)


@pytest.fixture
def inbox(backend: Backend) -> Inbox:
    return Inbox(backend.database)


@pytest.fixture
def ticket() -> str:
    return f"W{uuid.uuid4().hex[:10]}"


async def settled(inbox: Inbox, ticket: str, number: int, *, after: int = 0) -> list[Entry]:
    """The events of a ticket, the first first, once that many are settled."""
    async with asyncio.timeout(SECONDS):
        while True:
            found = [one for one in await inbox.listed(ticket=ticket, most=100) if one.id > after]
            if sum(one.state is not EntryState.STORED for one in found) >= number:
                return found[::-1]
            await asyncio.sleep(0.05)


def states(entries: list[Entry]) -> list[EntryState]:
    return [one.state for one in entries]


def kinds(timeline: tuple[Event, ...]) -> list[str]:
    return [one.kind for one in timeline]


def first(timeline: tuple[Event, ...], wanted: Callable[[Any], bool]) -> Any:
    return next(one for one in timeline if wanted(one))


@pytest.mark.usefixtures("worker")
async def test_a_ticket_lives_by_webhook_from_its_tag_to_its_solution(
    desk: Sender, inbox: Inbox, backend: Backend, ticket: str
) -> None:
    for event, more in (
        ("tagged", {"tags": ["vip", "escalate"]}),
        ("customer_replied", {"text": "It fails since Monday.", "author_role": "customer"}),
        ("agent_replied", {"text": "We are looking into it.", "author_id": "agent-1"}),
        ("note", {"text": "Looks like the index.", "author_id": "agent-1"}),
        ("status", {"status": "solved", "status_before": "open"}),
    ):
        answer = await desk.send(event, ticket, at=now().isoformat(), **more)
        assert (answer.status_code, answer.content) == (200, b"")

    entries = await settled(inbox, ticket, 5)
    assert [(one.kind, one.state, one.reason) for one in entries] == [
        (kind, EntryState.APPLIED, "") for kind in ("tagged", "message", "message", "message", "status")
    ]
    timeline = await backend.client.timeline(ticket)
    replied = first(timeline, lambda one: one.kind == "customer_replied")
    assert replied.text == "It fails since Monday."
    told = kinds(timeline)
    assert told.index("opened") < told.index("customer_replied") < told.index("customer_told_elsewhere")
    assert first(timeline, lambda one: one.kind == "customer_told_elsewhere").by == "ana"
    assert first(timeline, lambda one: one.kind == "ticket_news_came").news == "solved"


@pytest.mark.usefixtures("worker")
async def test_the_same_delivery_is_applied_once_however_often_it_comes(
    desk: Sender, inbox: Inbox, backend: Backend, ticket: str
) -> None:
    await desk.send("tagged", ticket, tags=["escalate"])
    message = {"text": "Any news?", "author_role": "customer"}
    answers = await asyncio.gather(
        *(desk.send("customer_replied", ticket, id_=f"{ticket}-m", **message) for _ in range(20))
    )
    await settled(inbox, ticket, 2)
    answers.append(await desk.send("customer_replied", ticket, id_=f"{ticket}-m", **message))

    assert {one.status_code for one in answers} == {200}
    (entry,) = [one for one in await inbox.listed(ticket=ticket, most=100) if one.kind == "message"]
    assert entry.repeats == 20
    assert kinds(await backend.client.timeline(ticket)).count("customer_replied") == 1


@pytest.mark.usefixtures("worker")
async def test_a_change_that_comes_late_is_superseded_by_the_senders_time(
    desk: Sender, inbox: Inbox, ticket: str
) -> None:
    await desk.send("tagged", ticket, tags=["escalate"])
    await settled(inbox, ticket, 1)
    await desk.send("priority", ticket, priority="urgent", at=now().isoformat())
    await settled(inbox, ticket, 2)
    await desk.send("priority", ticket, priority="high", at=(now() - timedelta(minutes=5)).isoformat())
    entries = await settled(inbox, ticket, 3)
    assert states(entries) == [EntryState.APPLIED, EntryState.APPLIED, EntryState.SUPERSEDED]
    assert entries[2].reason.startswith("a later change, of ")


@pytest.mark.usefixtures("worker")
async def test_what_we_wrote_ourselves_ends_here(desk: Sender, inbox: Inbox, ticket: str) -> None:
    await desk.send("tagged", ticket, tags=["escalate"])
    await desk.send("note", ticket, text="Owner: Ana. [esc 4711/c1/r3]", author_id="agent-1")
    await desk.send("priority", ticket, priority="urgent", author_id="escalations")
    entries = await settled(inbox, ticket, 3)
    assert [one.reason for one in entries if one.state is EntryState.IGNORED] == ["we wrote it ourselves"] * 2


@pytest.mark.usefixtures("worker")
async def test_a_loop_between_two_systems_ends_and_its_owner_learns_of_it_once(
    client: httpx2.AsyncClient, inbox: Inbox, backend: Backend, ticket: str
) -> None:
    desk = Sender(client, source="looping")
    await desk.send("tagged", ticket, tags=["escalate"])
    for number in range(5):
        await desk.send("note", ticket, text=f"Synchronised {number}.", author_role="agent")
    entries = await settled(inbox, ticket, 6)
    assert states(entries) == [EntryState.APPLIED] * 3 + [EntryState.DEAD] * 3
    assert entries[-1].reason.startswith("more than 3 changes of this ticket in an hour")
    news = [one for one in await backend.client.timeline(f"L-{ticket}") if one.kind == "ticket_news_came"]
    assert [one.news for one in news] == ["flooded"]


@pytest.mark.usefixtures("worker")
async def test_a_ticket_that_is_not_escalated_stays_so(
    desk: Sender, inbox: Inbox, backend: Backend, ticket: str
) -> None:
    await desk.send("note", ticket, text="Nothing to see.", author_role="agent")
    (entry,) = await settled(inbox, ticket, 1)
    assert (entry.state, entry.reason) == (EntryState.IGNORED, "the ticket is not escalated")
    with pytest.raises(UnknownEscalation):
        await backend.client.status(ticket)


async def test_a_secret_that_is_rotated_out_still_signs_and_an_unknown_one_never(
    client: httpx2.AsyncClient, inbox: Inbox, ticket: str
) -> None:
    old = Sender(client, secret=ENVIRONMENT["OLD_DESK_SECRET"])
    assert (await old.send("note", ticket)).status_code == 200
    forged = Sender(client, secret=FORGED)
    answer = await forged.send("tagged", ticket, tags=["escalate"])
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    body = b'{"event": "tagged"}'
    headers = old.signed(body)
    for changed in ({**headers, "webhook-timestamp": "1500000000"}, {"content-type": "application/json"}):
        assert (await client.post("/webhooks/desk", content=body, headers=changed)).status_code == 401
    assert (await client.post("/webhooks/desk", content=body + b" ", headers=headers)).status_code == 401
    assert [one.kind for one in await inbox.listed(ticket=ticket, most=9)] == ["message"]


async def test_an_unknown_source_is_not_found_and_a_huge_body_is_refused(
    desk: Sender, client: httpx2.AsyncClient
) -> None:
    assert (await Sender(client, source="nowhere").send("note", "1")).status_code == 404
    assert (await desk.deliver(b"[" + b"1," * 5_000_000 + b"1]")).status_code == 413


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"7", b'"text"', b"{", b"\xff\xfe", b"{}", b'{"event": null}', b"[" * 100_000),
        *(b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b'{"ticket": {"id": [1]}, "event": ["tagged"]}'),
        *(b'{"event": "note", "ticket": "\\ud800", "text": "\\ud83d"}', b'{"event": "note", "ticket": "a\\u0000b"}'),
        json.dumps({"event": "note", "ticket": "9" * 5_000, "text": "x" * 1_000_000}).encode(),
        json.dumps({"event": "opened", "ticket": "escalation-1~2", "tags": "escalate"}).encode(),
    ],
    ids=range(16),
)
async def test_a_body_that_makes_no_sense_is_stored_and_applied_never(desk: Sender, inbox: Inbox, body: bytes) -> None:
    body += f" {uuid.uuid4().hex}".encode() if body[:1] not in b"{[" else b""
    before = max((one.id for one in await inbox.listed(most=1)), default=0)
    assert (await desk.deliver(body)).status_code == 200
    (entry,) = await inbox.listed(most=1)
    assert entry.id > before
    (found,) = await settled(inbox, entry.ticket, 1, after=before)
    assert found.state in {EntryState.DEAD, EntryState.IGNORED}
    assert found.reason


async def test_postgresql_that_is_unreachable_is_answered_503_and_the_sender_repeats(
    settings: Settings, backend: Backend, inbox: Inbox, ticket: str
) -> None:
    async with in_process(create_app(settings, backend=backend)) as client:
        desk = Sender(client)
        async with backend.database.connection() as connection:
            await connection.execute("alter table deliveries_in rename to deliveries_elsewhere")
        try:
            answer = await desk.send("note", ticket, id_=ticket)
        finally:
            async with backend.database.connection() as connection:
                await connection.execute("alter table deliveries_elsewhere rename to deliveries_in")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
        assert (await desk.send("note", ticket, id_=ticket)).status_code == 200
    assert len(await inbox.listed(ticket=ticket, most=9)) == 1


async def test_no_log_line_has_a_body_or_a_secret(
    desk: Sender, ticket: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await desk.send("note", ticket, text="Ada's private words")
    await Sender(desk.client, secret=FORGED).send("note", ticket, text="Ada's private words")
    said = "".join(capsys.readouterr())
    assert "private words" not in said
    assert "whsec" not in said
    assert Stage.WORKING not in said


@pytest.mark.parametrize("product", signing.SIGNERS)
async def test_each_product_is_believed_by_its_own_signature_alone(
    client: httpx2.AsyncClient, inbox: Inbox, product: str
) -> None:
    address = f"{client.base_url}/webhooks/{product}"
    body = json.dumps({"id": uuid.uuid4().hex, "note": "Grüße ☃"}).encode()
    sent, headers = signing.as_sent(product, body, address)
    assert (await client.post(address, content=sent, headers=headers)).status_code == 200
    known = {one.id for one in await inbox.listed(source=product, most=9)}
    forged = {name: value[:-4] + "AAAA" if name.lower() != "content-type" else value for name, value in headers.items()}
    for content, signed in ((sent, forged), (sent, {"content-type": headers["content-type"]})):
        assert (await client.post(address, content=content, headers=signed)).status_code == 401
    assert {one.id for one in await inbox.listed(source=product, most=9)} == known != set()


async def test_an_address_is_checked_by_products_before_they_send(client: httpx2.AsyncClient) -> None:
    theirs = hmac.new(signing.SECRET.encode(), b"validate_cra_challenge", "sha256").hexdigest()
    ours = await client.get("/webhooks/glpi", params={"crc_token": theirs})
    assert (ours.status_code, ours.text) == (
        200,
        hmac.new(signing.SECRET.encode(), theirs.encode(), "sha256").hexdigest(),
    )
    assert (await client.get("/webhooks/glpi", params={"crc_token": "x"})).status_code == 401
    assert (await client.get("/webhooks/zendesk")).status_code == 405
    assert (await client.get("/webhooks/nothing")).status_code == 404
    assert (await client.head("/webhooks/intercom")).status_code == 200
    assert (await client.head("/webhooks/nothing")).status_code == 404


async def test_a_challenge_is_answered_once_its_signature_holds(client: httpx2.AsyncClient) -> None:
    body = b'{"type": "url_verification", "challenge": "3eZb"}'
    headers = {"content-type": "application/json", **signing.SIGNERS["slack"](body, "")}
    answered = await client.post("/webhooks/slack", content=body, headers=headers)
    assert (answered.status_code, answered.json()) == (200, {"challenge": "3eZb"})
    forged = await client.post("/webhooks/slack", content=body.replace(b"3", b"4"), headers=headers)
    assert (forged.status_code, "4eZb" in forged.text) == (401, False)
