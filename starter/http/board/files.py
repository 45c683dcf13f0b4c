"""The tables of the board by name, and as files."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from activities.adapters.postgres import board
from activities.adapters.postgres.board import Tables


class Table(StrEnum):
    """The tables, by their names in addresses."""

    AT_RISK = "at-risk"
    TIERS = "tiers"
    PEOPLE = "people"
    SKIPS = "skips"
    UNDELIVERED = "undelivered"
    STUCK = "stuck"
    TREND = "trend"

    @property
    def attribute(self) -> str:
        """Its name among the tables of the record."""
        return self.value.replace("-", "_")


_ROWS: dict[Table, Any] = {
    Table.AT_RISK: board.AtRisk,
    Table.TIERS: board.TierLoad,
    Table.PEOPLE: board.PersonLoad,
    Table.SKIPS: board.Skip,
    Table.UNDELIVERED: board.Undelivered,
    Table.STUCK: board.Stuck,
    Table.TREND: board.Week,
}


def rows_of(tables: Tables, table: Table) -> Sequence[Any]:
    """The rows of one table."""
    rows: Sequence[Any] = getattr(tables, table.attribute)
    return rows


def as_csv(tables: Tables, table: Table) -> str:
    """A table as comma-separated values with a line of names, instants in UTC.

    A text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    names = [one.name for one in fields(_ROWS[table])]
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    for row in rows_of(tables, table):
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds")
        case date() | int():
            return str(value)
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
