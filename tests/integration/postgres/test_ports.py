"""The ports on a real PostgreSQL, and what only a real one can show."""

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.ledger import Ledger
from activities.adapters.postgres.mail import MailRecords
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.records import Records
from activities.ports.sending import Claim
from escalation.messages.keys import mail_mark, message_id
from escalation.vocabulary import Channel
from tests.integration.postgres.asking import rows
from tests.integration.postgres.conftest import POOL_SIZE
from tests.unit.activities.builders import CASE, MONDAY, OPENED, Clock, a_letter, batch
from tests.unit.activities.ledger_contract import LedgerContract
from tests.unit.activities.policies_contract import PoliciesContract


class TestLedger(LedgerContract):
    @pytest.fixture
    def ledger(self, database: Database, clock: Clock) -> Ledger:
        return Ledger(database, clock, lease=timedelta(minutes=1))

    async def test_the_ledger_shows_the_whole_story(self, ledger: Ledger, database: Database, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(seconds=61)
        await self.claim(ledger)
        await self.fail(ledger, final=True)
        story = "select status, attempts, possibly_repeated, gave_up, receipt, error, recipient from deliveries"
        assert await rows(database, story) == [("failed", 2, 1, True, "", "451 later", "customer")]
        clock.move(seconds=5)
        await self.claim(ledger)
        await self.send(ledger)
        assert await rows(database, story) == [("sent", 3, 1, False, "250 ok", "", "customer")]
        spans = await rows(database, "select first_at, last_at, claimed_until from deliveries")
        assert spans == [(MONDAY, MONDAY + timedelta(seconds=66), None)]

    async def test_an_odd_answer_of_a_mail_server_can_be_kept(self, ledger: Ledger, database: Database) -> None:
        await self.claim(ledger)
        await ledger.sent(CASE, "receipt", channel=Channel.EMAIL, receipt="250\x00ok", letter=a_letter())
        assert await rows(database, "select receipt from deliveries") == [("250\ufffdok",)]

    async def test_the_first_receipt_stays(self, ledger: Ledger, database: Database) -> None:
        await self.claim(ledger)
        await self.send(ledger)
        await ledger.sent(CASE, "receipt", channel=Channel.EMAIL, receipt="250 again", letter=a_letter())
        assert await rows(database, "select receipt from deliveries") == [("250 ok",)]

    async def test_of_many_that_take_over_an_old_claim_one_succeeds(self, ledger: Ledger, clock: Clock) -> None:
        await self.claim(ledger)
        clock.move(minutes=2)
        answers = await asyncio.gather(*(self.claim(ledger) for _ in range(POOL_SIZE)), return_exceptions=True)
        assert answers.count(Claim(maybe_sent=True)) == 1

    async def test_a_letter_that_comes_back_before_it_counts_as_sent_is_known(
        self, ledger: Ledger, database: Database
    ) -> None:
        await Records(database).append(batch([OPENED]))
        await self.claim(ledger)
        thread = await MailRecords(database).thread([f"<{mail_mark(message_id(CASE, 'receipt'))}@example.com>"])
        assert thread is not None
        assert (thread.letter, thread.to) == ("receipt", "customer")


class TestPolicies(PoliciesContract):
    @pytest.fixture
    def policies(self, database: Database, clock: Clock) -> Policies:
        return Policies(database, clock)


async def test_instants_do_not_depend_on_the_servers_time_zone(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    owner = await asyncpg.connect(empty_dsn)
    name = await owner.fetchval("select current_database()")
    await owner.execute(f"alter database \"{name}\" set timezone = 'America/Vancouver'")
    await owner.close()
    async with Database.open(empty_dsn) as database:
        await Records(database).append(batch([OPENED]))
        assert (await Records(database).view(CASE)).opened_at == MONDAY
        (found,) = await rows(database, "select opened_at, opened_at::text from escalations")
    assert found == (datetime(2026, 3, 2, 9, tzinfo=UTC), "2026-03-02 09:00:00+00")
