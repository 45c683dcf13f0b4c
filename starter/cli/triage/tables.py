"""Verdicts of triage, for people and for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activities.triage_contracts import CustomerHistory
from escalation.phrasing import amount_of, words
from escalation.triage.rules import Conclusion
from escalation.triage.verdict import Finding, Verdict
from simulation.tickets.tally import Totals
from starter.cli.output import cell
from starter.cli.tables import NOTHING, facts_table, severity_cell, table_of

MOST_REJECTED = 20  # at most this many rejected rows are shown; `--json` has all
LONGEST_CELL = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A ticket and what was said of it."""

    kind: Literal["ticket"] = "ticket"
    ticket: str  # its number; empty when none was given
    verdict: Verdict
    tone: float | None  # -1 to 1, how the wording sounds; None when it was not judged
    history: CustomerHistory | None  # the customer's; None when the record was not asked


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that makes no sense."""

    kind: Literal["rejected"] = "rejected"
    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The verdicts on a whole export, in numbers."""

    kind: Literal["totals"] = "totals"
    file: str
    totals: Totals
    rejected: int
    unread: tuple[str, ...]
    history: bool  # whether the record was asked for the customers' histories


def worst(judged: Iterable[Judged], most: int) -> list[Judged]:
    """The worst of them: by severity, then hard triggers, then score; of two alike, the first stays first."""
    return sorted(judged, key=lambda each: (each.verdict.severity, not each.verdict.hard, -each.verdict.score))[:most]


def verdict_page(judged: Judged) -> RenderableType:
    """One ticket: the verdict, and every rule that led to it."""
    return Group(facts_table(*_facts(judged)), Text(), _findings(judged.verdict.findings))


def overview_page(overview: Overview, shown: Sequence[Judged], rejected: Sequence[RejectedRow]) -> RenderableType:
    """Many tickets: those that should escalate, the worst first, and what was counted."""
    totals = overview.totals
    share = f"{totals.escalate / totals.tickets:.0%}"
    parts: list[RenderableType] = [
        cell(
            f"{overview.file}: {amount_of(totals.tickets, 'ticket')}, {totals.escalate} should escalate ({share}), "
            f"{totals.hard} by a hard trigger; {amount_of(overview.rejected, 'row')} rejected",
            "bold",
        ),
        *_remarks(overview),
    ]
    if shown:
        parts += [Text(), _tickets(shown)]
        if len(shown) < totals.escalate:
            parts.append(cell(f"… and {totals.escalate - len(shown)} more; --top shows more of them, --json all"))
    for title, counts in (
        ("category", totals.categories),
        ("severity", totals.severities),
        ("tier", totals.tiers),
        ("reason", totals.reasons),
        ("rule (all tickets)", totals.rules),
    ):
        if counts:
            parts += [Text(), _counts(title, counts)]
    if rejected:
        parts += [Text(), _rejected(rejected)]
    return Group(*parts)


def _facts(judged: Judged) -> Iterator[tuple[str, Text]]:
    verdict = judged.verdict
    if judged.ticket:
        yield "ticket", cell(judged.ticket, "bold")
    why = "a hard trigger" if verdict.hard else f"score {verdict.score} of {verdict.threshold}"
    yield "should escalate", cell(f"{'yes' if verdict.escalate else 'no'}, {why}", "bold")
    yield "reasons", cell(", ".join(map(words, verdict.reasons)) or NOTHING)
    subcategory = f" ({verdict.subcategory})" if verdict.subcategory else ""
    yield "category", cell(f"{verdict.category}{subcategory}" if verdict.category else "unknown")
    yield "severity", severity_cell(verdict.severity)
    if verdict.impact and verdict.urgency:
        yield "impact, urgency", cell(f"{verdict.impact}, {verdict.urgency}")
    lane = f", lane {words(verdict.lane)}" if verdict.lane else ""
    yield "tier", cell(f"{verdict.tier} ({verdict.tier_name}){lane}")
    if verdict.proposed_lane:
        yield "proposed", cell(f"lane {words(verdict.proposed_lane)}, by the tone alone; a person decides")
    yield "frustration", cell(_frustration(judged))
    yield "history", cell(_history(judged.history))


def _frustration(judged: Judged) -> str:
    level = judged.verdict.frustration
    if judged.tone is None:
        # Only English is judged, and only if the request says that it is English.
        return "not judged" if level is None else f"{level}; the tone was not judged"
    return f"{level} (tone {judged.tone:+.2f})"


def _history(history: CustomerHistory | None) -> str:
    if history is None:
        return "not asked; --history with --customer asks the record"
    if not history.total:
        return "no earlier escalations"
    latest = ", ".join(history.escalations[:3])
    return f"{history.total} earlier, {history.reopened} reopened, {history.breached} with a breach: {latest}"


def _findings(findings: Sequence[Finding]) -> RenderableType:
    if not findings:
        return Text("no rule matched")
    table = table_of("rule", "concluded", "evidence")
    for each in findings:
        name = cell(each.rule, "bold" if each.hard else "")
        table.add_row(name, cell(_concluded(each.concluded)), cell(_evidence(each)))
    return table


def _concluded(concluded: Conclusion) -> str:
    parts = (
        words(concluded.reason) if concluded.reason else "",
        f"+{concluded.score}" if concluded.score else "",
        concluded.category or "",
        concluded.subcategory,
        f"at least {concluded.severity}" if concluded.severity else "",
        f"{concluded.raise_severity} worse" if concluded.raise_severity else "",
        f"lane {words(concluded.lane)}" if concluded.lane else "",
        f"tier {concluded.tier}" if concluded.tier else "",
        f"frustration {concluded.frustration}" if concluded.frustration else "",
    )
    return ", ".join(filter(None, parts))


def _evidence(finding: Finding) -> str:
    shown = (f"{words(each.where)}: {each.found[:LONGEST_CELL]}" for each in finding.evidence)
    return "; ".join(shown)


def _remarks(overview: Overview) -> Iterator[Text]:
    if not overview.history:
        yield cell("history: not asked, so no customer has any here; --history asks the record")
    if overview.totals.tone_not_judged:
        yield cell(
            f"tone: not judged for {amount_of(overview.totals.tone_not_judged, 'ticket')}: empty, neither English nor German, or of "
            "unknown language"
        )
    if overview.unread:
        yield cell(f"columns not read: {', '.join(overview.unread)}")


def _tickets(shown: Sequence[Judged]) -> Table:
    table = table_of("ticket", "severity", "category", "tier", "score", "reasons", "rules")
    for each in shown:
        verdict = each.verdict
        table.add_row(
            cell(each.ticket, "bold"),
            severity_cell(verdict.severity),
            cell(verdict.category or NOTHING),
            cell(verdict.tier_name),
            "hard" if verdict.hard else str(verdict.score),
            cell(", ".join(map(words, verdict.reasons))),
            cell(", ".join(finding.rule for finding in verdict.findings)),
        )
    return table


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = table_of(title, "")
    table.columns[1].justify = "right"
    for name, number in counts.items():
        # Names of rules are shown as they are written.
        table.add_row(cell(name if title.startswith("rule") else words(name)), str(number))
    return table


def _rejected(rejected: Sequence[RejectedRow]) -> Table:
    table = table_of("line", "rejected because")
    for each in rejected[:MOST_REJECTED]:
        table.add_row(str(each.line), cell(each.reason))
    if len(rejected) > MOST_REJECTED:
        table.add_row("…", f"and {len(rejected) - MOST_REJECTED} more; --json lists all")
    return table
