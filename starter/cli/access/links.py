"""Commands on the links in messages to colleagues and customers, and on those that log people in."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from cyclopts import App, Parameter
from rich.table import Table
from rich.text import Text

from activities.adapters.postgres.customer_links import CustomerLinks, KeptCustomerLink
from activities.adapters.postgres.directory import Directory
from activities.adapters.postgres.links import KeptLink, Links
from activities.adapters.postgres.sessions import LoginLink, Sessions
from activities.errors import UnknownPerson
from escalation.case.naming import case_name, life_of
from escalation.phrasing import amount_of, minute, words
from escalation.vocabulary import CUSTOMER
from runtime.settings import Settings
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.record.database import open_record
from starter.cli.tables import table_of
from starter.cli.texts import Word
from starter.http.access.roles import Role

app = App(
    name="links", help="List and revoke the links in messages to colleagues and customers; log people in by a link."
)

SHORTEST_ID = 12  # characters that `list` shows of an id

OfTicket = Annotated[str, Parameter(name="--ticket")]


@app.command(name="list")
async def list_(*, ticket: OfTicket = "", person: str = "", context: InContext) -> None:
    """List the links that still work.

    Args:
        ticket: Only those of this ticket.
        person: Only those of the colleague with this id, or `customer`.
    """
    days, links, pages = Settings.load().customer_link_days, tuple[KeptLink, ...](), tuple[KeptCustomerLink, ...]()
    async with open_record() as database:
        if person != CUSTOMER:
            links = await Links(database, context.now).live(ticket=_ticket(ticket), person=person)
        if person in ("", CUSTOMER):
            pages = await CustomerLinks(database, context.now).live(ticket=_ticket(ticket), days=days)
    rows = [*(_shown(one) for one in links), *(_shown_page(one) for one in pages)]
    context.out.items(rows, _table(rows) if rows else Text("no link can be used now"))


@app.command
async def revoke(
    link: str = "",
    *,
    ticket: OfTicket = "",
    person: str = "",
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    context: InContext,
) -> None:
    """End links at once, for example after a message went to the wrong person.

    Args:
        link: Id of one link, as `links list` shows it.
        ticket: All links of this ticket.
        person: All links of the colleague with this id, or `customer`.
        all_: All links.
    """
    if not (link or ticket or person or all_):
        raise BadInput("write the id of a link, --ticket NUMBER, --person ID, or --all")
    if link and (len(link) < SHORTEST_ID or not set(link) <= set("0123456789abcdef")):
        raise BadInput(f'LINK "{link}": is not the id of a link; `escalations links list` shows them')
    ended = 0
    async with open_record() as database:
        if person != CUSTOMER:
            ended += await Links(database, context.now).revoke(ticket=_ticket(ticket), person=person, link=link)
        if person in ("", CUSTOMER):
            ended += await CustomerLinks(database, context.now).revoke(ticket=_ticket(ticket), link=link)
    context.out.document({"revoked": ended}, cell(f"{ended} revoked"))


@app.command
async def login(person: Word, *, role: Role = Role.AGENT, context: InContext) -> None:
    """Print a link that logs a person in to the team's pages, once, within 15 minutes.

    Args:
        person: Their id.
        role: What they may do there: viewer, agent, lead or admin.
    """
    token = secrets.token_urlsafe(32)
    async with open_record() as database:
        try:
            known = await Directory(database, context.now).person(person)
        except UnknownPerson:
            known = None
        if known is None or not known.active:
            raise BadInput(f"PERSON {person}: is not on the team; `escalations roster show` lists who is")
        until = await Sessions(database, context.now).keep_link(token, LoginLink(person=person, role=role))
    url = f"{Settings.load().people_url}/login/link/{token}"
    said = f"{url}\n\nIt logs {person} in as {role}, once, until {minute(until)}."
    context.out.document({"url": url, "person": person, "role": role, "until": until}, Text(said))


@app.command
async def logout(person: Word, *, context: InContext) -> None:
    """End every session of a person, and their unused login links.

    Args:
        person: Their id.
    """
    async with open_record() as database:
        ended = await Sessions(database, context.now).end_all(person)
    context.out.document({"ended": ended}, cell(f"{amount_of(ended, 'session')} ended"))


def _ticket(text: str) -> str:
    try:
        return case_name(text).ticket if text else ""
    except ValueError as error:
        raise BadInput(f"--ticket: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A link that can be used, as `list` shows it."""

    id: str
    escalation: str
    person: str  # id of the colleague it is for, or `customer`
    acts: tuple[str, ...]
    minted_at: datetime
    expires_at: datetime | None  # until when, aware UTC; None for as long as the case lives


def _shown(link: KeptLink) -> Row:
    return Row(
        id=link.id,
        escalation=link.escalation,
        person=link.person,
        acts=tuple(act.value for act in link.ask.acts),
        minted_at=link.minted_at,
        expires_at=link.expires_at,
    )


def _shown_page(link: KeptCustomerLink) -> Row:
    acts = ("see_the_case",)
    return Row(
        id=link.id, escalation=link.escalation, person=CUSTOMER, acts=acts, minted_at=link.minted_at, expires_at=None
    )


def _table(links: Sequence[Row]) -> Table:
    table = table_of("id", "ticket", "for", "to", "sent", "ends")
    for one in links:
        can = ", ".join(map(words, one.acts))
        ends = minute(one.expires_at) if one.expires_at else "with the case"
        table.add_row(*map(cell, (one.id, life_of(one.escalation).short, one.person, can, minute(one.minted_at), ends)))
    return table
