"""Commands on incidents: one cause, many escalations."""

import asyncio
import inspect
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter, validators

from escalation.case.naming import case_name
from escalation.case.values import InLanguage
from escalation.incident.commands import (
    INCIDENT_COMMANDS,
    IncidentCommand,
    LinkTickets,
    OpenIncident,
    TellLinked,
    UnlinkTickets,
)
from escalation.incident.vocabulary import IncidentStage
from escalation.phrasing import amount_of
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput
from starter.cli.fields import derived, refused_as_typed
from starter.cli.incident.tables import incident_list, incident_page, incident_timeline
from starter.cli.output import cell
from starter.cli.parameters import Asked, Instant, WallTime, check_ticket, either
from starter.cli.texts import SomeText, SomeTexts, Word, WrittenText, read_all
from workflows.incident_contract import IncidentStatus
from workflows.options import incident_of

LOOK_AGAIN_SECONDS = 0.2

app = App(name="incident", help="Link escalations with a common cause, and update all their customers at once.")

Name = Annotated[str, Parameter(help="Name of the incident, or its full id.")]
Limit = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))]
Wait = Annotated[
    WallTime | None, Parameter(help="Wait at most this long until every case is reached, then show the status.")
]
TicketFile = Annotated[
    Path | None, Parameter(name="--file", allow_leading_hyphen=True, help="More tickets, one per line; - reads stdin.")
]


@app.command(name="open")
async def open_(name: Word, *, title: WrittenText, cause: SomeText = "", asked: Asked, context: InContext) -> None:
    """Open an incident; a no-op if the name is in use.

    Args:
        name: A short name that is never reused; letters, digits, `.`, `_` and `-`.
        title: What is wrong.
        cause: What is known about the cause.
        asked: Who asks.
    """
    client = await context.cases()
    with refused_as_typed(OpenIncident(name=name, title=title, cause=cause, by=asked.by)):
        opening = await client.incidents.open(name, title=title, cause=cause, by=asked.by)
    happened = "opened" if opening.started else "was there already; it stays as it is"
    context.out.document(opening, cell(f"{opening.incident} {happened}"))


@app.command
async def link(
    name: Name, *tickets: str, file: TicketFile = None, wait: Wait = None, asked: Asked, context: InContext
) -> None:
    """Link escalations to an incident; their customers get the latest bulletin.

    Args:
        name: Name of the incident, or its full id.
        tickets: Ticket numbers of the escalations.
        file: More tickets, one per line; - reads stdin.
        wait: Wait at most this long until every case is reached, then show the status.
        asked: Who asks, and the command's id.
    """
    await _send(context, name, LinkTickets(tickets=_tickets(context, tickets, file), by=asked.by), asked, wait)


@app.command
async def unlink(
    name: Name, *tickets: str, file: TicketFile = None, wait: Wait = None, asked: Asked, context: InContext
) -> None:
    """Unlink escalations from it.

    Args:
        name: Name of the incident, or its full id.
        tickets: Ticket numbers of the escalations.
        file: More tickets, one per line; - reads stdin.
        wait: Wait at most this long until every case is reached, then show the status.
        asked: Who asks, and the command's id.
    """
    await _send(context, name, UnlinkTickets(tickets=_tickets(context, tickets, file), by=asked.by), asked, wait)


@app.command
async def tell(
    name: Name,
    words: WrittenText | None = None,
    /,
    *,
    text: SomeTexts = (),
    next_step: SomeTexts = (),
    next_by: Instant | None = None,
    next_in: WallTime | None = None,
    anyway: bool = False,
    wait: Wait = None,
    asked: Asked,
    context: InContext,
) -> None:
    """Send each linked customer an update, once.

    Args:
        name: Name of the incident, or its full id.
        words: The update, for customers of any language.
        text: The update in one language, as LANGUAGE=TEXT, such as "de=Wir haben es gefunden"; repeat it for each. Customers of other
            languages get WORDS, or without them the English one, else the first.
        next_step: What happens next, or as LANGUAGE=TEXT for each language.
        next_by: By when, with its offset; becomes a promise to each customer.
        next_in: The same as a duration from now, such as 2h.
        anyway: Send it despite the warning about its wording; the timeline records that.
        wait: Wait at most this long until every case is reached, then show the status.
        asked: Who asks, and the command's id.
    """
    plain, step, languages = read_languages((*filter(None, [words]), *text), next_step)
    by_when = either(next_by, next_in, context.now(), names=("--next-by", "--next-in"))
    command = TellLinked(text=plain, next_step=step, next_by=by_when, languages=languages, anyway=anyway, by=asked.by)
    await _send(context, name, command, asked, wait)


