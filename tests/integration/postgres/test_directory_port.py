"""The contract of the directory, on a real PostgreSQL."""

import asyncio
from datetime import timedelta, timezone

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.roster import store_roster
from escalation.roster.members import Member
from tests.integration.postgres.asking import rows
from tests.integration.postgres.conftest import POOL_SIZE
from tests.unit.activities.builders import CASE, MONDAY, Clock, member, request
from tests.unit.activities.directory_contract import DirectoryContract, Staff


class TestDirectory(DirectoryContract):
    @pytest.fixture
    def staff(self, database: Database, clock: Clock) -> Staff:
        async def with_members(*members: Member) -> Directory:
            await store_roster(database, members)
            return Directory(database, clock)

        return with_members

    async def test_twenty_connections_at_once_never_exceed_a_limit(self, staff: Staff, database: Database) -> None:
        directory = await staff(*(member(f"person-{n}", max_open=3) for n in range(5)))
        booked = await asyncio.gather(*(directory.assign(request(escalation=f"escalation-{n}")) for n in range(60)))
        assert database.connections == POOL_SIZE
        assert [booked.count(f"person-{n}") for n in range(5)] == [3] * 5
        assert booked.count(None) == 45

    async def test_one_offer_asked_for_on_twenty_connections_is_booked_once(
        self, staff: Staff, database: Database
    ) -> None:
        directory = await staff(*(member(f"person-{n}") for n in range(5)))
        booked = await asyncio.gather(*(directory.assign(request()) for _ in range(40)))
        assert len(set(booked)) == 1
        assert await rows(database, "select escalation, offer from assignments") == [(CASE, 1)]

    async def test_offers_and_releases_in_any_order_leave_at_most_one_booking_each(
        self, staff: Staff, database: Database
    ) -> None:
        directory = await staff(*(member(f"person-{n}", max_open=2) for n in range(3)))
        everything = [
            work
            for number in range(6)
            for offer in (1, 2, 3)
            for work in (
                directory.assign(request(offer, escalation=f"escalation-{number}")),
                directory.release(f"escalation-{number}", offer - 1),
            )
        ]
        await asyncio.gather(*everything)
        open_ones = "select person, count(*) from assignments where released_at is null group by person"
        assert all(number <= 2 for _, number in await rows(database, open_ones))  # type: ignore[operator]  # a count

    async def test_an_offer_given_back_while_it_is_being_booked_books_no_one(
        self, staff: Staff, database: Database
    ) -> None:
        directory = await staff(member("ana"))
        async with database.transaction() as giving_back:
            over = "insert into assignments (escalation, offer, taken_at, released_at) values ($1, 1, $2, $2)"
            await giving_back.execute(over, CASE, MONDAY)
            booking = asyncio.create_task(directory.assign(request()))
            waiting = (
                "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
            )
            while await rows(database, waiting) != [(1,)]:
                assert not booking.done()
        assert await booking is None

    async def test_a_roster_stored_again_replaces_what_was_there(self, database: Database, clock: Clock) -> None:
        past = (MONDAY - timedelta(days=2), MONDAY - timedelta(days=1))
        await store_roster(database, [member("ana", shifts=(past,)), member("ben")])
        await store_roster(database, [member("ana", language="de")])
        directory = Directory(database, clock)
        assert (await directory.person("ana")).language == "de"
        assert (await directory.person("ben")).language == "en"
        assert await directory.assign(request(person="ana")) == "ana"

    async def test_a_shift_given_in_local_time_is_the_same_shift(self, staff: Staff, clock: Clock) -> None:
        there = timezone(timedelta(hours=5, minutes=30))
        shift = (MONDAY.astimezone(there), (MONDAY + timedelta(hours=1)).astimezone(there))
        directory = await staff(member("ana", shifts=(shift,)))
        clock.now = (MONDAY + timedelta(minutes=59)).astimezone(timezone(timedelta(hours=-8)))
        assert await directory.assign(request()) == "ana"
