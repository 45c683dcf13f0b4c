"""An incident with a real worker that is killed while forty customers are being notified."""

import asyncio
from pathlib import Path

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.reports import Reports
from escalation.case.naming import workflow_id
from escalation.incident.commands import TellLinked
from escalation.incident.vocabulary import Result
from examples.demo.verdict import KEY_HEADER
from runtime.embedded.stack import EmbeddedStack
from starter.client import EscalationClient
from tests.e2e.test_crash import client_of, letters_by_key
from tests.integration.client.people import until
from tests.stack import environment_of, running_stack, running_worker
from tests.unit.domain.case import opening

TICKETS = [f"E-{number}" for number in range(40)]
AT_A_TIME = 8
SETTLED_SECONDS = 80
"""A killed worker's errand goes to another after 10 s, a letter it was busy with after 60 s."""


async def open_all(client: EscalationClient) -> None:
    slots = asyncio.Semaphore(AT_A_TIME)

    async def one(ticket: str) -> None:
        async with slots:
            await client.open(opening(ticket=ticket), policy="default")

    await asyncio.gather(*(one(ticket) for ticket in TICKETS))


async def letters(stack: EmbeddedStack) -> set[str]:
    """Keys of the bulletins that customers got."""
    keys = {str(one.message[KEY_HEADER]) for one in stack.sink.messages}
    return {key for key in keys if key.endswith("/bulletin/mail/1/customer")}


@pytest.mark.timeout(300)
async def test_a_worker_killed_while_it_updates_forty_leaves_no_one_out_and_repeats_nothing(tmp_path: Path) -> None:
    async with running_stack(tmp_path / "data") as stack, Database.open(stack.dsn, pool_size=2) as database:
        async with running_worker(tmp_path / "worker.log", environment_of(stack)) as worker:
            client = await client_of(stack)
            await open_all(client)
            await client.incidents.open("mail", title="Mail is late", by="zoe")
            await client.incidents.link("mail", TICKETS, by="desk")
            await client.incidents.send("mail", TellLinked(text="We found it.", by="zoe"))
            await until(lambda: letters(stack), bool, seconds=60)
            await worker.crash()
            assert len(await letters(stack)) < len(TICKETS)
            await worker.start()
            status = await until(
                lambda: client.incidents.status("mail"),
                lambda status: not (status.view.owed or status.unrecorded),
                seconds=SETTLED_SECONDS,
            )
            await until(lambda: letters(stack), lambda keys: len(keys) == len(TICKETS), seconds=SETTLED_SECONDS)
        reports = Reports(database)
        timelines = [await reports.timeline(workflow_id(ticket)) for ticket in TICKETS]
        async with database.connection() as connection:
            recorded = await connection.fetchrow("select stage, linked, bulletins from incidents where name = 'mail'")
        by_key = letters_by_key(stack.sink.messages)

    assert [one.result for one in status.view.links] == [Result.TOLD] * len(TICKETS)
    for timeline in timelines:
        kinds = [event.kind for _, event in timeline]
        assert (kinds.count("incident_linked"), kinds.count("bulletin_relayed")) == (1, 1)
    assert recorded is not None
    assert tuple(recorded) == ("open", len(TICKETS), 1)
    assert all(len({one.message_id for one in same}) == 1 for same in by_key.values())
