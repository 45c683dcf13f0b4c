"""Many workers book people at once on a real PostgreSQL: no one beyond their limit, no case twice."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import timedelta

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.roster import store_roster
from activities.adapters.postgres.statements import queries
from activities.contracts import AssignInput
from escalation.roster.members import Member
from escalation.vocabulary import Category
from tests.integration.postgres.asking import rows
from tests.unit.activities.builders import MONDAY, Clock, member, request

WORKERS = 50
CASES = 5_000
SPECIALISTS, GENERALISTS = 40, 40
LIMIT = 55
"""80 people of 55 cases: 600 cases find no one."""

BEYOND = "select person, open, most from load where open > most"
OPEN_BY_PERSON = "select person, count(*) from assignments where released_at is null group by person"


def team() -> Iterator[Member]:
    """Half of them on shift for the day, half always there; and some who may get none."""
    day = (MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=12))
    yesterday = (MONDAY - timedelta(days=1), MONDAY - timedelta(hours=1))
    for number in range(SPECIALISTS):
        yield member(f"specialist-{number}", max_open=LIMIT, skills=(*Category, "printers"), shifts=(day,))
    for number in range(GENERALISTS):
        yield member(f"generalist-{number}", max_open=LIMIT)
    yield member("off-shift", max_open=999, shifts=(yesterday,))
    yield member("inactive", max_open=999, active=False)
    yield member("elsewhere", max_open=999, tiers=(2,))


@pytest.fixture
async def wide(dsn: str) -> AsyncIterator[Database]:
    async with Database.open(dsn, pool_size=WORKERS + 1, acquire_seconds=30, command_seconds=30) as database:
        yield database


async def counts(database: Database, sql: str) -> dict[object, object]:
    """What a query with a name and a number in each row says."""
    async with database.connection() as connection:
        return {row[0]: row[1] for row in await connection.fetch(sql)}


class Desk:
    """Workers that take cases from one pile, and the answers they got."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.answers: dict[tuple[str, int], set[str | None]] = {}

    async def work(self, pile: Iterator[AssignInput]) -> None:
        for asked in pile:
            answer = await self.directory.assign(asked)
            self.answers.setdefault((asked.escalation, asked.request.offer), set()).add(answer)

    async def work_off(self, pile: list[AssignInput]) -> None:
        shared = iter(pile)
        await asyncio.gather(*(self.work(shared) for _ in range(WORKERS)))

    def answer(self, escalation: str, offer: int = 1) -> str | None:
        (only,) = self.answers[escalation, offer]
        return only


async def watched(database: Database, work: asyncio.Task[None]) -> list[tuple[object, ...]]:
    """Everyone seen with more than their limit while the work goes on; each look sees one moment."""
    seen: list[tuple[object, ...]] = []
    while not work.done():
        seen += await rows(database, BEYOND)
    await work
    return seen


