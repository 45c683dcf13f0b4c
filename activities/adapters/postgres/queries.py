"""Reads the named queries of `activities/sql/*.sql`."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

SQL = Path(__file__).parents[2] / "sql"
"""The folder of queries and migrations."""

_NAME = re.compile(r"^-- name: (?P<name>\w+)$", re.MULTILINE)


class BadQueryFile(ValueError):
    """A file of queries does not have the form that is read here."""


@lru_cache(maxsize=32)
def queries(group: str) -> Mapping[str, str]:
    """The queries of one file, by name.

    Args:
        group: Name of the file in `activities/sql/`, without its ending.
    """
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
