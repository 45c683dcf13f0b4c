"""Renders the report of a simulation, or two side by side, for a terminal."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.phrasing import amount_of, words
from escalation.vocabulary import Severity
from simulation.dated_shifts import day_of
from simulation.exports import Rejected
from simulation.fitting import Fit, FitRow
from simulation.placing import RosterTime
from simulation.report import Distribution, Report, TierLoad, Verdicts
from simulation.staffing import Lack
from starter.cli.output import cell
from starter.cli.tables import table_of

MOST_LISTED = 20  # rows of a list shown to people; `--json` has them all
WORST_HOURS = 10  # hours of the week shown in which tiers were skipped
_LACKS = {
    Lack.NOBODY_FIT: "no one has the skills and the authority",
    Lack.NOBODY_THERE: "no one on shift",
    Lack.ALL_AT_LIMIT: "everyone at their limit",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# Columns of a day in the table of hours, so that its shape is the same for small logs and large ones.
_DAY_WIDTH = 6

# What differs in reasons that are the same.
_VARYING = re.compile(r"`[^`]*`|[0-9]+")

Rows = Iterable[tuple[str, str]]


def simulated_page(
    reports: Sequence[Report], fit: Fit | None = None, roster: RosterTime | None = None, warnings: Sequence[str] = ()
) -> RenderableType:
    """Everything: the first report's policy, and the other one beside it if there are two."""
    parts: list[RenderableType] = [*_warning_lines(warnings), *_roster_lines(roster)]
    parts.append(_side_by_side(reports, is_fitted=fit is not None))
    first = reports[0]
    if len(reports) > 1:
        parts += [Text(), cell(f"all that follows is of {first.policy} {first.checksum[:8]}")]
    if fit is not None:
        parts += [Text(), _fit_table(fit)]
    if first.verdicts:
        parts += [Text(), _verdict_table(first.verdicts)]
    if first.differences:
        parts += [Text(), _difference_table(first)]
    parts += [Text(), _load_table(first)]
    if any(tier.skipped for tier in first.load_by_tier):
        parts += [Text(), _skipped_table(first.load_by_tier)]
    parts += [Text(), _hours_table(first)]
    if first.steps.by_reason:
        parts += [Text(), _refusal_table(first)]
    if first.rejected:
        parts += [Text(), _rejected_table(first)]
    return Group(*parts)


def _roster_lines(roster: RosterTime | None) -> Iterator[RenderableType]:
    """Say how the log was moved, and what of the roster does not fit; nothing where there is nothing to say."""
    if roster is None or not (roster.weeks or roster.warnings):
        return
    if roster.weeks:
        log, played = (
            f"{day_of(start, roster.zone)} to {day_of(end, roster.zone)}"
            for start, end in ((roster.log_start, roster.log_end), (roster.start, roster.end))
        )
        way = "later" if roster.weeks > 0 else "earlier"
        moved = f"{amount_of(abs(roster.weeks), 'week')} {way}"
        yield cell(f"log of {log} played {moved}, {played}; weekdays and times of day as in {roster.zone}")
    yield from _warning_lines(roster.warnings)
    yield Text()


def _warning_lines(warnings: Iterable[str]) -> Iterator[RenderableType]:
    return (cell(f"warning: {text}", "yellow") for text in warnings)


def _side_by_side(reports: Sequence[Report], *, is_fitted: bool) -> Table:
    columns = [dict(_rows(report)) for report in reports]
    names = list(dict.fromkeys(name for column in columns for name in column))
    fitted = "\nresolution fitted" if is_fitted else ""
    heads = [f"{report.policy}\n{report.checksum[:8]}{fitted}" for report in reports]
    table = table_of("", *heads, *(("difference",) if len(reports) > 1 else ()))
    for name in names:
        found = [column.get(name, "0") for column in columns]
        table.add_row(cell(name), *map(cell, found), *((cell(_difference(found)),) if len(reports) > 1 else ()))
    return table