@pytest.mark.timeout(240)
async def test_fifty_workers_book_five_thousand_cases_within_every_limit(
    wide: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await store_roster(wide, team())
    desk = Desk(Directory(wide, Clock()))
    cases = [f"escalation-{number}" for number in range(CASES)]
    # Every fourth is asked for twice, as after a lost answer.
    pile = [
        request(escalation=case, skills=("printers",) if number % 3 == 0 else ())
        for number, case in enumerate(cases)
        for _ in range(2 if number % 4 == 0 else 1)
    ]
    began = time.perf_counter()
    beyond = await watched(wide, asyncio.create_task(desk.work_off(pile)))
    took = time.perf_counter() - began
    with capsys.disabled():
        print(f"\n{len(pile)} assignments by {WORKERS} workers in {took:.1f} s, {len(pile) / took:.0f} a second")  # noqa: T201 (what was measured)

    assert beyond == []
    booked = Counter(desk.answer(case) for case in cases)
    nobody = booked.pop(None)
    assert nobody == CASES - (SPECIALISTS + GENERALISTS) * LIMIT
    assert set(booked.values()) == {LIMIT}
    assert len(booked) == SPECIALISTS + GENERALISTS
    assert await counts(wide, OPEN_BY_PERSON) == booked
    assert await counts(wide, "select person, open from load where open > 0") == booked
    skilled = {desk.answer(case) for case in cases[::3]} - {None}
    assert all(str(person).startswith("specialist") for person in skilled)


@pytest.mark.timeout(120)
async def test_loads_stay_true_while_cases_are_given_back_and_offered_on(wide: Database) -> None:
    await store_roster(wide, (member(f"person-{number}", max_open=10) for number in range(20)))
    desk = Desk(Directory(wide, Clock()))
    cases = [f"escalation-{number}" for number in range(180)]

    async def live(case: str) -> None:
        for offer in (1, 2, 3):
            tried = tuple({desk.answer(case, earlier) for earlier in range(1, offer)} - {None})
            await desk.work(iter([request(offer, escalation=case, tried=tried)]))
            if hash((case, offer)) % 2:
                await desk.directory.release(case, offer)

    beyond = await watched(wide, asyncio.create_task(_all(live, cases)))

    assert beyond == []
    live_ones = await rows(wide, "select escalation, count(*) from assignments where released_at is null group by 1")
    assert {number for _, number in live_ones} == {1}
    people = [desk.answer(case, offer) for case in cases for offer in (1, 2, 3)]
    assert None not in people
    for case in cases:
        assert len({desk.answer(case, offer) for offer in (1, 2, 3)}) == 3
    by_person = await counts(wide, OPEN_BY_PERSON)
    assert await counts(wide, "select person, open from load where open > 0") == by_person


async def _all(live: Callable[[str], Awaitable[None]], cases: list[str]) -> None:
    await asyncio.gather(*(live(case) for case in cases))


async def test_one_assignment_is_one_round_trip(dsn: str) -> None:
    sent: list[str] = []
    async with Database.open(dsn, pool_size=1) as database:
        await store_roster(database, [member("ana")])
        async with database.connection() as connection:
            connection.add_query_logger(lambda query: sent.append(query.query))
        assert await Directory(database, Clock()).assign(request()) == "ana"
    assert [query for query in sent if "reset" not in query.lower()] == [queries("directory")["assign"]]


async def test_a_crash_between_booking_and_answer_leaves_one_booking(database: Database) -> None:
    """The connection dies after the booking; the repeat finds it."""
    await store_roster(database, [member("ana"), member("ben")])
    directory = Directory(database, Clock())
    async with database.connection() as connection:
        cut = "select pg_terminate_backend(pg_backend_pid()) from (select book($1, 1, $2, '', 1, '{}', 0, '{}', '')) b"
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
            await connection.fetchval(cut, "escalation-1", MONDAY)
    first = await directory.assign(request(escalation="escalation-1"))
    assert await directory.assign(request(escalation="escalation-1")) == first
    assert await rows(database, "select person, open from load where open > 0") == [(first, 1)]


async def test_people_are_booked_in_read_committed_only(database: Database) -> None:
    """In another isolation the function would decide on loads from before it got its turn."""
    await store_roster(database, [member("ana")])
    async with database.connection() as connection:
        with pytest.raises(asyncpg.FeatureNotSupportedError, match="READ COMMITTED"):
            async with connection.transaction(isolation="repeatable_read"):
                await connection.fetchval("select book('e-1', 1, now(), '', 1, '{}', 0, '{}', '')")


@pytest.mark.parametrize(
    "change",
    [
        "update assignments set person = 'ben'",
        "update assignments set escalation = 'escalation-9'",
        "update assignments set offer = 9",
        "update assignments set taken_at = taken_at - interval '1 hour'",
        "update assignments set released_at = null",
        "update assignments set released_at = released_at + interval '1 hour'",
    ],
)
async def test_a_booking_can_only_be_given_back(database: Database, change: str) -> None:
    await store_roster(database, [member("ana"), member("ben")])
    directory = Directory(database, Clock())
    assert await directory.assign(request()) == "ana"
    await directory.release(request().escalation, 1)
    with pytest.raises(asyncpg.RestrictViolationError, match="can only be given back"):
        await rows(database, change)


async def test_a_second_live_booking_of_an_escalation_is_refused(database: Database) -> None:
    await store_roster(database, [member("ana"), member("ben")])
    await Directory(database, Clock()).assign(request())
    with pytest.raises(asyncpg.UniqueViolationError, match="assignments_open"):
        await rows(
            database,
            "insert into assignments (escalation, offer, person, taken_at) values ($1, 2, 'ben', $2)",
            request().escalation,
            MONDAY,
        )
