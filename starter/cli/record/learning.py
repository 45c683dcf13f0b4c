"""`lessons` and `report`: what can be learned from the record."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Annotated

import cyclopts
from cyclopts.validators import Number
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from activities.adapters.postgres.learning import Learning, Lesson, RuleTrend, Trend, Trends
from activities.adapters.postgres.reports import Reports
from escalation.phrasing import amount_of, words
from escalation.vocabulary import Category
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import PlainConsole, cell
from starter.cli.record.database import open_record
from starter.cli.record.tables import summary_page
from starter.cli.tables import NOTHING, absolute, facts_table, hours, table_of

PAGE_WIDTH = 100  # columns of a page; it fits a browser window and a sheet of paper
FEW_CASES = 5  # a rule that led to fewer says nothing yet


async def report(*, html: Path | None = None, context: InContext) -> None:
    """Show totals and trends over all escalations, open and ended, and what to try in the policy.

    Args:
        html: Also write the report to this file, as a page to send to others.
    """
    async with open_record() as database:
        totals, trends = await Reports(database).summary(), await Learning(database).trends()
    suggestions = tuple(_suggestions(trends.rules))
    page = Group(summary_page(totals), *_trends(trends), *_advice(suggestions))
    if html is not None:
        _write(html, page)
    context.out.document({**asdict(totals), "trends": trends, "suggestions": suggestions}, page)


async def lessons(
    *,
    category: Category | None = None,
    limit: Annotated[int, cyclopts.Parameter(validator=Number(gte=1, lte=1000))] = 20,
    context: InContext,
) -> None:
    """Show the lessons from reviews, newest first: causes, prevention, actions, and how the case was handled.

    Args:
        category: Only cases of this category.
        limit: List at most N.
    """
    async with open_record() as database:
        found = await Learning(database).lessons(category, limit)
    context.out.items(found, _lessons_page(found))


def _write(path: Path, page: RenderableType) -> None:
    # Write the page as HTML that needs nothing else; text in it stays text.
    console = PlainConsole(file=StringIO(), record=True, width=PAGE_WIDTH, markup=False, emoji=False, highlight=False)
    console.print(page)
    try:
        path.write_text(console.export_html(inline_styles=True), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--html {path}: {error.strerror}") from error


def _trends(trends: Trends) -> Iterator[RenderableType]:
    for title, found in (
        ("opened in", trends.months),
        ("category", trends.categories),
        ("reason", trends.reasons),
        ("returning customer", trends.customers),
    ):
        if found:
            yield Text()
            yield _trend_table(title, found)
    if trends.rules:
        table = _numbers(table_of("triage rule", "escalations", "called off or no fault"))
        for rule in trends.rules:
            table.add_row(cell(rule.name), str(rule.number), str(rule.needless))
        yield Text()
        yield table


def _trend_table(title: str, found: Sequence[Trend]) -> Table:
    table = _numbers(table_of(title, "escalations", "broke a promise", "reopened"))
    for one in found:
        table.add_row(cell(words(one.name)), str(one.number), str(one.breached), str(one.reopened))
    return table


def _numbers(table: Table) -> Table:
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _suggestions(rules: Sequence[RuleTrend]) -> Iterator[str]:
    for rule in rules:
        if rule.number >= FEW_CASES and 2 * rule.needless >= rule.number:
            yield (
                f"The triage rule `{rule.name}` led to {amount_of(rule.number, 'escalation')}, and {rule.needless} of them were "
                "called off or had no fault. Lower its score in a copy of the policy, and compare both with "
                "`escalations triage --file EXPORT`."
            )


def _advice(suggestions: Sequence[str]) -> Iterator[RenderableType]:
    if suggestions:
        yield Text()
        yield cell("What to try", "bold")
        yield from map(cell, suggestions)


def _lessons_page(found: Sequence[Lesson]) -> RenderableType:
    if not found:
        return Text("no reviews yet; `escalations submit-review` writes one for a closed case")
    blocks: list[RenderableType] = []
    for lesson in found:
        heading = f"{lesson.escalation}: {lesson.summary}"
        blocks += [cell(heading, "bold"), facts_table(*_rows(lesson)), Text()]
    return Group(*blocks[:-1])


def _rows(lesson: Lesson) -> Iterator[tuple[str, str]]:
    ended = words(lesson.outcome) if lesson.outcome else NOTHING
    yield "case", f"{lesson.severity}, {lesson.category}, {ended}"
    yield "cause", lesson.root_cause
    yield "prevention", lesson.prevention
    yield "first response", _first_response(lesson)
    yield (
        "broken promises",
        ", ".join(f"{words(clock)} {number}" for clock, number in lesson.breaches.items()) or "none",
    )
    if lesson.promises:
        yield "promises to the customer", "; ".join(lesson.promises)
    for name, judged in (
        ("understood from the beginning", lesson.understood),
        ("frustration dealt with", lesson.calmed),
        ("right people at the right time", lesson.right_people),
    ):
        if judged is not None:
            yield name, judged
    for action in lesson.actions:
        state = f"done {absolute(action.done_at)}" if action.done_at else f"due {absolute(action.due)}"
        overdue = ", overdue" if action.lapsed and not action.done_at else ""
        yield f"action {action.number}", f"{action.what} ({action.owner}, {state}{overdue})"
    yield "reviewed", f"{absolute(lesson.reviewed_at)} by {lesson.by}"


def _first_response(lesson: Lesson) -> str:
    if lesson.first_response_seconds is None:
        return "none before it was solved"
    return f"after {hours(lesson.first_response_seconds)}, {'in time' if lesson.first_response_kept else 'too late'}"
