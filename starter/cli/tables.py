"""How escalations look to people: tables made of plain cells, so that no text can pass for markup."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.case.state import OpenApproval
from escalation.lifecycle.view import CaseView
from escalation.vocabulary import Severity
from starter.cli.amounts import amount_of
from starter.cli.output import cell
from starter.listing import Listed
from workflows.messages import ClockStatus, Status

NOTHING = "-"
_SEVERITY_STYLES = {Severity.SEV1.value: "bold red", Severity.SEV2.value: "red", Severity.SEV3.value: "yellow"}


def absolute(at: datetime | None) -> str:
    """The instant in UTC, to the second."""
    return NOTHING if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def relative(at: datetime | None, now: datetime) -> str:
    """How far off it is, in its two largest units: `in 2 h 5 min`, `3 d ago`."""
    if at is None:
        return NOTHING
    seconds = round((at - now) / timedelta(seconds=1))
    if seconds == 0:
        return "now"
    told = _two_units(abs(seconds))
    return f"in {told}" if seconds > 0 else f"{told} ago"


def hours(seconds: int) -> str:
    """A length of open time; never in days, which could be taken for working days."""
    parts = []
    for unit, size in _UNITS[1:]:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def severity_cell(severity: str) -> Text:
    """A severity in its colour."""
    return cell(severity, _SEVERITY_STYLES.get(severity, ""))


def words(name: str) -> str:
    """A wire name as people write it."""
    return name.replace("_", " ")


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
    yield "category", cell(f"{view.category} ({', '.join(words(reason) for reason in view.reasons)})")
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


def facts_table(*rows: tuple[str, str]) -> Table:
    """Names and values, a line for each; long values go on in the next line."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(cell(name, "dim"), cell(value))
    return table


def table_of(*columns: str, title: str | None = None) -> Table:
    """An empty table in the house style; long cells go on in the next line."""
    table = Table(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def _two_units(seconds: int) -> str:
    for index, (unit, size) in enumerate(_UNITS):
        if seconds >= size:
            told = f"{seconds // size} {unit}"
            if index + 1 < len(_UNITS) and (rest := seconds % size // _UNITS[index + 1][1]):
                told += f" {rest} {_UNITS[index + 1][0]}"
            return told
    return "0 s"
