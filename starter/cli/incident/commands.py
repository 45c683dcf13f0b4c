"""Commands on incidents: one cause, many escalations."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from escalation.case.naming import case_name
from escalation.incident.commands import (
    IncidentCommand,
    LinkTickets,
    OpenIncident,
    ReopenIncident,
    ResolveIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.vocabulary import IncidentStage
from starter.cli.as_typed import told_as_typed
from starter.cli.context import Context
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.parameters import Asked, Instant, WallTime, check_ticket, either
from starter.cli.texts import SomeText, Word, WrittenText, read_all
from workflows.incident_messages import IncidentStatus
from workflows.options import incident_of

LOOK_AGAIN_SECONDS = 0.2

Name = Annotated[str, Parameter(help="Name of the incident, or its full id.")]
Limit = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))]
Wait = Annotated[
    WallTime | None, Parameter(help="Wait until everybody has heard of it, so long at most; then tell how it stands.")
]
TicketFile = Annotated[
    Path | None, Parameter(name="--file", allow_leading_hyphen=True, help="More tickets, one a line; - reads stdin.")
]


class IncidentCommands:
    """What somebody does who looks after an outage."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def open(self, name: Word, *, title: WrittenText, cause: SomeText = "", asked: Asked) -> None:
        """Begin an incident; one whose name is taken stays as it is.

        Args:
            name: Short and never used again; letters, digits, `.`, `_` and `-`.
            title: What is wrong.
            cause: What is known of the cause.
            asked: Who asks.
        """
        client = await self._context.cases()
        with told_as_typed(OpenIncident(name=name, title=title, cause=cause, by=asked.by)):
            opening = await client.incidents.open(name, title=title, cause=cause, by=asked.by)
        happened = "opened" if opening.started else "was there already; it stays as it is"
        self._context.out.document(opening, cell(f"{opening.incident} {happened}"))

    async def link(self, name: Name, *tickets: str, file: TicketFile = None, wait: Wait = None, asked: Asked) -> None:
        """Say of escalations that this is what they are about; they are told the latest bulletin."""
        await self._send(name, LinkTickets(tickets=self._tickets(tickets, file), by=asked.by), asked, wait)

    async def unlink(self, name: Name, *tickets: str, file: TicketFile = None, wait: Wait = None, asked: Asked) -> None:
        """They are about something else after all."""
        await self._send(name, UnlinkTickets(tickets=self._tickets(tickets, file), by=asked.by), asked, wait)

    async def tell(
        self,
        name: Name,
        text: WrittenText,
        *,
        next_step: SomeText = "",
        next_by: Instant | None = None,
        next_in: WallTime | None = None,
        wait: Wait = None,
        asked: Asked,
    ) -> None:
        """Send each linked customer an update, once.

        Args:
            name: Name of the incident, or its full id.
            text: The update.
            next_step: What happens next.
            next_by: By when, as an instant with its offset; becomes a promise to each of them.
            next_in: The same as a duration from now, such as 2h.
            wait: Wait until everybody has heard of it, so long at most.
            asked: Who asks, and the command's id.
        """
        by_when: datetime | None = either(next_by, next_in, self._context.now(), names=("--next-by", "--next-in"))
        await self._send(name, TellLinked(text=text, next_step=next_step, next_by=by_when, by=asked.by), asked, wait)

    async def resolve(
        self, name: Name, *, solution: WrittenText, root_cause: SomeText = "", wait: Wait = None, asked: Asked
    ) -> None:
        """The cause is mended: propose the solution to the owner of each linked escalation."""
        command = ResolveIncident(solution=solution, root_cause=root_cause, by=asked.by)
        await self._send(name, command, asked, wait)

    async def reopen(self, name: Name, *, why: WrittenText, wait: Wait = None, asked: Asked) -> None:
        """The solution did not hold: tell the owner of each linked escalation, also of resolved ones.

        Args:
            name: Name of the incident, or its full id.
            why: What shows that it did not hold; customers do not see it.
            wait: Wait until everybody has heard of it, so long at most.
            asked: Who asks, and the command's id.
        """
        await self._send(name, ReopenIncident(why=why, by=asked.by), asked, wait)

    async def list(
        self,
        *,
        open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
        resolved: Annotated[bool, Parameter(negative="")] = False,
        limit: Limit = 100,
    ) -> None:
        """List incidents, the one opened last first; it may lag behind by a second.

        Args:
            open_: Only those whose cause is not mended.
            resolved: Only those with a solution.
            limit: How many at most.
        """
        from starter.cli.incident.tables import incident_list  # noqa: PLC0415 (rich tables: slow to import)

        if open_ and resolved:
            raise BadInput("--open and --resolved leave nothing; give one of them, or neither for all incidents")
        stage = IncidentStage.OPEN if open_ else IncidentStage.RESOLVED if resolved else None
        found = await (await self._context.cases()).incidents.list(stage, limit=limit)
        self._context.out.items(found, incident_list(found))

    async def status(self, name: Name, *, all_: Annotated[bool, Parameter(name="--all")] = False) -> None:
        """How it is: what was said, how far it got, and who could not be told, with the reason.

        Args:
            name: Name of the incident, or its full id.
            all_: Every linked escalation, not only those that were not told.
        """
        client = await self._context.cases()
        self._tell(await client.incidents.status(name), every=all_)

    async def timeline(self, name: Name) -> None:
        """Show what happened to it lately, in order: what was said by whom, and how far it got."""
        from starter.cli.incident.timeline import incident_timeline  # noqa: PLC0415 (rich tables: slow to import)

        events = await (await self._context.cases()).incidents.timeline(name)
        self._context.out.items(events, incident_timeline(events))

    async def _send(self, name: str, command: IncidentCommand, asked: Asked, wait: WallTime | None) -> None:
        client = await self._context.cases()
        with told_as_typed(command):
            answer = await client.incidents.send(name, command, command_id=asked.command_id)
        if wait is not None:
            self._tell(await self._settled(name, wait.total_seconds()), every=False)
            return
        incident = incident_of(name)
        shown = f"{incident} is {answer.stage}: {answer.linked} linked, bulletin {answer.bulletin}"
        value = {"incident": incident, "command": command.kind, "stage": answer.stage, "seq": answer.seq}
        self._context.out.document({**value, "linked": answer.linked, "bulletin": answer.bulletin}, cell(shown))

    async def _settled(self, name: str, seconds: float) -> IncidentStatus:
        client = await self._context.cases()
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (status := await client.incidents.status(name)).view.owed and loop.time() < until:  # noqa: ASYNC110 (what is waited for happens in a server)
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return status

    def _tell(self, status: IncidentStatus, *, every: bool) -> None:
        from starter.cli.incident.tables import incident_page  # noqa: PLC0415 (rich tables: slow to import)

        self._context.out.document(status, incident_page(status, every=every))

    def _tickets(self, named: tuple[str, ...], file: Path | None) -> tuple[str, ...]:
        tickets = [*named, *self._lines(file)]
        if not tickets:
            raise BadInput("no tickets; name some, or a file with one a line: --file tickets.txt")
        for ticket in tickets:
            try:
                check_ticket(ticket)
            except ValueError as error:
                raise BadInput(f'"{ticket}": {error}') from None
        return tuple(case_name(ticket).short for ticket in tickets)

    def _lines(self, file: Path | None) -> tuple[str, ...]:
        if file is None:
            return ()
        try:
            text = read_all(self._context.stdin) if str(file) == "-" else file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            raise BadInput(f"{file}: cannot be read: {reason}") from error
        return tuple(line.strip() for line in text.splitlines() if line.strip())


def register(app: App, context: Context) -> None:
    """Add `incident` with its commands to the command line."""
    of = IncidentCommands(context)
    group = App(name="incident", help="One cause, many escalations: link them, tell all their customers once.")
    for command in (of.open, of.link, of.unlink, of.tell, of.resolve, of.reopen, of.status, of.timeline, of.list):
        group.command(command)
    app.command(group)
