"""Commands on tickets in help desks: list, link and resume."""

from datetime import timedelta

from cyclopts import App
from rich.table import Table
from rich.text import Text

from activities.adapters.postgres.desk_links import DeskLinks
from activities.ports.desks import DeskLink
from escalation.phrasing import minute
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.record.database import open_record
from starter.cli.tables import NOTHING, table_of
from starter.cli.texts import Word

LATE = timedelta(minutes=5)  # a ticket that is behind for longer is listed

app = App(name="desk", help="List help-desk tickets that are out of step, link a ticket, or resume writing to one.")


@app.command(name="list")
async def list_(*, context: InContext) -> None:
    """List the tickets that were given up, or have been out of step for five minutes."""
    async with open_record() as database:
        links = await DeskLinks(database).behind(context.now() - LATE)
    context.out.items(links, _table(links) if links else Text("all tickets are in step"))


@app.command
async def link(ticket: Word, source: Word, desk_ticket: Word, *, context: InContext) -> None:
    """Update a help-desk ticket from an escalation that no webhook opened.

    Args:
        ticket: Our ticket number.
        source: Name of the connection in the webhook file.
        desk_ticket: Its number in the help desk.
    """
    async with open_record() as database:
        links = DeskLinks(database)
        await links.link(ticket, source, desk_ticket, context.now())
        linked = await links.link_of(ticket)
    if linked is None or (linked.source, linked.desk_ticket) != (source, desk_ticket):
        other = f"{linked.desk_ticket} of {linked.source}" if linked else "another ticket"
        raise BadInput(f"{ticket} and {desk_ticket} of {source}: one of them is linked already, to {other}")
    context.out.document(linked, cell(f"{ticket} is kept in step with {desk_ticket} of {source}"))


@app.command
async def resume(ticket: Word, *, context: InContext) -> None:
    """Resume writing to a ticket that was given up, once the cause is fixed.

    Args:
        ticket: Our ticket number.
    """
    async with open_record() as database:
        links = DeskLinks(database)
        await links.resume(ticket)
        linked = await links.link_of(ticket)
    if linked is None:
        raise BadInput(f"{ticket} is not linked to a help desk; `escalations desk link` does that")
    context.out.document(linked, cell(f"{ticket} is kept in step with {linked.desk_ticket} of {linked.source}"))


def _table(links: list[DeskLink]) -> Table:
    table = table_of("ticket", "in the help desk", "in step", "what is wrong")
    for one in links:
        state = f"given up {minute(one.lost_at)}" if one.lost_at else _last(one)
        table.add_row(*map(cell, (one.ticket, f"{one.desk_ticket} of {one.source}", state, one.error or NOTHING)))
    return table


def _last(link: DeskLink) -> str:
    return f"last {minute(link.in_step_at)}" if link.in_step_at else "not yet"
