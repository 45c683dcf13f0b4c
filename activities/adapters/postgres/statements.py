"""Runs the named queries of one file, each on its own connection: one statement is one transaction."""

from typing import Any

from asyncpg import Record

from activities.adapters.postgres.database import Database
from activities.adapters.postgres.queries import queries


class Statements:
    """The queries of a file; `statements["name"]` is the text of one, for those who run several in a transaction.

    Each method raises what `Database.connection` does.

    Args:
        group: Name of the file in `activities/sql/`, without its ending.
    """

    def __init__(self, database: Database, group: str) -> None:
        self._database = database
        self._texts = queries(group)

    def __getitem__(self, name: str) -> str:
        return self._texts[name]

    async def run(self, name: str, *values: object) -> None:
        """Run a query that answers nothing."""
        async with self._database.connection() as connection:
            await connection.execute(self._texts[name], *values)

    async def rows(self, name: str, *values: object) -> list[Record]:
        """All rows of the answer."""
        async with self._database.connection() as connection:
            return await connection.fetch(self._texts[name], *values)

    async def row(self, name: str, *values: object) -> Record | None:
        """The first row; None without one."""
        async with self._database.connection() as connection:
            return await connection.fetchrow(self._texts[name], *values)

    async def value(self, name: str, *values: object) -> Any:
        """The first value of the first row; None without one."""
        async with self._database.connection() as connection:
            return await connection.fetchval(self._texts[name], *values)
