"""The contents of the record, as tables for people."""

from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activities.adapters.postgres.reports import Finding, Life, Summary
from escalation.case.naming import CaseName, ordinal
from escalation.phrasing import amount_of, words
from escalation.vocabulary import OVER
from starter.cli.output import cell
from starter.cli.tables import NOTHING, facts_table, table_of
from starter.cli.timeline_tables import story_table, timeline_table


def summary_page(summary: Summary) -> RenderableType:
    """Everything counted: one row of totals each, then a block for each kind of count."""
    blocks = (
        ("stages", summary.stages),
        ("outcomes", summary.outcomes),
        ("broken promises", summary.breaches),
        ("messages sent", summary.sent),
    )
    counted = (part for title, counts in blocks for part in (Text(), _counts(title, counts)))
    return Group(facts_table(*_totals(summary)), *counted)


def lives_page(ticket: str, lives: Sequence[Life], names: Mapping[str, str], *, everything: bool) -> RenderableType:
    """Render a ticket's history, everything or the story alone, with a heading for each escalation if it had several."""

    def shown(life: Life) -> RenderableType:
        happened = [event for _, event in life.timeline]
        return timeline_table(happened, ticket) if everything else story_table(happened, ticket, names)

    if len(lives) == 1 and lives[0].number == 1:
        return shown(lives[0])
    blocks: list[RenderableType] = []
    for life in lives:
        name = CaseName(ticket=ticket, life=life.number)
        was_cut = life.number < lives[-1].number and life.stage not in OVER
        how = f"ended in Temporal while {words(life.stage)}" if was_cut else words(life.stage)
        heading = f"{ordinal(life.number).capitalize()} escalation of {ticket} ({name}), {how}"
        blocks += [cell(heading, "bold"), shown(life), Text()]
    return Group(*blocks[:-1])


def findings_table(findings: Sequence[Finding]) -> RenderableType:
    """Render the findings of the audit, a row each."""
    if not findings:
        return Text("nothing found: record, ledger, bookings and workflows agree")
    table = table_of("problem", "escalation", "details")
    for finding in findings:
        table.add_row(words(finding.problem), cell(finding.escalation or NOTHING, "bold"), cell(finding.detail))
    return table


def _totals(summary: Summary) -> Iterator[tuple[str, Text]]:
    yield "escalations", cell(sum(summary.stages.values()), "bold")
    yield "climbs", cell(summary.climbs)
    yield "reopened", cell(f"{amount_of(summary.reopened, 'escalation')}, {amount_of(summary.reopenings, 'time')}")
    yield "ETAs", cell(_promises(summary))
    yield "possibly sent twice", _alarming(summary.possibly_repeated)
    yield "not delivered", _alarming(summary.undelivered)
    if summary.superseded:
        yield "events set aside", cell(summary.superseded)


def _promises(summary: Summary) -> str:
    """Say what became of the promises; what there was none of is left out, but for kept and broken ones."""
    more = (
        (summary.promises_disputed, "said to be kept, then reopened"),
        (summary.promises_replaced, "replaced"),
        (summary.promises_withdrawn, "taken back"),
        (summary.promises_dropped, "ended with the case"),
    )
    counted = [f"{summary.promises_kept} kept", f"{summary.promises_broken} broken"]
    return ", ".join(counted + [f"{number} {words}" for number, words in more if number])


def _alarming(number: int) -> Text:
    return cell(number, "bold red" if number else "")


def _counts(title: str, counts: Mapping[str, int]) -> Table:
    table = table_of(title, "")
    table.columns[1].justify = "right"
    for name, number in sorted(counts.items(), key=lambda count: (-count[1], count[0])):
        table.add_row(cell(words(name)), str(number))
    if not counts:
        table.add_row(NOTHING, "")
    return table
