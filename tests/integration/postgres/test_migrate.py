"""Migrations on a real PostgreSQL."""

import asyncio
from dataclasses import fields
from pathlib import Path

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.faults import InvalidDsn, SchemaMissing
from activities.adapters.postgres.migrate import (
    BadMigration,
    MigrationFailed,
    migrate,
    migrations,
    require_schema,
    revert,
)
from activities.adapters.postgres.policies import Policies
from activities.adapters.postgres.records import Records
from activities.errors import DatabaseUnavailable
from escalation.lifecycle.view import CaseView
from tests.example_policy import EXAMPLE
from tests.unit.activities.builders import MONDAY, OPENED, batch

ALL = tuple(step.source for step in migrations())


async def fetch(dsn: str, sql: str) -> list[object]:
    connection = await asyncpg.connect(dsn)
    try:
        return [row[0] for row in await connection.fetch(sql)]
    finally:
        await connection.close()


async def relations(dsn: str) -> list[object]:
    mine = (
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') order by 1"
    )
    return await fetch(dsn, mine)


def write(folder: Path, name: str, up: str, down: str = "select 1;") -> None:
    (folder / name).write_text(f"-- migrate:up\n{up}\n-- migrate:down\n{down}\n", encoding="utf-8")


async def test_an_empty_database_gets_the_whole_schema_in_order(empty_dsn: str) -> None:
    assert await migrate(empty_dsn) == ALL
    assert await fetch(empty_dsn, "select version from schema_migrations order by 1") == [
        step.version for step in migrations()
    ]
    assert {"escalations", "timeline", "deliveries", "people", "shifts", "assignments", "policies", "reviews"} <= set(
        await relations(empty_dsn)
    )


async def test_a_second_run_has_nothing_to_do(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    assert await migrate(empty_dsn) == ()


async def test_many_runners_at_once_apply_each_step_once(empty_dsn: str) -> None:
    done = await asyncio.gather(*(migrate(empty_dsn) for _ in range(8)))
    assert sorted(done, key=len) == [()] * 7 + [ALL]


async def test_every_step_can_be_taken_back_and_taken_again(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    everything = await relations(empty_dsn)
    taken_back = [await revert(empty_dsn) for _ in ALL]
    assert taken_back == list(reversed(ALL))
    assert await relations(empty_dsn) == ["schema_migrations"]
    assert await revert(empty_dsn) is None
    assert await migrate(empty_dsn) == ALL
    assert await relations(empty_dsn) == everything


async def test_a_step_that_fails_half_way_leaves_nothing_behind(empty_dsn: str, tmp_path: Path) -> None:
    write(tmp_path, "0001_good.sql", "create table good (id int);")
    write(tmp_path, "0002_bad.sql", "create table half (id int); insert into half values (1); select 1 / 0;")
    write(tmp_path, "0003_never.sql", "create table never (id int);")
    with pytest.raises(MigrationFailed, match=r"0002_bad.sql: division by zero; nothing of it was kept"):
        await migrate(empty_dsn, tmp_path)
    assert await relations(empty_dsn) == ["good", "schema_migrations"]
    write(tmp_path, "0002_bad.sql", "create table half (id int);")
    assert await migrate(empty_dsn, tmp_path) == ("0002_bad.sql", "0003_never.sql")


async def test_a_step_of_a_newer_release_is_not_taken_back(empty_dsn: str, tmp_path: Path) -> None:
    write(tmp_path, "0001_new.sql", "create table new (id int);")
    await migrate(empty_dsn, tmp_path)
    (tmp_path / "0001_new.sql").unlink()
    with pytest.raises(MigrationFailed, match="newer release"):
        await revert(empty_dsn, tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("first.sql", "-- migrate:up\n-- migrate:down\n", "call it like"),
        ("0001_a.sql", "create table a (id int);", "needs a line"),
        ("0001_a.sql", "-- migrate:down\n-- migrate:up\n", "needs a line"),
        (
            "0001_a.sql",
            "-- migrate:up\n-- later\n-- migrate:down\ndrop table a;\n",
            "no statement below `-- migrate:up`",
        ),
        (
            "0001_a.sql",
            "-- migrate:up\ncreate table a (id int);\n-- migrate:down\n",
            "no statement below `-- migrate:down`",
        ),
        ("0001_a.sql", "-- why\n-- migrate:up transaction:false\n-- migrate:down\n", r"0001_a\.sql:2: options"),
        ("0001_a.sql", "-- migrate:up\n-- migrate:down transaction:false\n", r"0001_a\.sql:2: options"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadMigration, match=problem):
        migrations(tmp_path)


def test_two_files_with_the_same_number_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "0001_a.sql", "select 1;")
    write(tmp_path, "0001_b.sql", "select 1;")
    with pytest.raises(BadMigration, match=r"0001_b\.sql: its number is that of 0001_a\.sql"):
        migrations(tmp_path)


async def test_no_server_is_said_so() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"127\.0\.0\.1:1 "):
        await migrate("postgresql://someone@127.0.0.1:1/escalations")


async def test_an_address_that_cannot_be_read_is_said_so() -> None:
    with pytest.raises(InvalidDsn, match="postgresql://user"):
        await migrate("mysql://someone:xyzzy@127.0.0.1/escalations")


async def test_without_a_schema_the_error_says_what_to_run(empty_dsn: str) -> None:
    async with Database.open(empty_dsn) as database:
        with pytest.raises(SchemaMissing, match="run `escalations migrate`"):
            await Records(database).append(batch([OPENED]))
        with pytest.raises(SchemaMissing, match=f"{ALL[0]}.*not applied"):
            await require_schema(database)


async def test_a_schema_that_lags_behind_is_noticed(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    await revert(empty_dsn)
    async with Database.open(empty_dsn) as database:
        with pytest.raises(SchemaMissing, match=ALL[-1]):
            await require_schema(database)
        await migrate(empty_dsn)
        await require_schema(database)


async def test_the_pool_goes_on_when_the_schema_changes_under_it(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    async with Database.open(empty_dsn, pool_size=1) as database:
        policies = Policies(database, lambda: MONDAY)
        await policies.store(EXAMPLE, "c" * 64)
        await policies.load(EXAMPLE.name)
        await fetch(empty_dsn, "alter table policies alter column compiled type json")
        assert (await policies.load(EXAMPLE.name)).policy == EXAMPLE


async def test_the_derived_columns_of_cases_that_were_recorded_before_say_the_same(empty_dsn: str) -> None:
    columns = (
        "select jsonb_build_array(ticket, severity, reasons, tier, opened_at, next_due, breaches, score, life) "
        "from escalations"
    )
    await migrate(empty_dsn)
    async with Database.open(empty_dsn, pool_size=1) as database:
        await Records(database).append(batch([OPENED]))
    derived = await fetch(empty_dsn, columns)
    while await revert(empty_dsn) != "0011_derived_columns.sql":
        pass
    assert await fetch(empty_dsn, columns) == derived
    await migrate(empty_dsn)
    assert await fetch(empty_dsn, columns) == derived


async def test_every_derived_column_reads_a_field_that_the_view_has(empty_dsn: str) -> None:
    await migrate(empty_dsn)
    columns = (
        r"select substring(generation_expression from 'view [-#]>>? ''\{?(\w+)') from information_schema.columns "
        "where table_name = 'escalations' and is_generated = 'ALWAYS'"
    )
    assert set(await fetch(empty_dsn, columns)) <= {field.name for field in fields(CaseView)}
