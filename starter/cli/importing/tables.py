"""The result of an import, for people and for programs."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from escalation.case.naming import workflow_id
from escalation.phrasing import amount_of, words
from simulation.exports import Rejected
from starter.cli.log_size import LogSize
from starter.cli.output import cell
from starter.cli.tables import table_of
from starter.play import Played, Skipped

MOST_REJECTED = 50  # rejected rows listed for people; `--json` has them all


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedSteps:
    """Steps that were not done for one reason."""

    step: str  # wire name of the command; `open` for openings
    reason: str  # why not; TICKET stands for the ticket
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The result of a play."""

    file: str
    tickets: int
    opened: int
    found: int  # how many were escalated before; the play went on with them
    failed: int
    steps: int
    done: int  # how many steps were accepted, now or in an earlier play
    skipped: tuple[SkippedSteps, ...]  # the others, most frequent first
    rejected: tuple[Rejected, ...]


def imported(file: str, size: LogSize, played: Sequence[Played]) -> Imported:
    """Add up the result of each ticket."""
    failed = sum(any(one.index < 0 for one in each.skipped) for each in played)
    opened = sum(each.started for each in played)
    return Imported(
        file=file,
        tickets=len(played),
        opened=opened,
        found=len(played) - opened - failed,
        failed=failed,
        steps=size.steps,
        done=sum(each.done for each in played),
        skipped=_by_reason(one for each in played for one in each.skipped),
        rejected=size.rejected,
    )


def imported_page(outcome: Imported) -> RenderableType:
    """The sums first, then why steps were skipped and which rows were rejected."""
    failed = f", {outcome.failed} could not be opened" if outcome.failed else ""
    found = amount_of(outcome.found, "was", "were")
    skipped = outcome.steps - outcome.done
    parts: list[RenderableType] = [
        cell(f"{amount_of(outcome.tickets, 'ticket')}: {outcome.opened} opened, {found} open before{failed}", "bold"),
        cell(f"{outcome.done} of {amount_of(outcome.steps, 'step')} done, {skipped} skipped", "bold"),
    ]
    if outcome.skipped:
        parts += [Text(), _skipped_table(outcome.skipped)]
    if outcome.rejected:
        parts += [Text(), _rejected_table(outcome.rejected)]
    return Group(*parts)


def _skipped_table(skipped: Sequence[SkippedSteps]) -> RenderableType:
    table = table_of("skipped", "step", "why", "for example")
    for one in skipped:
        table.add_row(str(one.count), words(one.step), cell(one.reason), cell(one.example))
    return table


def _rejected_table(rejected: Sequence[Rejected]) -> RenderableType:
    table = table_of("line", "why it was rejected")
    for row in rejected[:MOST_REJECTED]:
        table.add_row(str(row.line), cell(row.reason))
    more = len(rejected) - MOST_REJECTED
    return Group(table, cell(f"and {more} more; --json lists them all")) if more > 0 else table


def _by_reason(skipped: Iterable[Skipped]) -> tuple[SkippedSteps, ...]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for one in skipped:
        step = "open" if one.step is None else one.step.command.kind
        grouped.setdefault((step, _without_ticket(one)), []).append(one.ticket)
    found = (
        SkippedSteps(step=step, reason=reason, count=len(tickets), example=tickets[0])
        for (step, reason), tickets in grouped.items()
    )
    return tuple(sorted(found, key=lambda one: (-one.count, one.step, one.reason)))


def _without_ticket(one: Skipped) -> str:
    """The reason as it is for every ticket, so that equal ones can be counted."""
    named = re.escape(one.ticket)
    text = re.sub(rf"{re.escape(workflow_id(''))}{named}(?![\w.-])", workflow_id("TICKET"), one.reason)
    return re.sub(rf"import/{named}/\d+(/taken-by/[\w.-]+)?", "import/TICKET/…", text)
