"""Reads the named queries of `activities/sql/*.sql`, and runs each on its own connection: one statement is one transaction."""

import re
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from asyncpg import Record

from activities.adapters.postgres.database import Database

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_Made = TypeVar("_Made", bound="DataclassInstance")


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


def made(type_: type[_Made], row: Record, **known: Any) -> _Made:
    """Make a dataclass of the columns named as its fields, arrays as tuples; `known` has the fields of other forms."""
    names = [field.name for field in fields(type_) if field.name not in known]
    values = {name: tuple(row[name]) if isinstance(row[name], list) else row[name] for name in names}
    return type_(**values, **known)


SQL = Path(__file__).parents[2] / "sql"  # the folder of queries and migrations

_NAME = re.compile(r"^-- name: (?P<name>\w+)$", re.MULTILINE)


class BadQueryFile(ValueError):
    """A file of queries does not have the form that is read here."""


@lru_cache(maxsize=32)
def queries(group: str) -> Mapping[str, str]:
    """The queries of `activities/sql/GROUP.sql`, by name."""
    path = SQL / f"{group}.sql"
    return MappingProxyType(parse(path.read_text(encoding="utf-8"), str(path)))


def parse(text: str, source: str) -> dict[str, str]:
    """Split a file at its `-- name: …` lines; comments stay with the query they explain.

    Raises:
        BadQueryFile: Two queries have the same name, or there is none.
    """
    marks = list(_NAME.finditer(text))
    if not marks:
        raise BadQueryFile(f"{source}: no query; begin one with a line `-- name: its_name`")
    found: dict[str, str] = {}
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        name = mark["name"]
        if name in found:
            line = text.count("\n", 0, mark.start()) + 1
            raise BadQueryFile(f"{source}:{line}: a query named `{name}` is defined above; rename one of them")
        found[name] = text[mark.end() : after.start() if after else len(text)].strip()
    return found