def _rows(report: Report) -> Rows:
    """Every figure under its name, in the order in which people ask for them."""
    yield "tickets", str(report.tickets)
    yield "rows used", f"{report.rows_used} of {report.rows_used + len(report.rejected)}"
    if report.rows_moved:
        yield "rows earlier than the one above", str(report.rows_moved)
    yield "rows rejected", str(len(report.rejected))
    steps = report.steps
    yield "steps done", f"{steps.done} of {steps.planned}"
    yield "steps refused", str(steps.refused)
    yield "acknowledgements added", str(steps.taken)
    yield from ((f"ended {words(outcome)}", str(count)) for outcome, count in report.outcomes.items())
    for one in report.breaches:
        yield f"breaches {words(one.clock)} {one.severity}", f"{one.breaches} of {one.promises}"
    yield from ((f"climbs by {words(cause)}", str(count)) for cause, count in report.climbs.items())
    yield from _spread("messages per customer", report.messages_to_customer)
    yield from _spread("messages per owner and ticket", report.messages_to_person)
    yield from _fatigue("automatic letters per customer and case", report.fatigue.per_customer)
    yield from _fatigue("automatic messages per colleague and case", report.fatigue.per_colleague)
    yield "holding updates left out", str(report.fatigue.withheld)
    for pause in report.pauses:
        yield f"pauses {words(pause.cause)}", str(pause.count)
        yield f"pauses {words(pause.cause)}, business hours", f"{pause.business_seconds / 3600:.0f}"
        yield f"pauses {words(pause.cause)}, wall hours", f"{pause.wall_seconds / 3600:.0f}"
    for tier in report.load_by_tier:
        yield f"tier {tier.tier} offers", str(tier.offered)
        yield f"tier {tier.tier} taken", f"{tier.acknowledged} of {tier.offered}"
        yield f"tier {tier.tier} handed over at the end of a shift", str(tier.handed_over)
        yield f"tier {tier.tier} skipped", str(tier.skipped)
        yield from (
            (f"tier {tier.tier} skipped: {_LACKS[lack]}", str(count)) for lack, count in tier.skipped_because.items()
        )
        if tier.seconds_to_acknowledge.count:
            yield f"tier {tier.tier} minutes until taken, mean", f"{tier.seconds_to_acknowledge.mean / 60:.1f}"
            yield f"tier {tier.tier} minutes until taken, p90", f"{tier.seconds_to_acknowledge.p90 / 60:.1f}"
    yield "customer words that no one answered", str(report.unanswered)
    yield "invariants violated", str(report.invariants.violated)
    yield "thresholds doubled", str(len(report.invariants.doubled))


def _spread(name: str, found: Distribution) -> Rows:
    yield f"{name}, mean", f"{found.mean:.2f}"
    yield f"{name}, p90", str(found.p90)
    yield f"{name}, max", str(found.max)


def _fatigue(name: str, found: Distribution) -> Rows:
    yield f"{name}, mean", f"{found.mean:.2f}"
    yield f"{name}, p99", str(found.p99)
    yield f"{name}, max", str(found.max)


def _difference(found: Sequence[str]) -> str:
    before, after = (float(text.split()[0]) for text in found)
    change = after - before
    return "" if not change else f"{change:+.2f}".rstrip("0").rstrip(".")


def _fit_table(fit: Fit) -> Table:
    table = table_of("severity", "until", "calendar", "waits", "best target", "agrees", "if all were met")
    for row in _best_of_each_way(fit.rows):
        table.add_row(
            row.severity,
            row.until,
            row.calendar,
            "taken out" if row.without_waits else "counted",
            cell(_target(row.target_seconds)),
            f"{row.agree} of {row.of}",
            str(row.all_met),
        )
    return table


