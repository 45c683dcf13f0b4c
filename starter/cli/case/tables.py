"""How escalations look to people: one with its clocks, or a list."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.case.state import OpenApproval
from escalation.lifecycle.view import CaseView
from starter.cli.amounts import amount_of
from starter.cli.output import cell
from starter.cli.tables import NOTHING, absolute, relative, severity_cell, table_of, words
from starter.listing import Listed
from workflows.contract import ClockStatus, Status


def status_page(status: Status, now: datetime) -> RenderableType:
    """One escalation: the case, and its clocks with what comes next."""
    return Group(_case(status, now), Text(), _clocks(status.clocks, now))


def list_table(listed: Sequence[Listed]) -> RenderableType:
    """Escalations as the server's search knows them."""
    if not listed:
        return Text("no such escalations")
    table = table_of("ticket", "severity", "category", "stage", "tier", "owner", "breached")
    for row in listed:
        table.add_row(
            cell(row.ticket, "bold"),
            severity_cell(row.severity),
            cell(row.category),
            cell(words(row.stage)),
            str(row.tier),
            cell(row.owner or NOTHING),
            Text("yes", "bold red") if row.breached else Text("no"),
        )
    return table


def _case(status: Status, now: datetime) -> Table:
    view = status.view
    table = Table(box=None, show_header=False, pad_edge=False)
    for name, value in _facts(view, now):
        table.add_row(cell(name, "dim"), value)
    if status.unrecorded or status.sending:
        table.add_row(cell("under way", "dim"), f"{status.unrecorded} to record, {amount_of(status.sending, 'effect')}")
    return table


def _facts(view: CaseView, now: datetime) -> Iterable[tuple[str, Text]]:
    yield "ticket", cell(view.ticket, "bold")
    yield "about", cell(view.summary)
    yield "stage", cell(words(view.stage), "bold")
    yield "severity", severity_cell(view.severity)
    reasons = f" ({', '.join(map(words, view.reasons))})" if view.reasons else ""
    exactly = f", {view.subcategory}" if view.subcategory else ""
    yield "category", cell(f"{view.category}{exactly}{reasons}")
    yield "owner", cell(view.owner or (f"{NOTHING}, offered to {view.offered_to}" if view.offered_to else NOTHING))
    yield "contact", cell(view.contact)
    yield "overseer", cell(view.overseer)
    yield "tier", cell(view.tier)
    if view.consult is not None:
        yield "advice", cell(f"asked of {view.consult.to} by {view.consult.by}: {view.consult.question}", "yellow")
    if view.approval is not None:
        yield "approval", cell(_approval(view.approval), "yellow")
    sent = f"{amount_of(view.messages, 'message')} sent to them"
    yield "customer", cell(f"{view.customer.id}, frustration {view.frustration}, {sent}")
    yield "opened", cell(f"{absolute(view.opened_at)} ({relative(view.opened_at, now)})")
    if view.cycle > 1:
        yield "cycle", cell(view.cycle)
    if view.outcome is not None:
        yield "outcome", cell(words(view.outcome))
    if view.score is not None:
        yield "score", cell(f"{view.score} of 5")
    if broken := [f"{words(clock)} {count}" for clock, count in view.breaches.items() if count]:
        yield "breaches", cell(", ".join(broken), "red")
    if view.incident:
        yield "incident", cell(f"{view.incident}, bulletin {view.bulletin or NOTHING}")
    if view.proposal:
        yield "proposed", cell(view.proposal)
    yield "policy", cell(f"{view.policy.name} version {view.policy.version}")


def _approval(asked: OpenApproval) -> str:
    return f"{asked.in_words}, asked of {asked.approver or 'a person still to be found'} for {asked.by}: {asked.why}"


def _clocks(clocks: Iterable[ClockStatus], now: datetime) -> RenderableType:
    running = sorted(clocks, key=lambda clock: (clock.next_at is None, clock.next_at or clock.started_at))
    if not running:
        return Text("no clock runs")
    table = table_of("clock", "next", "when", "", "target due", "")
    for clock in running:
        next_when = "paused" if clock.paused else absolute(clock.next_at)
        table.add_row(
            words(clock.clock),
            cell(clock.next_threshold or NOTHING),
            next_when,
            relative(clock.next_at, now),
            absolute(clock.due),
            relative(clock.due, now),
        )
    return table
