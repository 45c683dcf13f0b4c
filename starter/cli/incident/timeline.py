"""Renders the timeline of an incident, one line per event; see `starter.cli.timeline_tables`."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC

from rich.table import Table

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
from escalation.incident.vocabulary import ErrandKind, Result
from escalation.phrasing import amount_of, words
from starter.cli.incident.tables import RESULTS, said
from starter.cli.output import cell
from starter.cli.tables import absolute, table_of

NAMED = 10
"""Most tickets named in a line; `--json` has them all."""


def incident_timeline(events: Sequence[IncidentEvent]) -> Table:
    """What happened, in order."""
    table = table_of("when (UTC)", "what", "who", "details")
    for event in events:
        when = f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        table.add_row(when, words(event.kind), cell(_who(event)), cell("; ".join(_details(event))))
    return table


def _who(event: IncidentEvent) -> str:
    """Who gave the command; empty for an errand, which follows from a command."""
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
            yield from _bulletin(bulletin)
        case ErrandRun(outcomes=outcomes, pages=pages):
            yield f"{_errand(event)}: {', '.join(_results(outcomes))}"
            if pages:
                yield f"paged: {', '.join(pages)}"
        case RecordGivenUp(error=error):
            yield f"the database refuses this incident: {error}; see `record refused` in the worker's log"


def _bulletin(bulletin: Bulletin) -> Iterator[str]:
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
    """How many took it, and which did not. `status` shows the reason of each."""
    by_result: defaultdict[Result, list[str]] = defaultdict(list)
    for outcome in outcomes:
        by_result[outcome.result].append(outcome.ticket)
    for result, tickets in by_result.items():
        yield f"{len(tickets)} {RESULTS[result]}" + ("" if result is Result.TOLD else f" ({_named(tickets)})")


def _named(tickets: Sequence[str]) -> str:
    more = len(tickets) - NAMED
    return ", ".join(tickets[:NAMED]) + (f" and {more} more" if more > 0 else "")
