"""Brings the rows of a log together by ticket, on disk: what is kept in memory does not grow with the log."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

_BY_TICKET = """
SELECT line, cells
FROM rows JOIN (SELECT ticket, MIN(line) AS first FROM rows GROUP BY ticket) USING (ticket)
ORDER BY first, line
"""


def grouped(rows: Iterable[tuple[int, Sequence[Any]]], ticket: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """The rows of one ticket after the other, tickets in the order of their first rows; all are read before the first comes out."""
    with closing(sqlite3.connect("")) as database:  # a file of its own that goes with the connection
        database.execute("CREATE TABLE rows (ticket TEXT, line INTEGER, cells TEXT)")
        database.executemany(
            "INSERT INTO rows VALUES (?, ?, ?)",
            ((str(cells[ticket]).strip(), line, json.dumps(cells)) for line, cells in rows),
        )
        database.execute("CREATE INDEX by_ticket ON rows (ticket, line)")
        for line, cells in database.execute(_BY_TICKET):
            yield line, json.loads(cells)
