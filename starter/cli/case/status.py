"""`escalations status`, in its own module because the other commands load every event type."""

from starter.cli.case.remembered import from_record
from starter.cli.case.tables import status_page
from starter.cli.context import InContext
from starter.cli.parameters import Ticket
from starter.errors import UnknownEscalation


async def status(ticket: Ticket, *, context: InContext) -> None:
    """Show the owner of a case, its stage, and what is due when."""
    client = await context.cases()
    try:
        status = await client.status(ticket)
    except UnknownEscalation as unknown:
        status, _ = await from_record(ticket, unknown)
    context.out.document(status, status_page(status, context.now(), await client.names(ticket)))
