"""The live table: every escalation's stage, owner, and what it waits for."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from rich.console import Group
from rich.table import Table
from rich.text import Text

from escalation.lifecycle.view import CaseView
from escalation.vocabulary import Stage

STYLES = {
    Stage.UNASSIGNED: "yellow",
    Stage.OFFERED: "cyan",
    Stage.WORKING: "green",
    Stage.WAITING_ON_CUSTOMER: "magenta",
    Stage.RESOLVED: "blue",
    Stage.CLOSED: "dim",
    Stage.CANCELLED: "dim red",
}

Cases = Sequence[tuple[str, CaseView]]


def live_table(cases: Cases, *, now: datetime, rows: int) -> Group:
    """The open escalations in which something happens next, the most urgent first, as many as fit, and a count of all."""
    table = Table(title="Escalations", expand=True, pad_edge=False)
    for column in ("ticket", "sev", "stage", "tier", "owner", "next due clock", "in", "breaches", "told"):
        table.add_column(column, justify="right" if column in {"in", "told", "tier"} else "left", no_wrap=True)
    is_open = [view for _, view in cases if view.stage not in (Stage.CLOSED, Stage.CANCELLED)]
    for view in is_open[:rows]:
        table.add_row(*_row(view, now))
    return Group(table, Text(counts_line(cases)))


def counts_line(cases: Cases) -> str:
    """Return the counts by stage, in one line."""
    counts = Counter(view.stage for _, view in cases)
    parts = [f"{counts[stage]} {stage.replace('_', ' ')}" for stage in Stage if counts[stage]]
    return f"{len(cases)} escalations: {', '.join(parts) or 'none yet'}"


def _row(view: CaseView, now: datetime) -> tuple[str | Text, ...]:
    holder = view.owner or (f"{view.offered_to}?" if view.offered_to else "-")
    due = "" if view.next_due is None else f"{(view.next_due - now).total_seconds():.0f} s"
    waits_for = f"{view.next_due_clock} {view.next_due_threshold}" if view.next_due_clock else "-"
    breaches = ", ".join(f"{clock} x{number}" for clock, number in view.breaches.items())
    stage = Text(view.stage.replace("_", " "), style=STYLES[view.stage])
    if view.cycle > 1:
        stage.append(f" (cycle {view.cycle})")
    return (
        view.ticket,
        view.severity,
        stage,
        str(view.tier),
        holder,
        waits_for,
        due,
        Text(breaches, style="red"),
        str(view.messages),
    )
