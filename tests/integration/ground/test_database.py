"""A database that cannot hold the record, or refuses our login, is one line that says what to change, for each program."""

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.migrate import migrate
from activities.adapters.postgres.records import Records
from activities.adapters.postgres.start_checks import require_ground, uses
from activities.errors import DatabaseUnavailable, DatabaseUnfit
from runtime.settings import Settings
from runtime.start_checks.checks import NotReady, require
from runtime.start_checks.start import start_checks
from tests.integration.ground.conftest import escalations
from tests.integration.ground.pooler import pooler_to
from tests.integration.postgres.server import Server
from tests.unit.activities.builders import OPENED, batch

UNREACHABLE = 5


async def administer(server: Server, *statements: str, database: str = "postgres") -> None:
    connection = await asyncpg.connect(server.dsn(database))
    try:
        for each in statements:
            await connection.execute(each)
    finally:
        await connection.close()


def as_role(dsn: str, role: str, password: str = "a-word") -> str:  # noqa: S107
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{role}:{password}@{parts.hostname}:{parts.port}"))


def through(dsn: str, address: str) -> str:
    parts = urlsplit(dsn)
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@{address}"))


@pytest.fixture
async def role(server: Server) -> AsyncIterator[str]:
    """A role that may log in, and nothing else."""
    name = f"app_{uuid4().hex[:8]}"
    await administer(server, f"create role {name} login password 'a-word'")
    yield name
    await administer(server, f"drop owned by {name}", f"drop role {name}")


async def told(monkeypatch: pytest.MonkeyPatch, dsn: str) -> str:
    """What `migrate` and a worker say of this database; both say the same."""
    monkeypatch.setenv("ESCALATIONS_DSN", dsn)
    with pytest.raises(NotReady) as caught:
        await require(start_checks(Settings())[1:])
    done = await escalations("migrate")
    said = str(caught.value)
    assert (done.code, len(done.err.splitlines())) == (UNREACHABLE, 1)
    assert done.err.endswith(f": {said}\n")
    assert "a-word" not in said
    return said


