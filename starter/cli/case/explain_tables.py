"""Renders the explanation of a clock: its days, what counted on them, what did not and why."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from operator import attrgetter

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from escalation.business_time import BusinessDays, Span
from escalation.business_time.zones import load_zone
from escalation.clocks.definition import CLOCKS
from escalation.clocks.explain import ClockExplanation, NotCounted, PauseTold
from escalation.clocks.targets import BY_HAND_BECAUSE, BY_HAND_UNTIL, FromCase
from escalation.phrasing import amount_of, words
from escalation.vocabulary import ClockName
from starter.cli.output import cell
from starter.cli.tables import facts_table, hours, table_of

SHOWN = 40
"""Most intervals, and most pauses, shown for one clock: the latest. `--json` has more; totals are always over all."""


def explanation_page(explanations: Sequence[ClockExplanation], asked: ClockName | None = None) -> RenderableType:
    """Render why clocks are due when they are, a block for each; all of them where none was asked about."""
    if not explanations and asked is not None:
        return Text(f"{words(asked)} is not running; `timeline` shows earlier runs")
    if not explanations:
        return Text("no clock runs")
    return Group(*(_explanation(of) for of in explanations))


def _explanation(of: ClockExplanation) -> RenderableType:
    zone = load_zone(of.zone)
    parts: list[RenderableType] = [
        cell(f"{words(of.clock)}, run {of.cycle}", "bold"),
        facts_table(*_facts(of, zone)),
        Text(),
    ]
    if of.totals:
        parts += [_totals(of), Text(), *_intervals(of, zone), Text()]
    if of.ahead:
        parts += [_ahead(of, zone), Text()]
    if of.thresholds:
        parts += [_thresholds(of, zone), Text()]
    return Group(*parts, cell(_verdict(of, zone), "bold"), Text())


def _facts(of: ClockExplanation, zone: tzinfo) -> Iterator[tuple[str, str]]:
    version = f"version {of.calendar_version}, " if of.calendar_version else ""
    yield "started", _instant(of.started_at, zone)
    yield "as of", _instant(of.until, zone)
    yield "calendar", f"{of.calendar} in {of.zone} ({version}zone data {of.zone_data or 'unknown'})"
    yield "allowed", _allowed(of)
    yield "counted", f"{hours(of.counted_seconds)} of {hours(of.wall_seconds)} on the wall"
    yield "left", hours(of.remaining_seconds) if of.remaining_seconds else "nothing"
    for pause in of.pauses[-SHOWN:]:
        yield "pause", _pause(pause, zone)


def _allowed(of: ClockExplanation) -> str:
    source = CLOCKS[of.clock].target
    if of.within is None:
        return f"{source.until if isinstance(source, FromCase) else BY_HAND_UNTIL}; no pause moves it"
    shortened = "" if of.percent == 100 else f", shortened to {of.percent} % because the customer is frustrated"
    extra = f", and {hours(of.extra_seconds)} for the time in which it was resolved" if of.extra_seconds else ""
    if isinstance(of.within, BusinessDays):
        return f"{amount_of(of.within.days, 'business day')}{shortened}{extra}"
    return f"{hours(of.within.seconds)} of open time{shortened}{extra}"


def _pause(pause: PauseTold, zone: tzinfo) -> str:
    until = "now" if pause.end is None else _instant(pause.end, zone)
    kept = f"{hours(pause.open_seconds)} of open time"
    return f"{_instant(pause.start, zone)} to {until}: {words(pause.cause)}, by {pause.by}; {kept}"


def _totals(of: ClockExplanation) -> Table:
    table = table_of("use of time", "total", "intervals")
    for total in of.totals:
        table.add_row(words(total.use), hours(total.seconds), str(total.intervals))
    table.add_row(cell("all", "dim"), hours(of.wall_seconds), str(sum(total.intervals for total in of.totals)))
    return table


def _intervals(of: ClockExplanation, zone: tzinfo) -> Iterator[RenderableType]:
    rows: list[Span | NotCounted] = sorted((*of.counted, *of.not_counted), key=attrgetter("start"))
    shown = rows[-SHOWN:]
    table = table_of("day", "from", "to", "time", "use")
    day = ""
    for row in shown:
        start, end = row.start.astimezone(zone), row.end.astimezone(zone)
        table.add_row(
            "" if (today := _day(start)) == day else today,
            _time(start),
            _time(end) if _day(end) == today else f"{_time(end)} {_day(end)}",
            _length(row),
            _use(row),
        )
        day = today
    if left_out := sum(total.intervals for total in of.totals) - len(shown):
        before = amount_of(left_out, "interval before these is", "intervals before these are")
        yield cell(f"the {before} in the totals only", "dim")
    yield table


def _use(row: Span | NotCounted) -> Text:
    match row:
        case Span():
            return Text("counted", "green")
        case NotCounted(holiday=date) if date is not None:
            return cell(f"{row.why} {date:%a} {date}")
        case NotCounted():
            causes = " and ".join(f"{words(one.cause)}, by {one.by}" for one in row.paused_by)
            return cell(f"{row.why}: {causes}" if causes else row.why)


def _ahead(of: ClockExplanation, zone: tzinfo) -> Table:
    table = table_of("still to come", "from", "to", "time")
    for window in of.ahead:
        start, end = window.start.astimezone(zone), window.end.astimezone(zone)
        until = _time(end) if _day(end) == _day(start) else f"{_time(end)} {_day(end)}"
        table.add_row(_day(start), _time(start), until, _length(window))
    if rest := of.remaining_seconds - sum(_seconds(window) for window in of.ahead):
        table.add_row("later", "", "", hours(rest))
    return table


def _thresholds(of: ClockExplanation, zone: tzinfo) -> Table:
    table = table_of("threshold", "when", "")
    for threshold in of.thresholds:
        when = _instant(threshold.at, zone) if threshold.at else "open (paused)"
        table.add_row(cell(threshold.name), when, "fired" if threshold.fired else "")
    return table


def _verdict(of: ClockExplanation, zone: tzinfo) -> str:
    if of.due is None:
        return f"so it is not due while it is paused; {hours(of.remaining_seconds)} are left when it continues"
    when = _instant(of.due, zone)
    source = CLOCKS[of.clock].target
    named = f", {source.because if isinstance(source, FromCase) else BY_HAND_BECAUSE}" if of.fixed else ""
    if of.due <= of.until:
        return f"so it was due {when}{named}"
    return f"so it is due {when}{named or f'; {hours(of.remaining_seconds)} are left'}"


def _instant(at: datetime, zone: tzinfo) -> str:
    there = at.astimezone(zone)
    return f"{_day(there)} {_time(there)}"


def _day(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d}"


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S} {at.replace(microsecond=0).isoformat()[19:]}"


def _length(of: Span | NotCounted) -> str:
    return hours(_seconds(of))


def _seconds(of: Span | NotCounted) -> int:
    return int((of.end - of.start).total_seconds())
