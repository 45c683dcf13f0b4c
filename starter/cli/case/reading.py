"""Commands that show an escalation's timeline and clocks, and list escalations."""

from typing import Annotated

from cyclopts import Parameter, validators

from escalation.case.naming import case_name
from escalation.vocabulary import Category, ClockName, Severity, Stage
from starter.cli.case.explain_tables import explanation_page
from starter.cli.case.remembered import from_record
from starter.cli.case.tables import list_table
from starter.cli.context import InContext
from starter.cli.parameters import Everything, Ticket
from starter.cli.timeline_tables import story_table, timeline_table
from starter.errors import UnknownEscalation
from starter.listing import Filter

Limit = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=10_000))]


async def timeline(ticket: Ticket, *, everything: Everything = False, context: InContext) -> None:
    """Show the latest events of a case, in order, one line each.

    Args:
        ticket: Ticket number, or the escalation's full id.
        everything: Show every event with its facts: clocks, due dates, keys of messages.
    """
    client, short = await context.cases(), case_name(ticket).short
    try:
        events = await client.timeline(ticket)
    except UnknownEscalation as unknown:
        _, events = await from_record(ticket, unknown)
    shown = timeline_table(events, short) if everything else story_table(events, short, await client.names(ticket))
    context.out.items(events, shown)


async def explain(ticket: Ticket, clock: ClockName | None = None, *, context: InContext) -> None:
    """Explain when a case's clocks are due and why: what counted, what did not, and what is left.

    Args:
        ticket: Ticket number, or the escalation's full id.
        clock: Only this one.
    """
    explanations = await (await context.cases()).explain(ticket, clock, at=context.now())
    context.out.items(explanations, explanation_page(explanations, clock))


async def list_(
    *,
    stage: Stage | None = None,
    severity: Severity | None = None,
    category: Category | None = None,
    owner: str = "",
    breached: bool | None = None,
    all_: Annotated[bool, Parameter(name="--all")] = False,
    limit: Limit = 100,
    context: InContext,
) -> None:
    """List escalations, by default the open ones; the list may lag by a second.

    Args:
        stage: List only this stage.
        severity: List only this severity.
        category: List only this category.
        owner: List only cases that this person owns.
        breached: List only those with a broken promise.
        all_: Include closed and cancelled ones.
        limit: List at most N.
    """
    wanted = Filter(
        include_over=all_, stage=stage, severity=severity, category=category, owner=owner, breached=breached
    )
    client = await context.cases()
    ordered = sorted(await client.list(wanted, limit=limit), key=lambda row: (row.severity, row.ticket))
    asked = next((row.escalation for row in ordered if row.running and row.owner), "")
    context.out.items(ordered, list_table(ordered, await client.names(asked) if asked else {}))
