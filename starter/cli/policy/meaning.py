"""Commands on what a policy means; unlike a check they need events and clocks."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Group, RenderableType
from rich.text import Text

from escalation.clock_rules import subcategory_key
from escalation.compiler.diff import diff_policies
from escalation.compiler.diff_triage import diff_triage
from escalation.compiler.explain import explain_limits, explain_policy
from escalation.compiler.explain_ladder import explain_lanes, explain_tiers
from escalation.compiler.explain_triage import explain_triage
from escalation.compiler.quiet_hours import explain_quiet_hours
from escalation.compiler.targets import Kind
from escalation.phrasing import amount_of
from escalation.roster.files import InvalidRoster, RosterPerson, read_roster
from escalation.vocabulary import Category, Reason, Severity
from starter.cli.context import InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.parameters import Instant
from starter.cli.policy.files import compile_file, compile_files
from starter.cli.policy.tables import changes_document, changes_table, criteria_page, ladder_page, rows_table


def explain(
    file: Path,
    *,
    severity: Severity,
    category: Category,
    reasons: Annotated[tuple[Reason, ...], Parameter(name="--reason")] = (),
    customer_tier: str = "",
    subcategory: str = "",
    at: Instant | None = None,
    roster: Path | None = None,
    context: InContext,
) -> None:
    """Show, with dates, what a policy does to an escalation that no one touches, who is asked, and what escalates.

    Args:
        file: A policy file.
        severity: Of the escalation.
        category: Of the escalation.
        reasons: Why the case escalates, if the reason has its own lane; repeat it for each.
        customer_tier: The customer's contract tier.
        subcategory: A finer category, in your own words.
        at: When it is opened, with offset; now if not given.
        roster: A roster file; then also show who may be asked at each tier.
    """
    opened_at = (at or context.now()).replace(microsecond=0)
    compiled = compile_file(file, opened_at)
    policy = compiled.policy
    people = None if roster is None else _people_of(roster, opened_at)
    rows = explain_policy(
        policy, severity, category, opened_at, reasons=reasons, customer_tier=customer_tier, subcategory=subcategory
    )
    quiet = tuple(explain_quiet_hours(policy, severity))
    limits = explain_limits(policy, category, reasons=reasons)
    kind = Kind(severity, category, customer_tier, subcategory_key(subcategory))
    tiers, lanes = explain_tiers(policy, kind, reasons=reasons, people=people), explain_lanes(policy)
    rules = explain_triage(compiled.triage) if compiled.triage else ()
    parts: list[RenderableType] = [
        rows_table(rows, limits, opened_at, quiet),
        Text(),
        ladder_page(policy, tiers, lanes),
    ]
    if compiled.triage:
        parts += [Text(), criteria_page(compiled.triage, rules)]
    context.out.items(
        [*rows, *limits, *({"quiet_hours": line} for line in quiet), *tiers, *lanes, *rules], Group(*parts)
    )


def _people_of(file: Path, at: datetime) -> tuple[RosterPerson, ...]:
    try:
        return read_roster(file, at, at + timedelta(seconds=1)).people
    except InvalidRoster as error:
        raise BadInput(str(error)) from error


def diff(old: Path, new: Path, *, exit_code: bool = False, context: InContext) -> None:
    """Show how two policy files differ in meaning.

    Args:
        old: A policy file.
        new: Another one.
        exit_code: Exit with code 1 if they differ.
    """
    before, after = compile_files((old, new), context.now())
    changes = (*diff_policies(before.policy, after.policy), *diff_triage(before.triage, after.triage))
    context.out.document(changes_document(changes), changes_table(changes))
    if changes and exit_code:
        raise Findings("different", f"{amount_of(len(changes), 'difference')} between {old} and {new}")
