"""The board's addresses: the page, its charts, and a file of each table. All of them only read."""

import csv
import io
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from activities.adapters.postgres.board import (
    AtRisk,
    Board,
    PersonLoad,
    Skip,
    Stuck,
    Tables,
    TierLoad,
    Undelivered,
    Week,
)
from activities.adapters.postgres.directory import Directory
from starter.http.access.roles import QUESTIONS
from starter.http.agent.pages import Reader
from starter.http.backend import Backend, Connected
from starter.http.board.charts import Chart, drawn
from starter.http.board.page import WORDS, Asked, board_page, week_names
from starter.http.login.page_route import PageRoute
from starter.http.login.sessions import Session, session_of
from starter.http.pages.page import HEADERS
from starter.http.rest.answering import document


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
    Table.AT_RISK: AtRisk,
    Table.TIERS: TierLoad,
    Table.PEOPLE: PersonLoad,
    Table.SKIPS: Skip,
    Table.UNDELIVERED: Undelivered,
    Table.STUCK: Stuck,
    Table.TREND: Week,
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


ROWS_SHOWN, ROWS_IN_FILES = 100, 100_000  # rows of a table at most
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'"  # for a chart: its library writes its style into it

router = APIRouter(prefix="/board", include_in_schema=False, route_class=PageRoute)


@router.get("")
async def board(request: Request, backend: Connected) -> Response:
    """Show the board: cases at risk, load, and what did not happen."""
    session, asked = await _reader(request), Asked.by(request.query_params)
    read = Board(backend.database, backend.now())
    tables = await read.tables(asked.chosen, weeks=asked.weeks, limit=ROWS_SHOWN)
    names = {str(one.id): one.name for one in await Directory(backend.database, backend.now).colleagues()}
    reader = Reader.of(session, backend.now())
    return board_page(reader, asked, tables, await read.choices(), names, most=ROWS_SHOWN)


@router.get("/charts/{chart}.svg")
async def picture(request: Request, backend: Connected, chart: Chart) -> Response:
    """A chart."""
    session, asked = await _reader(request), Asked.by(request.query_params)
    reader = Reader.of(session, backend.now())
    weeks = await Board(backend.database, backend.now()).trend(asked.chosen, weeks=asked.weeks)
    svg = drawn(chart, weeks, WORDS[reader.language], week_names(reader, weeks))
    headers = {**HEADERS, "Content-Security-Policy": PICTURE_POLICY}
    return Response(svg, media_type="image/svg+xml", headers=headers)


@router.get("/{table}.csv")
async def csv_file(request: Request, backend: Connected, table: Table) -> Response:
    """A table as comma-separated values."""
    text = as_csv(await _tables(request, backend), table)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{table.value}.csv"'}
    # With a mark at the beginning, or spreadsheets take it for another encoding.
    return Response(text.encode("utf-8-sig", "replace"), media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/{table}.json")
async def json_file(request: Request, backend: Connected, table: Annotated[Table, Path()]) -> Response:
    """A table as JSON."""
    answer = document(rows_of(await _tables(request, backend), table))
    answer.headers.update(HEADERS)
    return answer


async def _tables(request: Request, backend: Backend) -> Tables:
    await _reader(request)
    asked = Asked.by(request.query_params)
    return await Board(backend.database, backend.now()).tables(asked.chosen, weeks=asked.weeks, limit=ROWS_IN_FILES)


async def _reader(request: Request) -> Session:
    session = await session_of(request)
    session.caller.must_have(QUESTIONS, "/board")
    session.caller.must_reach_all()
    return session
