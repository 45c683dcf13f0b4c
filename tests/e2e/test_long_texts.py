"""A reply of 300,000 characters meets a PostgreSQL that is stopped and a worker that is killed: it is kept, whole and once."""

from pathlib import Path
from random import Random

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.long_texts import LongTexts
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.reports import Reports
from escalation.bounds import reference_in
from escalation.case.commands import AddNote, RecordCustomerReply, TellCustomer
from escalation.case.events import CustomerReplied
from escalation.case.naming import workflow_id
from tests.e2e.test_crash import client_of, until_idle
from tests.integration.postgres.server import create_database, running_server
from tests.stack import environment_of, running_stack, running_worker
from tests.unit.domain.case import opening

TICKET = "LONG-1"
_chance = Random(5)  # noqa: S311 (the same text each time, no secret)
DENSE = "".join(map(chr, _chance.choices(range(0x10000, 0x110000), k=300_000)))
LOG = "2026-03-02 09:00:00 ERROR the queue is full\n" * 7_000


async def _replies(database: Database) -> list[str]:
    timeline = await Reports(database).timeline(workflow_id(TICKET))
    return [event.text for _, event in timeline if isinstance(event, CustomerReplied)]


@pytest.mark.timeout(300)  # 30 s for an activity that a killed worker was busy with
async def test_a_long_reply_outlives_a_stopped_database_and_a_killed_worker(tmp_path: Path) -> None:
    async with running_server() as server, running_stack(tmp_path / "data") as stack:
        dsn = await create_database(server, "long_texts")
        await migrate(dsn)
        environment = environment_of(stack, ESCALATIONS_DSN=dsn)
        async with running_worker(tmp_path / "worker.log", environment) as worker:
            client = await client_of(stack)
            await client.open(opening(ticket=TICKET))
            await until_idle(client, TICKET, seconds=30)
            await server.stop()
            answer = await client.send(TICKET, RecordCustomerReply(text=DENSE), command_id="reply")
            await client.send(TICKET, AddNote(text="They wrote a long mail.", by="ana"))
            await worker.crash()
            await server.start()
            await worker.start()
            assert await client.send(TICKET, RecordCustomerReply(text=DENSE), command_id="reply") == answer
            await client.send(TICKET, TellCustomer(text=LOG, by="ana"))
            await until_idle(client, TICKET, seconds=60)
        async with Database.open(dsn, pool_size=1) as database:
            (excerpt,) = await _replies(database)
            whole = await LongTexts(database).whole(workflow_id(TICKET), reference_in(excerpt))
            async with database.connection() as connection:
                kept = await connection.fetchval("select count(*) from long_texts")
        bodies = [mail.message.get_body(("plain",)) for mail in stack.sink.messages]
        letters = [str(body.get_content()) for body in bodies if body is not None]
    assert whole == DENSE
    assert kept == 2
    assert [LOG.strip() in letter.replace("\r\n", "\n") for letter in letters].count(True) == 1
