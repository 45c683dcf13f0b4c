"""Renders the ladder and the triage criteria of a policy."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from escalation.compiler.explain_ladder import LaneRow, TierRow
from escalation.compiler.explain_triage import RuleRow
from escalation.phrasing import amount_of, words
from escalation.policy import Policy
from escalation.triage.rules import TriageRules
from starter.cli.output import cell
from starter.cli.tables import NOTHING, table_of


def ladder_page(policy: Policy, tiers: Sequence[TierRow], lanes: Sequence[LaneRow]) -> RenderableType:
    """Who is asked at which tier, and what starts above the front line."""
    with_people = tiers[0].people is not None
    columns = ("tier", "skills", "authority", "asked", "to accept", *(("people",) if with_people else ()))
    table = table_of(*columns, title="Tiers")
    for row in tiers:
        table.add_row(
            cell(f"{row.tier} {row.name}{' (starts here)' if row.starts_here else ''}"),
            cell(", ".join(row.skills)),
            cell(f"{row.authority} {policy.currency}".strip() if row.authority else NOTHING),
            amount_of(row.people_to_try, "person", "people"),
            cell(row.accept_within or "no limit"),
            *((cell(_people(row)),) if with_people else ()),
        )
    ladder = policy.ladder
    rounds = f"after {amount_of(ladder.rounds, 'round')} of all tiers, {ladder.overseer} holds the case"
    return Group(table, cell(rounds, "dim"), Text(), *_lanes(lanes, ladder.tier(1).name))


def criteria_page(triage: TriageRules, rules: Sequence[RuleRow]) -> RenderableType:
    """When a ticket escalates, and what follows from each rule."""
    table = table_of("rule", "what must be so", "what follows", title="Criteria of triage")
    for row in rules:
        table.add_row(cell(row.rule), cell(row.when), cell(row.then))
    last = f"a ticket escalates by a rule that says so, or when the scores add up to {triage.threshold}"
    return Group(table, cell(last, "dim"))


def _people(row: TierRow) -> str:
    fit = ", ".join(row.people or ()) or "no one"
    return f"{fit}; not for this case: {', '.join(row.others)}" if row.others else fit


def _lanes(lanes: Sequence[LaneRow], front: str) -> Iterator[RenderableType]:
    yield Text("Lanes")
    for (number, name), group in groupby(lanes, key=lambda row: (row.tier, row.name)):
        yield cell(f"start at {number} {name}: {', '.join(words(row.lane) for row in group)}")
    yield cell(f"{'everything else starts' if lanes else 'every case starts'} at 1 {front}", "dim")
