"""Commands on events that help desks and chats sent."""

from typing import Annotated

from cyclopts import App, Parameter
from rich.text import Text

from activities.adapters.new_part import MessageWords
from activities.adapters.postgres.inbox import Inbox
from activities.ports.inbox import Entry, EntryState
from runtime.settings import PREFIX, Settings
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.record.database import open_record
from starter.cli.texts import Word
from starter.cli.webhooks.tables import SourceStanding, entries_table, entry_page, sources_table
from starter.mail.receiving import receiver_of
from starter.webhooks.file import connections_of
from starter.webhooks.retrying import Retrying

app = App(
    name="webhooks",
    help="List and show the events that help desks and chats sent; retry or drop those that were not applied.",
)
app.command(
    "starter.cli.webhooks.check:check",
    name="check",
    help="Show how a webhook would be read, and which commands would follow.",
)

TO_LOOK_AT = (EntryState.STORED, EntryState.DEAD)
MOST = 100
MOST_RETRIED = 10_000


@app.command
async def sources(*, context: InContext) -> None:
    """List the sources, with the numbers of their waiting and dead events."""
    connections = connections_of(Settings.load(), with_secrets=False)
    async with open_record() as database:
        counts = await Inbox(database).counts()
    standings = [
        SourceStanding(
            source=name,
            address=f"/webhooks/{name}",
            policy=connections[name].policy if name in connections else "",
            is_configured=name in connections,
            waiting=counts.get(name, {}).get(EntryState.STORED, 0),
            dead=counts.get(name, {}).get(EntryState.DEAD, 0),
            total=sum(counts.get(name, {}).values()),
        )
        for name in sorted({*connections, *counts})
    ]
    none = Text(f"no product is connected; name a webhook file in {PREFIX}WEBHOOKS (docs/webhooks.md)")
    context.out.items(standings, sources_table(standings) if standings else none)


@app.command(name="list")
async def list_(
    *,
    source: Word | None = None,
    ticket: Word | None = None,
    state: tuple[EntryState, ...] = (),
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    limit: int = MOST,
    context: InContext,
) -> None:
    """List waiting and dead events, latest first.

    Args:
        source: Only those of this product.
        ticket: Only those of this ticket, under its number in the product.
        state: Only those in this state; repeat it for several.
        all_: Include events that were applied or ignored.
        limit: List at most N events.
    """
    wanted = None if all_ else (state or TO_LOOK_AT)
    async with open_record() as database:
        found = await Inbox(database).listed(source=source, ticket=ticket, states=wanted, most=max(1, limit))
    none = Text("nothing came" if all_ else "nothing waits, and nothing is dead; --all lists what was applied")
    context.out.items([_short(one) for one in found], entries_table(found, context.now()) if found else none)


@app.command
async def show(number: int, *, context: InContext) -> None:
    """Show an event: the request, what was read from it, and its state.

    Args:
        number: Number of the event, as `webhooks list` shows it.
    """
    async with open_record() as database:
        entry = await _entry(Inbox(database), number)
    context.out.document(entry, entry_page(entry))


@app.command
async def retry(
    *numbers: int,
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    source: Word | None = None,
    context: InContext,
) -> None:
    """Apply dead or dropped events again, under the current mapping.

    Args:
        numbers: Numbers of the events, as `webhooks list` shows them.
        all_: Every dead event.
        source: With --all: only those of this product.
    """
    settings = Settings.load()
    connections = connections_of(settings, with_secrets=False)
    async with open_record() as database:
        inbox = Inbox(database)
        mail = receiver_of(settings, database, context.now) if settings.mail_in_address else None
        retrying = Retrying(inbox, connections, MessageWords(), mail)
        done = [await retrying.retry(one, context.now()) for one in await _named(inbox, numbers, source, all_=all_)]
    shown = [f"{one.number}: {one.refused or 'is applied within seconds'}" for one in done] or ["no event is dead"]
    context.out.items(done, Text("\n").join(map(cell, shown)))
    if done and all(one.refused for one in done):
        raise BadInput("nothing is retried; each line says why")


@app.command
async def drop(
    *numbers: int,
    why: Word,
    all_: Annotated[bool, Parameter(name="--all", negative=())] = False,
    source: Word | None = None,
    context: InContext,
) -> None:
    """Give up waiting or dead events for good.

    Args:
        numbers: Numbers of the events, as `webhooks list` shows them.
        why: Why they are not needed.
        all_: Every dead event.
        source: With --all: only those of this product.
    """
    async with open_record() as database:
        inbox = Inbox(database)
        found = await _named(inbox, numbers, source, all_=all_)
        dropped = [one.id for one in found if await inbox.drop(one.id, reason=why, at=context.now())]
    settled = [one.id for one in found if one.id not in dropped]
    shown = [f"{one}: dropped" for one in dropped] + [f"{one}: is settled already" for one in settled]
    context.out.document(
        {"dropped": dropped, "settled": settled}, Text("\n").join(map(cell, shown or ["no event is dead"]))
    )


async def _named(inbox: Inbox, numbers: tuple[int, ...], source: str | None, *, all_: bool) -> list[Entry]:
    if bool(numbers) == all_:
        raise BadInput("name the events by their numbers, or write --all for every dead one")
    if all_:
        return await inbox.listed(source=source, states=[EntryState.DEAD], most=MOST_RETRIED)
    return [await _entry(inbox, number) for number in numbers]


async def _entry(inbox: Inbox, number: int) -> Entry:
    found = await inbox.entry(number) if 0 < number < 2**63 else None
    if found is None:
        raise BadInput(f"NUMBER {number}: there is no such event; `escalations webhooks list --all` shows them")
    return found


def _short(entry: Entry) -> dict[str, object]:
    """An event for a list: without what came."""
    return {name: getattr(entry, name) for name in Entry.__dataclass_fields__ if name not in ("event", "request")}