@app.command(name="list")
async def list_(
    *,
    open_: Annotated[bool, Parameter(name="--open", negative="")] = False,
    resolved: Annotated[bool, Parameter(negative="")] = False,
    limit: Limit = 100,
    context: InContext,
) -> None:
    """List incidents, newest first; may lag by a second.

    Args:
        open_: List only those whose cause is not fixed.
        resolved: List only those with a solution.
        limit: List at most N.
    """
    if open_ and resolved:
        raise BadInput("--open and --resolved leave nothing; give one of them, or neither for all incidents")
    stage = IncidentStage.OPEN if open_ else IncidentStage.RESOLVED if resolved else None
    found = await (await context.cases()).incidents.list(stage, limit=limit)
    context.out.items(found, incident_list(found))


@app.command
async def status(name: Name, *, all_: Annotated[bool, Parameter(name="--all")] = False, context: InContext) -> None:
    """Show its bulletins, how many cases they reached, and which they could not reach and why.

    Args:
        name: Name of the incident, or its full id.
        all_: Show every linked escalation, not only those that were not reached.
    """
    client = await context.cases()
    _tell(context, await client.incidents.status(name), every=all_)


@app.command
async def timeline(name: Name, *, context: InContext) -> None:
    """Show its latest events, in order: bulletins, by whom, and how many cases they reached."""
    events = await (await context.cases()).incidents.timeline(name)
    context.out.items(events, incident_timeline(events))


async def _send(context: Context, name: str, command: IncidentCommand, asked: Asked, wait: timedelta | None) -> None:
    client = await context.cases()
    with refused_as_typed(command):
        answer = await client.incidents.send(name, command, command_id=asked.command_id)
    if wait is not None:
        _tell(context, await _settled(context, name, wait.total_seconds()), every=False)
        return
    incident = incident_of(name)
    latest = f", bulletin {answer.bulletin}" if answer.bulletin else ""
    shown = f"{incident} is {answer.stage}: {amount_of(answer.linked, 'ticket')}{latest}; `incident status` shows which cases it reached"
    value = {"incident": incident, "command": command.kind, "stage": answer.stage, "seq": answer.seq}
    context.out.document({**value, "linked": answer.linked, "bulletin": answer.bulletin}, cell(shown))


async def _settled(context: Context, name: str, seconds: float) -> IncidentStatus:
    client = await context.cases()
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (status := await client.incidents.status(name)).view.owed and loop.time() < until:  # noqa: ASYNC110 (what is waited for happens in a server)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
    return status


def _tell(context: Context, status: IncidentStatus, *, every: bool) -> None:
    context.out.document(status, incident_page(status, context.now(), every=every))


def _tickets(context: Context, named: tuple[str, ...], file: Path | None) -> tuple[str, ...]:
    tickets = [*named, *_lines(context, file)]
    if not tickets:
        raise BadInput("no tickets; name some, or a file with one per line: --file tickets.txt")
    for ticket in tickets:
        try:
            check_ticket(ticket)
        except ValueError as error:
            raise BadInput(f'"{ticket}": {error}') from None
    return tuple(case_name(ticket).short for ticket in tickets)


def _lines(context: Context, file: Path | None) -> tuple[str, ...]:
    if file is None:
        return ()
    try:
        text = read_all(context.stdin) if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(f"{file}: cannot be read: {reason}") from error
    return tuple(line.strip() for line in text.splitlines() if line.strip())


_NAME = inspect.Parameter("name", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Name)
_WAIT = inspect.Parameter("wait", inspect.Parameter.KEYWORD_ONLY, annotation=Wait, default=None)

for _kind, _type in INCIDENT_COMMANDS.items():
    if _type not in (LinkTickets, UnlinkTickets, TellLinked):  # several options fill a field of theirs
        app.command(derived(_type, _send, _NAME, _WAIT), name=_kind)


_IN_LANGUAGE = re.compile(r"(?P<language>[A-Za-z]{2,3})=(?P<text>.*)", re.DOTALL)


def read_languages(texts: Iterable[str], next_steps: Iterable[str]) -> tuple[str, str, tuple[InLanguage, ...]]:
    """Return text and next step without a language, and those by language, of texts such as `de=Wir haben es gefunden`."""
    said, following = _by_language(texts, "--text"), _by_language(next_steps, "--next-step")
    if strange := [language for language in following if language not in said]:
        named = strange[0] or "no language"
        raise BadInput(f"--next-step for {named}: there is no text for it; write --text {strange[0] or 'TEXT'}=…")
    plain, step = said.pop("", ""), following.pop("", "")
    languages = tuple(
        InLanguage(language=language, text=text, next_step=following.get(language, ""))
        for language, text in said.items()
    )
    return plain, step, languages


def _by_language(typed: Iterable[str], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in typed:
        match = _IN_LANGUAGE.fullmatch(each)
        language, text = (match["language"].lower(), match["text"].strip()) if match else ("", each)
        if language in found:
            raise BadInput(
                f"{option}: there are two {f'in {language}' if language else 'without a language'}; write one"
            )
        found[language] = text
    return found
