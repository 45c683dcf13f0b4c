"""Checks that a database can hold the record: its encoding, and write access."""

from typing import TYPE_CHECKING

import asyncpg

from activities.adapters.postgres.statements import queries
from activities.errors import DatabaseUnfit

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

ENCODING = "UTF8"


async def require_fit(connection: "Connection", where: str) -> None:
    """Make sure that any text can be stored there, and that anything can be written at all.

    Raises:
        DatabaseUnfit: it cannot; one line that says why, and what to do.
    """
    found = await connection.fetchrow(queries("start_checks")["database"])
    assert found is not None, "a connection is always to a database"  # noqa: S101
    name = found["name"]
    if found["encoding"] != ENCODING:
        raise DatabaseUnfit(
            f"PostgreSQL at {where}: database `{name}` has the encoding {found['encoding']}, in which not every text can "
            f"be stored; make one with encoding '{ENCODING}' template template0, and name it in ESCALATIONS_DSN"
        )
    if found["schema"] is None:
        raise DatabaseUnfit(f"PostgreSQL at {where}: {_without_schema(found)}")
    if found["standby"]:
        raise DatabaseUnfit(
            f"PostgreSQL at {where} is a standby, which takes no writes; name the primary in ESCALATIONS_DSN"
        )
    if found["read_only"]:
        raise DatabaseUnfit(
            f"PostgreSQL at {where}: database `{name}` is read-only for role `{found['role']}`; turn "
            "default_transaction_read_only off for the role, the database and the server"
        )


async def require_create(connection: "Connection", where: str) -> None:
    """Make sure that our role may create tables.

    Raises:
        DatabaseUnfit: it may not; the line names the grant that is missing.
    """
    found = await connection.fetchrow(queries("start_checks")["database"])
    assert found is not None, "a connection is always to a database"  # noqa: S101
    if not found["may_create"]:
        schema = found["schema"] or "public"
        raise DatabaseUnfit(
            f"PostgreSQL at {where}: role `{found['role']}` may not create tables in schema `{schema}` of database "
            f'`{found["name"]}`; let its owner run: GRANT USAGE, CREATE ON SCHEMA "{schema}" TO "{found["role"]}"'
        )


def _without_schema(found: asyncpg.Record) -> str:
    # That our tables are missing would be said otherwise, though they may be there.
    role, name, there = found["role"], found["name"], found["schemas_there"]
    if there:
        return (
            f"role `{role}` may not use schema `{there[0]}` of database `{name}`; let its owner run: "
            f'GRANT USAGE, CREATE ON SCHEMA "{there[0]}" TO "{role}"'
        )
    return (
        f"database `{name}` has no schema that the search_path of role `{role}` names ({found['search_path']}); "
        f'let the owner of the database create one of them, such as: CREATE SCHEMA public AUTHORIZATION "{role}"'
    )
