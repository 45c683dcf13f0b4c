"""The command that undoes a cancellation."""

from starter.cli.context import InContext
from starter.cli.open_tables import opening_page
from starter.cli.parameters import Asked, Ticket
from starter.cli.texts import WrittenText
from starter.undoing import undo_cancel as undo


async def undo_cancel(ticket: Ticket, *, why: WrittenText, asked: Asked, context: InContext) -> None:
    """Undo a cancellation: the ticket escalates again, its last owner is asked first, and the customer is informed.

    Args:
        ticket: Ticket number.
        why: How it came to be cancelled by mistake, for the team.
        asked: Who asks.
    """
    opening = await undo(await context.cases(), ticket, by=asked.by, why=why, now=context.now())
    context.out.document(opening, opening_page(opening))