def _target(seconds: int) -> str:
    """Hours and minutes, such as `88h 5m`; policies are written so."""
    if not seconds:
        return "0, always missed"
    hours, rest = divmod(seconds, 3600)
    parts = (f"{hours}h" if hours else "", f"{rest // 60}m" if rest // 60 else "", f"{rest % 60}s" if rest % 60 else "")
    return " ".join(filter(None, parts))


def _best_of_each_way(rows: Iterable[FitRow]) -> Iterator[FitRow]:
    """The best row for each severity and end; the plainest where several are as good."""
    seen: set[tuple[Severity, str]] = set()
    for row in rows:
        if (row.severity, row.until) not in seen:
            seen.add((row.severity, row.until))
            yield row


def _verdict_table(verdicts: Iterable[Verdicts]) -> Table:
    table = table_of("verdicts", "both met", "both missed", "only the log missed", "only we missed", "agreement")
    for one in verdicts:
        table.add_row(
            one.severity,
            *map(str, (one.both_met, one.both_missed, one.only_log_missed, one.only_we_missed)),
            f"{one.agreement:.1%}",
        )
    return table


def _difference_table(report: Report) -> Table:
    return _listed(
        table_of("verdicts differ", "the log says", "because", "such as"),
        report.differences,
        lambda one: (str(one.count), "met" if one.log_met else "missed", one.reason, one.example),
    )


def _load_table(report: Report) -> Table:
    work = report.work_by_person
    return _listed(
        table_of("load", "cases", "hours", "most at once", "steps of the log"),
        report.load_by_person,
        lambda one: (
            one.person,
            str(one.cases),
            f"{one.hours:.0f}",
            str(one.most_at_once),
            str(work.get(one.person, 0)),
        ),
    )


def _skipped_table(tiers: Iterable[TierLoad]) -> Table:
    found = sorted(
        ((tier.tier, hour) for tier in tiers for hour in tier.skipped_hours),
        key=lambda one: (-one[1].skipped, one[0], one[1].weekday, one[1].hour),
    )
    return _listed(
        table_of("skipped, UTC", "no one available", "tier"),
        found,
        lambda one: (
            f"{_DAYS[one[1].weekday]} {one[1].hour:02}:00",
            f"{one[1].skipped} of {amount_of(one[1].searches, 'time')}",
            str(one[0]),
        ),
        most=WORST_HOURS,
    )


def _hours_table(report: Report) -> Table:
    # The work of a week as calendars draw it, hours down and days across: it fits into the narrowest terminal.
    table = table_of("steps, UTC", *_DAYS)
    for day in table.columns[1:]:
        day.justify, day.min_width, day.no_wrap = "right", _DAY_WIDTH, True
    for hour, counts in enumerate(zip(*report.work_by_hour, strict=True)):
        table.add_row(f"{hour:02}:00", *(str(count) if count else "" for count in counts))
    return table


def _refusal_table(report: Report) -> Table:
    return _listed(
        table_of("refused", "step", "reason", "such as"),
        report.steps.by_reason,
        lambda one: (str(one.count), words(one.command), one.reason, one.example),
    )


def _rejected_table(report: Report) -> Table:
    """By reason, the most frequent first; what differs from row to row is shown as the first of them has it."""
    found: dict[str, list[Rejected]] = {}
    for one in report.rejected:
        found.setdefault(_VARYING.sub("…", one.reason), []).append(one)
    alike = sorted(found.values(), key=len, reverse=True)
    table = table_of("rejected rows", "first line", "reason")
    return _listed(table, alike, lambda them: (str(len(them)), str(them[0].line), them[0].reason))


def _listed(
    table: Table, found: Sequence[object], row: Callable[..., tuple[str, ...]], most: int = MOST_LISTED
) -> Table:
    for one in found[:most]:
        table.add_row(*map(cell, row(one)))
    if len(found) > most:
        table.add_row(cell("…"), cell(f"and {len(found) - most} more; --json has them all"))
    return table
