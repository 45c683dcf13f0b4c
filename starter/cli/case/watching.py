"""`escalations watch`: open escalations, the one due next on top, refreshed."""

import asyncio
import itertools
from asyncio import sleep
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter, validators
from rich.console import Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from escalation.lifecycle.view import CaseView
from escalation.people import with_names
from escalation.phrasing import words
from escalation.vocabulary import OVER
from starter.cli.case.tables import status_page
from starter.cli.cases import Cases
from starter.cli.context import Context, InContext
from starter.cli.output import cell
from starter.cli.parameters import Ticket, WallTime
from starter.cli.tables import NOTHING, absolute, relative, severity_cell, table_of, threshold_words
from starter.errors import NoSuchCase, TemporalUnreachable, WorkersBusy
from workflows.contract import Status

AT_ONCE = 10  # how many escalations are asked at a time: each question is work for a worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The result of one refresh."""

    statuses: tuple[Status, ...] = ()  # those that answered, due soonest first
    silent: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # name of each person by id
    trouble: str = ""  # why this is what the look before found; empty when it is fresh


async def watch(
    ticket: Ticket | None = None,
    *,
    every: WallTime | None = None,
    count: Annotated[int | None, Parameter(validator=validators.Number(gte=1))] = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1, lte=500))] = 50,
    context: InContext,
) -> None:
    """Show open escalations, or one, and keep the view current; Ctrl-C ends it.

    Args:
        ticket: Only this one: ticket number, or the escalation's full id.
        every: Time between two refreshes; 2s if not given.
        count: Refresh at most N times.
        limit: Show at most N escalations.
    """
    looks = _looks(context, ticket, limit, pause=2.0 if every is None else every.total_seconds(), count=count)
    out = context.out
    if not out.as_json and out.console.is_terminal:
        with Live(console=out.console, auto_refresh=False) as live:
            async for seen in looks:
                live.update(page(seen, context.now(), single=ticket is not None), refresh=True)
    else:
        async for seen in looks:
            out.items(seen.statuses, page(seen, context.now(), single=ticket is not None))


async def _looks(
    context: Context, ticket: str | None, limit: int, *, pause: float, count: int | None
) -> AsyncIterator[Seen]:
    client = await context.cases()
    seen = await look(client, ticket, limit)
    yield seen
    for _ in itertools.count(1) if count is None else range(1, count):
        await sleep(pause)
        try:
            seen = await look(client, ticket, limit)
        except (TemporalUnreachable, WorkersBusy) as error:
            # A watcher wants to see when the server is back, so only the first refresh may fail.
            seen = replace(seen, trouble=str(error))
        yield seen


async def look(client: Cases, ticket: str | None, limit: int) -> Seen:
    """Ask one escalation, or every open one, how it is.

    Raises:
        NoSuchCase: there is no such escalation.
        WorkersBusy: no worker answered for the one that was asked for.
        TemporalUnreachable: no server answered.
    """
    if ticket is not None:
        return Seen(statuses=(await client.status(ticket),), names=await client.names(ticket))
    listed = await client.list(None, limit=limit)
    few = asyncio.Semaphore(AT_ONCE)

    async def ask(escalation: str) -> Status | str | None:
        async with few:
            try:
                return await client.status(escalation)
            except WorkersBusy:
                return escalation
            except NoSuchCase:
                return None  # the list is a moment behind

    answers = await asyncio.gather(*(ask(row.escalation) for row in listed))
    statuses = (answer for answer in answers if isinstance(answer, Status) and answer.view.stage not in OVER)
    return Seen(
        statuses=(ordered := tuple(sorted(statuses, key=_due_soonest))),
        names=await client.names(ordered[0].escalation) if ordered else {},
        silent=tuple(sorted(answer for answer in answers if isinstance(answer, str))),
    )


def page(seen: Seen, now: datetime, *, single: bool) -> RenderableType:
    """Render the result of one refresh."""
    parts: list[RenderableType] = []
    if single:
        parts += [status_page(status, now, seen.names) for status in seen.statuses]
    else:
        parts.append(_overview(seen.statuses, now, seen.names) if seen.statuses else Text("nothing is open"))
    if seen.silent:
        parts.append(cell(f"no worker answered for {', '.join(seen.silent)}", "yellow"))
    if seen.trouble:
        parts.append(cell(f"not fresh: {seen.trouble}", "bold red"))
    return Group(*parts)


def _overview(statuses: Sequence[Status], now: datetime, names: Mapping[str, str]) -> Table:
    columns = ("ticket", "sev.", "stage", "owner", "next", "", "missed")
    table = table_of(*columns, title=f"{len(statuses)} open at {absolute(now)}")
    for status in statuses:
        view = with_names(status.view, names, and_ids=True)
        clock = words(view.next_due_clock or NOTHING)
        broken = sum(view.breaches.values())
        table.add_row(
            cell(view.ticket, "bold"),
            severity_cell(view.severity),
            cell("; ".join((f"{words(view.stage)}, tier {view.tier}", *_asked(view)))),
            cell(view.owner or (f"({view.offered_to})" if view.offered_to else NOTHING)),
            cell(f"{clock} {threshold_words(view.next_due_threshold)}"),
            relative(view.next_due, now),
            cell(broken or NOTHING, "bold red" if broken else ""),
        )
    return table


def _asked(view: CaseView) -> Iterator[str]:
    """Colleagues whose word is waited for."""
    if view.consult is not None:
        yield f"{view.consult.to} asked (advice)"
    if view.approval is not None:
        yield f"{view.approval.approver or NOTHING} asked (approval)"


def _due_soonest(status: Status) -> tuple[bool, datetime, str]:
    due = status.view.next_due
    return due is None, due or status.view.opened_at, status.view.ticket
