"""How fast our HTTP server takes webhooks and commands, beside a bare server that inserts each body."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx2

from tests.bench.clock import now
from tests.bench.measuring import spread_out
from tests.bench.worker_process import worker_process
from tests.peers import zendesk_like

WEBHOOKS_AT_ONCE, COMMANDS_AT_ONCE = 16, 4
TICKETS = 50
"""Over which the webhooks are spread; none of them is escalated."""
SECONDS = 60.0
SOURCES = "sources:\n  zendesk: {secrets: [ZENDESK_SECRET], changes_per_hour: 100000}\n"
TEXT = "The second invoice of this month came again, with the same number and another amount. Which one is right? " * 4
OURS = ("-m", "starter.cli", "serve", "--port", "0", "--json")
BARE = ("-m", "tests.bench.bare_server")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    path: str
    content: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How requests were taken.

    Attributes:
        latencies: Seconds until the answer, of each, the shortest first.
    """

    seconds: float
    latencies: tuple[float, ...]

    @property
    def per_second(self) -> float:
        """The rate."""
        return len(self.latencies) / self.seconds

    def within(self, share: float) -> float:
        """The seconds that this share (0 to 1) of them does not exceed."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """What one server took: webhooks, and commands; for the bare one, as many inserts."""

    webhooks: Taken
    commands: Taken


async def of_bare(environment: Mapping[str, str], log: Path, *, webhooks: int, commands: int) -> Requests:
    """As many inserts, of the same bodies, by the bare server."""
    async with _server(BARE, environment, log) as (client, _):
        await _taken(client, _insert, COMMANDS_AT_ONCE, COMMANDS_AT_ONCE)  # opens connections
        return Requests(
            webhooks=await _taken(client, _insert, webhooks, WEBHOOKS_AT_ONCE),
            commands=await _taken(client, _insert, commands, COMMANDS_AT_ONCE),
        )


async def of_ours(
    environment: Mapping[str, str], log: Path, tickets: Sequence[str], *, webhooks: int, commands: int
) -> Requests:
    """Notes on these tickets, which are open, and then webhooks; each is durable when it is answered."""
    async with _server(OURS, environment, log) as (client, key):

        def note(number: int) -> Asked:
            headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
            path = f"/v1/escalations/{tickets[number % len(tickets)]}/note"
            body = json.dumps({"text": f"{number}: {TEXT}"}).encode()
            return Asked(path, body, headers | {"Idempotency-Key": str(uuid.uuid4())})

        await _taken(client, note, COMMANDS_AT_ONCE, COMMANDS_AT_ONCE)  # loads what is loaded once
        await _taken(client, _webhook, WEBHOOKS_AT_ONCE, WEBHOOKS_AT_ONCE)
        taken = await _taken(client, note, commands, COMMANDS_AT_ONCE)
        return Requests(commands=taken, webhooks=await _taken(client, _webhook, webhooks, WEBHOOKS_AT_ONCE))


@asynccontextmanager
async def _server(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> AsyncIterator[tuple[httpx2.AsyncClient, str]]:
    """A running server: a client of it, and its key; empty for none."""
    async with worker_process(arguments, environment, log, piped=True) as process:
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            said = json.loads(await process.stdout.readline())
        limits = httpx2.Limits(max_connections=WEBHOOKS_AT_ONCE)
        async with httpx2.AsyncClient(base_url=said["address"], timeout=SECONDS, limits=limits) as client:
            yield client, said.get("key", "")


async def _taken(client: httpx2.AsyncClient, ask: Callable[[int], Asked], number: int, at_once: int) -> Taken:
    clock, latencies = asyncio.get_running_loop().time, list[float]()

    async def send(one: int) -> None:
        asked = ask(one)
        begun = clock()
        answer = await client.post(asked.path, content=asked.content, headers=dict(asked.headers))
        latencies.append(clock() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{asked.path} was answered {answer.status_code}: {answer.text[:200]}")

    _, seconds = await spread_out(send, number, at_once, within=SECONDS)
    return Taken(seconds=seconds, latencies=tuple(sorted(latencies)))


_numbers = count(1)


def _webhook(_: int) -> Asked:
    """A customer writes; never the same event again."""
    id_, ticket = str(uuid.uuid4()), next(_numbers) % TICKETS
    comment = {"id": id_, "body": TEXT, "is_public": True, "author": {"id": "77", "is_staff": False}}
    event = {
        "type": "zen:event-type:ticket.comment_added",
        "id": id_,
        "subject": f"zen:ticket:{ticket}",
        "time": now().isoformat(),
        "detail": {"id": str(ticket), "requester_id": "77", "subject": "Two invoices", "priority": "HIGH"},
        "event": {"comment": comment},
    }
    body = json.dumps(event).encode()
    return Asked("/webhooks/zendesk", body, zendesk_like.signed(id_, body))


def _insert(number: int) -> Asked:
    return Asked("/", _webhook(number).content, {"Content-Type": "application/json"})
