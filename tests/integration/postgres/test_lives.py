"""Each escalation of a ticket has a number of its own, on a real PostgreSQL."""

import asyncio
from datetime import timedelta

import asyncpg

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.reports import Problem, Reports
from activities.contracts import ClaimLifeInput, RecordInput
from escalation.case.values import PolicyRef
from escalation.compiler.snapshot import checksum
from escalation.lifecycle.decisions.opening import open_escalation
from escalation.lifecycle.rules_version import DEFAULT
from escalation.lifecycle.viewing import view_of
from tests.example_policy import EXAMPLE
from tests.unit.domain.case import MONDAY, opening

REF = PolicyRef(name="example", version=1, checksum=checksum(EXAMPLE))


def claim(run: str, ticket: str = "T-1") -> ClaimLifeInput:
    return ClaimLifeInput(ticket=ticket, run=run, at=MONDAY)


async def record(database: Database, ticket: str, life: int) -> str:
    """Record the opening of one life; its id."""
    at = MONDAY + timedelta(days=life)
    opened = open_escalation(opening(ticket=ticket), policy=EXAMPLE, ref=REF, now=at, rules=DEFAULT, life=life)
    batch = RecordInput(
        escalation=opened.state.escalation,
        first_seq=1,
        events=opened.events,
        view=view_of(opened.state, EXAMPLE),
        as_of=at,
    )
    await Records(database).append(batch)
    return opened.state.escalation


async def test_the_same_run_keeps_its_number_and_another_gets_the_next(database: Database) -> None:
    records = Records(database)
    numbers = [await records.claim_life(claim(run)) for run in ("a", "a", "b", "a", "c")]

    assert numbers == [1, 1, 2, 1, 3]
    assert await records.claim_life(claim("d", ticket="T-2")) == 1


async def test_many_at_once_share_no_number(database: Database) -> None:
    records = Records(database)
    numbers = await asyncio.gather(*(records.claim_life(claim(f"run-{number}")) for number in range(12)))

    assert sorted(numbers) == list(range(1, 13))


async def test_the_next_escalation_gives_back_what_the_one_before_booked(database: Database, dsn: str) -> None:
    records = Records(database)
    await records.claim_life(claim("a"))
    connection = await asyncpg.connect(dsn)
    await connection.execute("insert into people (id, name, address) values ('ana', 'Ana', 'ana@example.com')")
    await connection.execute(
        "insert into assignments (escalation, offer, person, taken_at)"
        " values ('escalation-T-1', 1, 'ana', $1), ('escalation-T-9', 1, 'ana', $1)",
        MONDAY,
    )
    await records.claim_life(claim("b"))
    booked = await connection.fetch("select escalation from assignments where released_at is null")
    await connection.close()

    assert [row["escalation"] for row in booked] == ["escalation-T-9"]


async def test_a_ticket_that_escalated_before_lives_were_numbered_goes_on_with_its_second(
    empty_dsn: str,
) -> None:
    await migrate(empty_dsn)
    async with Database.open(empty_dsn, pool_size=2) as database:
        await record(database, "T-1", 1)
        async with database.connection() as connection:
            await connection.execute("insert into lives select ticket, 1, id, null, opened_at from escalations")

        assert await Records(database).claim_life(claim("new")) == 2


async def test_the_record_shows_all_lives_of_a_ticket_in_order(database: Database) -> None:
    for life in (1, 2):
        await record(database, "T-1", life)
    await record(database, "T-2", 1)
    reports = Reports(database)

    assert [life.number for life in await reports.lives("T-1")] == [1, 2]
    (second,) = await reports.lives("T-1", 2)
    assert second.timeline[0][1].kind == "opened"
    assert await reports.lives("T-1", 3) == ()


async def test_earlier_lives_count_as_history_and_the_own_does_not(database: Database) -> None:
    records = Records(database)
    for life, run in ((1, "a"), (2, "b")):
        await records.claim_life(claim(run))
        await record(database, "T-1", life)
    customer = opening().customer.id

    assert (await records.customer_history("a-new-run", customer)).escalations == ("escalation-T-1~2", "escalation-T-1")
    for own in ("b", "escalation-T-1~2"):
        assert (await records.customer_history(own, customer)).escalations == ("escalation-T-1",)


async def test_the_audit_names_a_life_that_was_numbered_and_never_recorded(database: Database) -> None:
    records = Records(database)
    await records.claim_life(claim("a"))
    await record(database, "T-1", 1)
    await records.claim_life(claim("b"))
    found = await Reports(database).audit(queued_before=MONDAY + timedelta(hours=1))

    assert [one.escalation for one in found if one.problem is Problem.UNRECORDED] == ["escalation-T-1~2"]
    assert not [one for one in await Reports(database).audit(queued_before=MONDAY) if one.problem is Problem.UNRECORDED]
