"""Renders a policy with its ladder and triage criteria, and the difference between two."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from escalation.clock_rules import OnReopen
from escalation.compiler.diff_values import Change
from escalation.compiler.explain import LaneLimit, Row
from escalation.compiler.explain_ladder import LaneRow, TierRow
from escalation.compiler.explain_triage import RuleRow
from escalation.phrasing import amount_of, words
from escalation.policy import Policy
from escalation.triage.rules import TriageRules
from starter.cli.output import cell
from starter.cli.tables import NOTHING, relative, table_of


def rows_table(
    rows: Sequence[Row], limits: Sequence[LaneLimit], opened_at: datetime, quiet: Iterable[str] = ()
) -> RenderableType:
    """Render what happens when if no one acts, and below it what may change that."""
    if not rows:
        return Text("no clock starts at the opening")
    table = table_of("when (UTC)", "after the opening", "clock", "threshold", "what happens")
    for row in rows:
        table.add_row(
            f"{row.at.astimezone(UTC):%a %Y-%m-%d %H:%M:%S}",
            relative(row.at, opened_at).removeprefix("in "),
            words(row.clock),
            cell(row.threshold),
            ", ".join(words(action) for action in row.actions),
        )
    return Group(
        table, *(cell(line, "dim") for line in dict.fromkeys((*_footnotes(rows), *map(_limit, limits), *quiet)))
    )


_GOES_ON = {OnReopen.RESUME: "goes on where it stopped", OnReopen.EXTEND: "goes on, extended by the time in between,"}


def _footnotes(rows: Sequence[Row]) -> Iterator[str]:
    """Yield what may move all that or end it, a line for each clock."""
    for row in rows:
        if row.stopped_by:
            yield f"{words(row.clock)} ends with: {', '.join(words(cause) for cause in row.stopped_by)}"
        if row.paused_by:
            yield f"{words(row.clock)} is paused while {' or '.join(words(cause) for cause in row.paused_by)}"
        if row.on_reopen is not None and row.on_reopen in _GOES_ON:
            yield f"{words(row.clock)} {_GOES_ON[row.on_reopen]} after a reopening"


def _limit(limit: LaneLimit) -> str:
    lane = words(limit.contact_limit)
    most = amount_of(limit.at_most, "message of the customer", "messages of the customer")
    reach = "reaches" if limit.at_most == 1 else "reach"
    return f"{lane}: at most {most} within {limit.within} {reach} the team; more are set aside"


def changes_document(changes: Iterable[Change]) -> list[dict[str, object]]:
    """Return the differences, for programs."""
    return [{"path": change.path, "old": change.old, "new": change.new} for change in changes]


def changes_table(changes: Sequence[Change]) -> RenderableType:
    """Render the differences, each under its section."""
    if not changes:
        return Text("both mean the same")
    table = table_of("what", "before", "after")
    for section, group in groupby(changes, key=_section):
        if section:
            table.add_row(cell(" ".join(map(words, section)), "bold"))
        for what, before, after in _lines(group, len(section)):
            table.add_row(Text("  " if section else "") + cell(what), cell(before), cell(after))
    return table


def _section(change: Change) -> tuple[str, ...]:
    if len(change.where) == 1:
        return ()
    return change.where[: 2 if change.where[0] in {"clocks", "calendars"} else 1]


def _lines(changes: Iterable[Change], depth: int) -> Iterator[tuple[str, str, str]]:
    # A line for each change; holidays that go and come are one line, since they come by the dozen.
    for what, group in groupby(changes, key=lambda change: _what(change.where[depth:])):
        found = list(group)
        before, after = (
            [_shown(change.where[-1] if what == "holidays" else value) for change, value in values if value is not None]
            for values in ([(each, each.old) for each in found], [(each, each.new) for each in found])
        )
        yield what, ", ".join(before) or NOTHING, ", ".join(after) or NOTHING


def _what(where: tuple[str, ...]) -> str:
    return "holidays" if where[:1] == ("holidays",) else " ".join(map(words, where))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def ladder_page(policy: Policy, tiers: Sequence[TierRow], lanes: Sequence[LaneRow]) -> RenderableType:
    """Render who is asked at which tier, and what starts above the front line."""
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
    """Render when a ticket escalates, and what follows from each rule."""
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