async def test_a_database_that_cannot_hold_every_text_is_refused(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"latin_{uuid4().hex[:8]}"
    await administer(server, f"create database {name} encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0")
    said = await told(monkeypatch, server.dsn(name))
    assert f"database `{name}` has the encoding LATIN1" in said
    assert "encoding 'UTF8' template template0" in said
    await administer(server, f"drop database {name} with (force)")


async def test_a_read_only_database_is_refused(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await administer(server, f"alter role {role} set default_transaction_read_only = on")

    said = await told(monkeypatch, as_role(dsn, role))
    assert f"is read-only for role `{role}`; turn default_transaction_read_only off" in said


async def test_a_role_that_may_not_create_tables_is_given_the_grant(
    server: Server, role: str, empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", as_role(empty_dsn, role))

    done = await escalations("migrate")

    assert done.code == UNREACHABLE
    assert done.err.endswith(f'let its owner run: GRANT USAGE, CREATE ON SCHEMA "public" TO "{role}"\n')
    await administer(server, f'grant usage, create on schema "public" to "{role}"', database=database_of(empty_dsn))
    assert (await escalations("migrate")).code == 0
    await administer(
        server, f"reassign owned by {role} to postgres", f"drop owned by {role}", database=database_of(empty_dsn)
    )


def database_of(dsn: str) -> str:
    return urlsplit(dsn).path.strip("/")


async def test_a_role_without_rights_on_the_tables_is_given_the_grant(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = database_of(dsn)
    monkeypatch.setenv("ESCALATIONS_DSN", as_role(dsn, role))
    with pytest.raises(NotReady) as caught:
        await require(start_checks(Settings())[1:])
    assert f"role `{role}` lacks " in str(caught.value)
    grant = f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "public" TO "{role}"'
    assert str(caught.value).endswith(grant)
    assert (await escalations("report")).code == UNREACHABLE

    await administer(server, grant, database=database)
    await require(start_checks(Settings())[1:])
    await administer(server, f"drop owned by {role}", database=database)


async def test_a_role_that_may_not_call_our_functions_is_given_the_grant(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = database_of(dsn)
    monkeypatch.setenv("ESCALATIONS_DSN", as_role(dsn, role))
    tables = f'grant select, insert, update, delete on all tables in schema public to "{role}"'
    await administer(server, tables, "revoke execute on all functions in schema public from public", database=database)

    with pytest.raises(NotReady) as caught:
        await require(start_checks(Settings())[1:])
    grant = f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "public" TO "{role}"'
    assert f"role `{role}` may not call book(), " in str(caught.value)
    assert str(caught.value).endswith(grant)

    await administer(server, grant, database=database)
    await require(start_checks(Settings())[1:])
    await administer(
        server,
        "grant execute on all functions in schema public to public",
        f"drop owned by {role}",
        database=database,
    )


async def test_a_grant_names_the_schema_in_which_our_tables_and_functions_are(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = database_of(dsn)
    monkeypatch.setenv("ESCALATIONS_DSN", as_role(dsn, role))
    await administer(
        server,
        'alter schema public rename to "Our Cases"',
        f'grant usage, create on schema "Our Cases" to "{role}"',
        'revoke execute on all functions in schema "Our Cases" from public',
        f'alter role "{role}" in database "{database}" set search_path = "Our Cases"',
        database=database,
    )

    for what in ("EXECUTE ON ALL FUNCTIONS", "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES"):
        with pytest.raises(NotReady) as caught:
            await require(start_checks(Settings())[1:])
        grant = f'GRANT {what} IN SCHEMA "Our Cases" TO "{role}"'
        assert str(caught.value).endswith(grant)
        await administer(server, grant, database=database)
    await require(start_checks(Settings())[1:])

    await administer(
        server,
        f"drop owned by {role}",
        f'alter role "{role}" in database "{database}" reset search_path',
        'grant execute on all functions in schema "Our Cases" to public',
        'alter schema "Our Cases" rename to public',
        database=database,
    )


async def test_a_role_that_may_not_use_the_schema_is_given_the_grant_and_not_the_advice_to_migrate(
    server: Server, role: str, empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await migrate(empty_dsn)
    await administer(server, "revoke usage on schema public from public", database=database_of(empty_dsn))

    said = await told(monkeypatch, as_role(empty_dsn, role))
    assert f"role `{role}` may not use schema `public`" in said
    assert said.endswith(f'GRANT USAGE, CREATE ON SCHEMA "public" TO "{role}"')


async def test_a_search_path_without_a_schema_is_said_with_what_to_create(
    server: Server, role: str, empty_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await administer(server, f"alter role {role} set search_path = nowhere, elsewhere")

    said = await told(monkeypatch, as_role(empty_dsn, role))
    assert "has no schema that the search_path of role" in said
    assert "(nowhere, elsewhere)" in said


async def test_only_the_tables_that_the_program_uses_are_asked_for(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    tables = {row[0] for row in await connection.fetch("select relname from pg_class where relkind in ('r', 'v')")}
    await connection.close()
    written = {table for table, right in uses() if right != "SELECT"}
    assert written <= tables
    assert {"timeline", "escalations", "deliveries", "people"} <= {table for table, _ in uses()}


WRONG = [
    (
        "{role}:nope@{host}/{name}",
        "password authentication failed",
        "check the user and the password in ESCALATIONS_DSN",
    ),
    ("{role}:a-word@{host}/nowhere", 'database "nowhere" does not exist', "correct the database's name"),
    ("nobody:a-word@{host}/{name}", "nobody", "check the user"),
    ("{role}:a-word@{host}/{name}?sslmode=require", "rejected SSL upgrade", "write sslmode=disable"),
    ("{role}:a-word@127.0.0.1:1/{name}", "127.0.0.1:1 ", "check that it runs, and host and port"),
    ("{role}:a-word@database.invalid/{name}", "database.invalid:5432", "check the host in ESCALATIONS_DSN"),
]


@pytest.mark.parametrize(("address", "problem", "advice"), WRONG)
async def test_a_part_of_the_address_that_is_wrong_is_named(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch, address: str, problem: str, advice: str
) -> None:
    filled = address.format(role=role, host=f"127.0.0.1:{server.port}", name=database_of(dsn))

    said = await told(monkeypatch, f"postgresql://{filled}")
    assert problem in said
    assert advice in said


@pytest.mark.parametrize(
    ("change", "problem", "advice"),
    [
        ("nologin", "is not permitted to log in", "ALTER ROLE … LOGIN"),
        ("connection limit 0", "too many connections for role", "lower ESCALATIONS_POOL_SIZE"),
    ],
)
async def test_a_role_that_is_not_let_in_is_said_with_what_to_change(
    server: Server, role: str, dsn: str, monkeypatch: pytest.MonkeyPatch, change: str, problem: str, advice: str
) -> None:
    await administer(server, f"alter role {role} {change}")

    said = await told(monkeypatch, as_role(dsn, role))
    assert problem in said
    assert advice in said


async def test_missing_migrations_name_the_command(empty_dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALATIONS_DSN", empty_dsn)
    with pytest.raises(NotReady, match="run `escalations migrate`"):
        await require(start_checks(Settings())[1:])


async def test_migrations_and_the_record_work_behind_a_pooler_that_shares_connections(
    server: Server, empty_dsn: str
) -> None:
    async with pooler_to(server) as (peer, pooler):
        pooled = through(empty_dsn, peer.address)
        done = await asyncio.gather(*(migrate(pooled) for _ in range(4)))
        assert sorted(map(len, done))[:3] == [0, 0, 0]
        async with Database.open(pooled, pool_size=4) as database:
            await require_ground(database)
            records = Records(database)
            await records.append(batch([OPENED]))
            for _ in range(5):
                await asyncio.gather(*(require_ground(database) for _ in range(4)))
        assert pooler.shared, "a transaction ran on a connection of another client"


async def test_a_pooler_that_holds_no_transaction_is_refused_with_the_setting_that_helps(
    server: Server, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pooler_to(server, by_statement=True) as (peer, _):
        monkeypatch.setenv("ESCALATIONS_DSN", through(dsn, peer.address))
        with pytest.raises(NotReady, match="set pool_mode = transaction, or session, in the pooler"):
            await require(start_checks(Settings())[1:])


async def test_a_parameter_that_the_pooler_does_not_know_is_named(server: Server, dsn: str) -> None:
    async with pooler_to(server) as (peer, _):
        address = f"{through(dsn, peer.address)}&lock_timeout=5s"
        with pytest.raises(DatabaseUnavailable, match="unsupported startup parameter: lock_timeout; take it out"):
            await migrate(address)


def test_what_cannot_be_used_until_it_is_changed_is_still_a_database_that_is_unavailable() -> None:
    assert issubclass(DatabaseUnfit, DatabaseUnavailable), "activities go on trying: a grant may come"
