"""Renders an incident and its timeline."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.incident.events import (
    BulletinIssued,
    ErrandRun,
    IncidentEvent,
    IncidentOpened,
    RecordGivenUp,
    TicketsLinked,
    TicketsUnlinked,
)
from escalation.incident.values import Bulletin, Outcome
from escalation.incident.view import IncidentView, LinkView
from escalation.incident.vocabulary import ErrandKind, IncidentStage, Result
from escalation.phrasing import amount_of, words
from starter.cli.output import cell
from starter.cli.tables import NOTHING, absolute, facts_table, table_of
from starter.incidents import ListedIncident
from workflows.incident_contract import IncidentStatus

RESULTS = {
    Result.TOLD: "reached",
    Result.OVER: "ended",
    Result.REFUSED: "refused",
    Result.UNKNOWN: "not found",
    Result.UNANSWERED: "no answer yet",
}
"""What people read for each result of an errand."""


def incident_page(status: IncidentStatus, now: datetime, *, every: bool) -> RenderableType:
    """The incident, what was said, and the result of it: for every escalation, or those that were not reached."""
    view = status.view
    shown = [link for link in view.links if every or link.result not in (None, Result.TOLD)]
    parts: list[RenderableType] = [facts_table(*_facts(view, now))]
    if view.bulletins:
        parts += [Text(), _bulletins(view)]
    if shown:
        parts += [Text(), _links(shown)]
    return Group(*parts)


def incident_list(listed: Sequence[ListedIncident]) -> RenderableType:
    """Incidents as the server's search knows them."""
    if not listed:
        return Text("no such incidents")
    table = table_of("incident", "stage", "linked", "opened", "about")
    for row in listed:
        # One that was ended in Temporal while it was open still says `open`, and takes no commands.
        stage = f"{row.stage}, ended" if row.stage == IncidentStage.OPEN and not row.running else row.stage
        about = cell(row.title or NOTHING)
        table.add_row(cell(row.name, "bold"), cell(stage or NOTHING), str(row.linked), absolute(row.opened_at), about)
    return table


def _facts(view: IncidentView, now: datetime) -> Iterator[tuple[str, str]]:
    yield "incident", view.name
    yield "about", view.title
    if view.cause:
        yield "cause", view.cause
    yield "stage", view.stage
    yield "opened", absolute(view.opened_at)
    if view.resolved_at:
        yield "resolved", absolute(view.resolved_at)
    if view.reopened:
        yield "reopened", amount_of(view.reopened, "time")
    latest = view.bulletins[-1] if view.bulletins else None
    if latest is not None and latest.next_by is not None and latest.next_by < now and view.resolved_at is None:
        yield (
            "overdue",
            f"the next bulletin was promised for {absolute(latest.next_by)}, by {latest.by}; send one with a new time",
        )
    linked = [link for link in view.links if link.is_linked]
    yield "linked", str(len(linked))
    yield "still to reach", str(view.owed)
    results = Counter(RESULTS[link.result] if link.result else "waiting" for link in view.links)
    yield "result", ", ".join(f"{result} {count}" for result, count in sorted(results.items())) or NOTHING


def _bulletins(view: IncidentView) -> Table:
    table = table_of("bulletin", "who", "what", "next", "by")
    for one in view.bulletins:
        step, by_when = one.next_step or NOTHING, absolute(one.next_by) if one.next_by else NOTHING
        table.add_row(str(one.number), cell(one.by), cell(said(one)), cell(step), by_when)
    return table


def said(bulletin: Bulletin) -> str:
    """Its text, with what it is where it does not go to customers."""
    if bulletin.solves:
        return f"proposed: {bulletin.text}"
    if bulletin.reopens:
        return f"did not hold: {bulletin.text}"
    others = "" if any(one.text == bulletin.text for one in bulletin.languages) else bulletin.text
    return "\n".join(filter(None, [others, *(f"{one.language}: {one.text}" for one in bulletin.languages)]))


def _links(links: list[LinkView]) -> Table:
    table = table_of("ticket", "linked", "bulletin", "result", "why")
    for link in links:
        table.add_row(
            cell(link.ticket, "bold"),
            "yes" if link.is_linked else "no",
            str(link.told),
            RESULTS[link.result] if link.result else "waiting",
            cell(link.why or NOTHING),
        )
    return table


NAMED = 10  # most tickets named in a line; `--json` has them all


def incident_timeline(events: Sequence[IncidentEvent]) -> Table:
    """Render the events, in order."""
    table = table_of("when (UTC)", "what", "who", "details")
    for event in events:
        when = f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        what = "carried out" if isinstance(event, ErrandRun) else words(event.kind)
        table.add_row(when, what, cell(_who(event)), cell("; ".join(_details(event))))
    return table


def _who(event: IncidentEvent) -> str:
    """The person who gave the command; empty for an errand, which follows from a command."""
    match event:
        case BulletinIssued(bulletin=bulletin):
            return bulletin.by
        case ErrandRun() | RecordGivenUp():
            return ""
        case IncidentOpened() | TicketsLinked() | TicketsUnlinked():
            return event.by


def _details(event: IncidentEvent) -> Iterator[str]:
    match event:
        case IncidentOpened(title=title, cause=cause):
            yield title
            if cause:
                yield f"cause: {cause}"
        case TicketsLinked(tickets=tickets) | TicketsUnlinked(tickets=tickets):
            yield f"{amount_of(len(tickets), 'ticket')}: {_named(tickets)}"
        case BulletinIssued(bulletin=bulletin):
            yield from _bulletin_facts(bulletin)
        case ErrandRun(outcomes=outcomes, pages=pages):
            yield f"{_errand(event)}: {', '.join(_results(outcomes))}"
            if pages:
                yield f"paged: {', '.join(pages)}"
        case RecordGivenUp(error=error):
            yield f"the database refuses this incident: {error}; see `record refused` in the worker's log"


def _bulletin_facts(bulletin: Bulletin) -> Iterator[str]:
    yield f"bulletin {bulletin.number}: {said(bulletin)}"
    if bulletin.root_cause:
        yield f"root cause: {bulletin.root_cause}"
    if bulletin.next_step:
        yield f"next: {bulletin.next_step}"
    if bulletin.next_by is not None:
        yield f"by {absolute(bulletin.next_by)}"


def _errand(event: ErrandRun) -> str:
    # Bulletins are known by their numbers; those of links are only keys.
    return f"bulletin {event.number}" if event.errand is ErrandKind.BULLETIN else event.errand.value


def _results(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Say how many took it, and which did not. `status` shows the reason of each."""
    by_result: defaultdict[Result, list[str]] = defaultdict(list)
    for outcome in outcomes:
        by_result[outcome.result].append(outcome.ticket)
    for result, tickets in by_result.items():
        yield f"{len(tickets)} {RESULTS[result]}" + ("" if result is Result.TOLD else f" ({_named(tickets)})")


def _named(tickets: Sequence[str]) -> str:
    more = len(tickets) - NAMED
    return ", ".join(tickets[:NAMED]) + (f" and {more} more" if more > 0 else "")
