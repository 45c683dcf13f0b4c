"""`kill -9` of server and worker between the steps of a webhook: what was answered with 200 is applied, and once."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.inbox import Inbox
from activities.adapters.postgres.reports import Reports
from activities.ports.inbox import Entry, EntryState
from escalation.case.events import Noted
from examples.demo.stage import ROOT
from runtime.embedded.stack import EmbeddedStack
from tests.chaos.proxy import Line
from tests.integration.http.senders import ENVIRONMENT, Sender, written
from tests.stack import environment_of, running_worker

QUEUE = "webhooks-e2e"
SECONDS = 60.0


@asynccontextmanager
async def server(environment: Mapping[str, str], log: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, Sender]]:
    """`escalations serve` as a process, and a help desk that sends to it; both end with the block."""
    command = (sys.executable, "-m", "starter.cli", "serve", "--port", "0", "--json")
    with log.open("ab") as lines:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=lines
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(SECONDS):
            address = json.loads(await process.stdout.readline())["address"]
        async with httpx2.AsyncClient(base_url=address, timeout=SECONDS) as client:
            yield process, Sender(client)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def crash(process: asyncio.subprocess.Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def settled(inbox: Inbox, ticket: str, number: int) -> list[Entry]:
    async with asyncio.timeout(SECONDS):
        while True:
            found = await inbox.listed(ticket=ticket, most=100)
            if sum(one.state is not EntryState.STORED for one in found) >= number:
                return found[::-1]
            await asyncio.sleep(0.05)


async def noted(database: Database, ticket: str, number: int) -> list[str]:
    """The notes of the ticket in the record, once that many are there."""
    async with asyncio.timeout(SECONDS):
        while True:
            timeline = await Reports(database).timeline(f"escalation-{ticket}")
            notes = [event.text for _, event in timeline if isinstance(event, Noted)]
            if len(notes) >= number:
                return notes
            await asyncio.sleep(0.1)


@pytest.mark.timeout(240)
async def test_what_was_answered_is_applied_once_whatever_dies_in_between(stack: EmbeddedStack, tmp_path: Path) -> None:
    host, _, port = stack.temporal_address.rpartition(":")
    files = {
        "ESCALATIONS_WEBHOOKS": str(written(tmp_path, api="http://127.0.0.1:1")),
        "ESCALATIONS_TASK_QUEUE": QUEUE,
        **ENVIRONMENT,
    }
    direct, log, ticket = environment_of(stack, **files), tmp_path / "server.log", "K9"
    notes = [f"Note {number}." for number in range(8)]

    async with Line(host, int(port)) as line, Database.open(stack.dsn, pool_size=2) as database:
        inbox, cut_off = Inbox(database), direct | {"TEMPORAL_ADDRESS": line.address}
        async with server(cut_off, log) as (process, desk):
            # Temporal is cut off, so what is stored is handed to no one before the server dies.
            await line.refuse()
            assert (await desk.send("tagged", ticket, tags=["escalate"], id_="open")).status_code == 200
            for number in range(4):
                answer = await desk.send("note", ticket, text=notes[number], author_id="agent-1", id_=f"n{number}")
                assert answer.status_code == 200
            await crash(process)
        assert {one.state for one in await inbox.listed(ticket=ticket, most=9)} == {EntryState.STORED}

        async with server(direct, log) as (process, desk):
            # This one hands everything over, with the repeats of a sender that got no answer, and no worker is there yet.
            for number, text in enumerate(notes):
                await desk.send("note", ticket, text=text, author_id="agent-1", id_=f"n{number}")
            await crash(process)

        async with running_worker(tmp_path / "worker.log", direct) as worker:
            await settled(inbox, ticket, 2)
            await worker.crash()
            await worker.start()
            entries = await settled(inbox, ticket, 9)
            found = await noted(database, ticket, len(notes))

    assert {one.state for one in entries} == {EntryState.APPLIED}
    assert sorted(found) == notes
    assert sum(one.repeats for one in entries) == 4
