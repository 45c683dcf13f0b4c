"""Whether a worker can keep its record in a database: fitness, schema, and the rights of its role."""

import re
from collections.abc import Iterator
from functools import lru_cache

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.fitness import require_fit
from activities.adapters.postgres.migrate import require_schema
from activities.adapters.postgres.statements import SQL, queries
from activities.errors import DatabaseUnfit

NAMED = 4  # how many rights that are missing a message names

_MADE = re.compile(r"\bcreate\s+(?:or\s+replace\s+)?function\s+([a-z_]+)", re.IGNORECASE)
_USES = (
    (re.compile(r"\b(?:from|join)\s+([a-z_]+)", re.IGNORECASE), "SELECT"),
    (re.compile(r"\binsert\s+into\s+([a-z_]+)", re.IGNORECASE), "INSERT"),
    (re.compile(r"\bupdate\s+([a-z_]+)\s+(?:as\s+\w+\s+)?set\b", re.IGNORECASE), "UPDATE"),
    (re.compile(r"\binsert\s+into\s+([a-z_]+)[^;]*?\bdo\s+update\b", re.IGNORECASE), "UPDATE"),
    (re.compile(r"\bdelete\s+from\s+([a-z_]+)", re.IGNORECASE), "DELETE"),
)


async def require_ground(database: Database) -> None:
    """Make sure that a worker can keep its record there.

    Raises:
        DatabaseUnfit: the encoding, a read-only database, or rights that are missing.
        SchemaMissing: migrations are missing.
        DatabaseUnavailable: it does not answer.
    """
    # In a transaction, as most of what follows: a pooler that cannot hold one shows it here.
    async with database.transaction() as connection:
        await require_fit(connection, database.where)
        needed = uses()
        rows = await connection.fetch(
            queries("start_checks")["rights_missing"], [table for table, _ in needed], [right for _, right in needed]
        )
        refused = await connection.fetch(queries("start_checks")["functions_refused"], list(functions()))
        role = await connection.fetchval("select current_user")
        schema = await connection.fetchval("select current_schema()")
    if refused:
        named = ", ".join(f"{row['name']}()" for row in refused[:NAMED])
        raise DatabaseUnfit(
            f"PostgreSQL at {database.where}: role `{role}` may not call {named}; let the functions' owner run: "
            f'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "{schema}" TO "{role}"'
        )
    if rows:
        lacking = [f"{row['privilege']} on {row['relation']}" for row in rows]
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        raise DatabaseUnfit(
            f"PostgreSQL at {database.where}: role `{role}` lacks {', '.join(lacking[:NAMED])}{more}; let the tables' "
            f'owner run: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"'
        )
    await require_schema(database)


@lru_cache(maxsize=1)
def functions() -> tuple[str, ...]:
    """The functions that our migrations make."""
    texts = (path.read_text(encoding="utf-8") for path in (SQL / "migrations").glob("*.sql"))
    return tuple(sorted({name.lower() for text in texts for name in _MADE.findall(text)}))


@lru_cache(maxsize=1)
def uses() -> tuple[tuple[str, str], ...]:
    """Return which privilege our queries need on which table, as pairs of a name and a privilege, read from the queries."""
    return tuple(sorted(set(_uses())))


def _uses() -> Iterator[tuple[str, str]]:
    yield "schema_migrations", "SELECT"
    for path in SQL.glob("*.sql"):
        text = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        for pattern, privilege in _USES:
            for name in pattern.findall(text):
                yield name.lower(), privilege
