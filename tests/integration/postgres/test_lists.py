"""Lists of the record: every row once, whatever happens between two pages, and from an index."""

import json
from datetime import timedelta
from typing import Any

import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.lists import Lists, Wanted, like_patterns
from activities.adapters.postgres.statements import queries
from escalation.case.codec import to_json
from escalation.lifecycle.viewing import view_of
from escalation.vocabulary import Stage
from tests.unit.domain.case import MONDAY, Case

MANY = 30_000
"""Escalations; one in ten is open, one in a hundred has a broken promise, one in a thousand is Zoe's."""
FILL = """
    insert into escalations (id, recorded, as_of, view)
    select 'escalation-L-' || n, 1, now(), $1::jsonb
        || jsonb_build_object('ticket', 'L-' || n, 'opened_at', $2::timestamptz + n * interval '1 minute')
        || jsonb_build_object('stage', case when n % 10 = 0 then 'working' else 'closed' end)
        || jsonb_build_object('owner', case when n % 1000 = 0 then 'zoe' else 'ana' end)
        || jsonb_build_object('breaches', case when n % 100 = 0 then '{"promise": 1}'::jsonb else '{}'::jsonb end)
    from generate_series(1, $3) as n
"""
WANTED = {
    "open": Wanted(),
    "all": Wanted(include_over=True),
    "of one person": Wanted(owner="zoe", include_over=True),
    "of one person, open": Wanted(owner="zoe"),
    "with a broken promise": Wanted(breached=True, include_over=True),
    "working": Wanted(stage=Stage.WORKING),
}
MOST_ROWS = 500
"""Rows that a page of 50 may read."""


@pytest.fixture
async def many(database: Database) -> Database:
    """A record with very many escalations."""
    case = Case.opened()
    async with database.connection() as connection:
        await connection.execute(FILL, to_json(view_of(case.state, case.policy)), MONDAY, MANY, timeout=60)
        await connection.execute("analyze escalations", timeout=60)
    return database


def rows_read(plan: dict[str, Any]) -> int:
    """How many rows the leaves of a plan read, those that a filter threw away included."""
    below = plan.get("Plans", [])
    if below:
        return sum(map(rows_read, below))
    return int((plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"])


@pytest.mark.slow
async def test_a_page_reads_few_rows_of_very_many(many: Database) -> None:
    statement = queries("lists")["cases"]
    read = {}
    for name, wanted in WANTED.items():
        middle = MONDAY + timedelta(minutes=MANY // 2)
        over = wanted.include_over or wanted.stage is not None
        values = (over, wanted.stage, None, None, wanted.owner, wanted.breached, None, None, middle, "z", 50)
        async with many.transaction() as connection:
            await connection.execute(queries("lists")["one_plan_each"])
            (plan,) = json.loads(await connection.fetchval(f"explain (analyze, format json) {statement}", *values))
        read[name] = rows_read(plan["Plan"])

    assert {name: number for name, number in read.items() if number > MOST_ROWS} == {}


async def test_pages_have_every_row_once_though_rows_come_in_between(database: Database) -> None:
    case = Case.opened()
    view = to_json(view_of(case.state, case.policy))
    async with database.connection() as connection:
        await connection.execute(FILL, view, MONDAY, 7)
    lists, seen, after = Lists(database), [], None
    while page := await lists.cases(Wanted(include_over=True), after=after, limit=3):
        seen += [row.ticket for row in page]
        after = (page[-1].opened_at, page[-1].escalation)
        async with database.connection() as connection:
            late = FILL.replace("'L-'", f"'M{len(seen)}-'").replace("escalation-L-", f"escalation-M{len(seen)}-")
            await connection.execute(late, view, MONDAY + timedelta(days=1), 7)

    assert seen == [f"L-{number}" for number in range(7, 0, -1)]


async def test_only_tickets_of_a_pattern_are_listed(database: Database) -> None:
    case = Case.opened()
    async with database.connection() as connection:
        await connection.execute(FILL, to_json(view_of(case.state, case.policy)), MONDAY, 12)

    rows = await Lists(database).cases(Wanted(include_over=True, tickets=("L-1?", "X%")), after=None, limit=50)

    assert [row.ticket for row in rows] == ["L-12", "L-11", "L-10"]
    assert like_patterns(["A_*", "50%?"]) == [r"A\_%", r"50\%_"]
