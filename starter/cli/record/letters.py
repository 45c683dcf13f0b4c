"""The command that shows messages as they went out."""

from typing import Annotated

from cyclopts import Parameter
from rich.console import Group, RenderableType
from rich.text import Text

from activities.adapters.postgres.reports import Reports
from activities.adapters.postgres.tasks import Desk, SentLetter
from escalation.case.naming import case_name
from escalation.case.state_parts import HeldMessage
from escalation.phrasing import minute, words
from escalation.vocabulary import CUSTOMER
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.parameters import Ticket
from starter.cli.record.database import open_record
from starter.cli.tables import table_of
from starter.errors import NoSuchCase


async def letter(
    ticket: Ticket,
    number: int | None = None,
    *,
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    context: InContext,
) -> None:
    """List the letters that the customer got, or print one exactly as it went out.

    Args:
        ticket: Ticket number, meaning all its escalations; or the id of one, such as escalation-777~2.
        number: Number of the message to print, as the list shows it.
        all_: List the offers and notices to colleagues too.
    """
    name = case_name(ticket)
    async with open_record() as database:
        desk = Desk(database)
        sent, held = await desk.letters(name.ticket, name.life), await desk.held(name.ticket, name.life)
        if not sent and not await Reports(database).lives(name.ticket, name.life):
            raise NoSuchCase(str(name), f"the record knows no `{name}`; check the ticket number")
    if number is None:
        shown = [one for one in sent if all_ or one.to == CUSTOMER]
        waiting = [one for one in held if all_ or one.to == CUSTOMER]
        context.out.items(
            [*shown, *waiting], Group(_list(shown, name.short, is_all=len(shown) == len(sent)), *map(_held, waiting))
        )
        return
    found = next((one for one in sent if one.number == number), None)
    if found is None:
        known = f"there are 1 to {len(sent)}" if sent else "nothing went out yet"
        raise BadInput(f"NUMBER {number}: `{name.short}` has no such message; {known}")
    context.out.whole(found, _page(found))


def _list(sent: list[SentLetter], ticket: str, *, is_all: bool) -> RenderableType:
    if not sent:
        return Text("no letter went out yet")
    table = table_of("no.", "sent (UTC)", "to", "what", "it begins")
    for one in sent:
        headline, _, _ = one.body.partition("\n")
        table.add_row(
            str(one.number), minute(one.sent_at).removesuffix(" UTC"), cell(one.to), _what(one), cell(headline)
        )
    hidden = "" if is_all else "; numbers left out are messages to colleagues: --all lists them"
    table.caption = f"escalations letter {ticket} NUMBER prints one{hidden}"
    table.caption_justify = "left"
    return table


def _what(one: SentLetter) -> str:
    return f"{words(one.kind)}, came back" if one.is_lost else words(one.kind)


def _held(one: HeldMessage) -> Text:
    return cell(f"held until {minute(one.until)}, because of quiet hours: {words(one.message)} to {one.to}", "yellow")


def _page(one: SentLetter) -> str:
    body = one.body.rstrip("\n")
    lost = "Came back: it did not arrive\n" if one.is_lost else ""
    return f"Sent: {minute(one.sent_at)}\n{lost}To: {one.to}\nSubject: {one.subject}\n\n{body}"
