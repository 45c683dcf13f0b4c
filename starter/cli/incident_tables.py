"""How an incident looks to people."""

from collections import Counter
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.incident.view import IncidentView, LinkView
from escalation.incident.vocabulary import Result
from starter.cli.output import cell
from starter.cli.tables import NOTHING, absolute, facts_table, table_of, words
from workflows.incident_messages import IncidentStatus


def incident_page(status: IncidentStatus, *, every: bool) -> RenderableType:
    """The incident, what was said, and what came of it.

    Args:
        status: The incident.
        every: Whether to show each escalation, or only those that were not told.
    """
    view = status.view
    shown = [link for link in view.links if every or link.result not in (None, Result.TOLD)]
    parts: list[RenderableType] = [facts_table(*_facts(view))]
    if view.bulletins:
        parts += [Text(), _bulletins(view)]
    if shown:
        parts += [Text(), _links(shown)]
    return Group(*parts)


def _facts(view: IncidentView) -> Iterator[tuple[str, str]]:
    yield "incident", view.name
    yield "about", view.title
    if view.cause:
        yield "cause", view.cause
    yield "stage", view.stage
    yield "opened", absolute(view.opened_at)
    if view.resolved_at:
        yield "resolved", absolute(view.resolved_at)
    linked = [link for link in view.links if link.is_linked]
    yield "linked", str(len(linked))
    yield "still to hear", str(view.owed)
    results = Counter(words(link.result) if link.result else "waiting" for link in view.links)
    yield "lately", ", ".join(f"{result} {count}" for result, count in sorted(results.items())) or NOTHING


def _bulletins(view: IncidentView) -> Table:
    table = table_of("bulletin", "who", "what", "next", "by")
    for one in view.bulletins:
        what = f"proposed: {one.text}" if one.solves else one.text
        step, by_when = one.next_step or NOTHING, absolute(one.next_by) if one.next_by else NOTHING
        table.add_row(str(one.number), cell(one.by), cell(what), cell(step), by_when)
    return table


def _links(links: list[LinkView]) -> Table:
    table = table_of("ticket", "linked", "bulletin", "lately", "why")
    for link in links:
        table.add_row(
            cell(link.ticket, "bold"),
            "yes" if link.is_linked else "no",
            str(link.told),
            words(link.result) if link.result else "waiting",
            cell(link.why or NOTHING),
        )
    return table
