"""Renders answers about the roster."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.text import Text

from activities.adapters.postgres.on_shift import LOW_WATER
from escalation.business_time import Span
from escalation.business_time.zones import load_zone
from escalation.case.naming import life_of
from escalation.phrasing import amount_of
from escalation.roster import Step, TeamChange
from escalation.roster.files.abilities import Lack
from escalation.roster.files.staffing import TierGap
from starter.cli.output import cell
from starter.cli.roster.answers import Checked, HandedOn, Loaded, Shown, WhoIsThere
from starter.cli.tables import NOTHING, absolute, relative, table_of

WINDOWS_SHOWN = 5  # most windows that a table shows of one lack; JSON has all


def checked_page(of: Checked) -> RenderableType:
    """That a roster is sound, and what is hardly meant."""
    shifts = f", {amount_of(of.shifts, 'shift')}" if of.shifts else ""
    parts: list[RenderableType] = [cell(f"{of.file}: ok, {_people(of)}{shifts}")]
    parts += [cell(f"{each.file}:{each.line}: warning: {each.text}", "yellow") for each in of.warnings]
    if of.around_the_clock:
        parts.append(cell(f"asked around the clock: {', '.join(of.around_the_clock)}"))
    if of.gaps is not None:
        parts += (
            [Text(), _gaps(of.gaps)] if of.gaps else [cell(f"every tier is staffed up to {absolute(of.gaps_until)}")]
        )
    if of.lacks:
        parts += [Text(), _lacks(of.lacks)]
    return Group(*parts)


def loaded_page(of: Loaded, zone: str) -> RenderableType:
    """Render what was loaded, and what it does to the team, to open cases and to running shifts."""
    version = f"version {of.version}{' as before' if of.renewed else ''}"
    done = "loaded"
    if of.dry_run:
        done = "would be loaded with --hand-on only" if of.handed_on else "would be loaded"
    head = f"{of.file}: {done}, {_people(of)}; {version}"
    if of.rows:
        head += f", shifts known up to {absolute(of.covers_until)}"
    parts: list[RenderableType] = [cell(head)]
    parts += [cell(f"{each.file}:{each.line}: warning: {each.text}", "yellow") for each in of.warnings]
    parts += [cell(_team_line(each)) for each in of.team]
    parts += [cell(_case_line(each, dry_run=of.dry_run)) for each in of.handed_on]
    if of.changes:
        parts += [Text(), _running(of, zone)]
        if not of.at_once:
            parts += [Text(), cell("Until then they stay as they are; --now changes them at once.")]
    return parts[0] if len(parts) == 1 else Group(*parts)


def _team_line(change: TeamChange) -> str:
    if change.step is not Step.CHANGES:
        return f"{change.step}: {change.person} ({change.name})"
    said = "; ".join(f"{each.what} {each.before or 'none'} -> {each.after or 'none'}" for each in change.differences)
    return f"{change.step}: {change.person}: {said}"


def _case_line(case: HandedOn, *, dry_run: bool) -> str:
    ticket, to = life_of(case.escalation).ticket, case.to or "the next of its tier"
    what = f" ({', '.join(case.what)})" if case.what else ""
    if not dry_run:
        done = f"not handed on: {ticket} of {case.person}{what}: {case.problem}"
        return done if case.problem else f"handed on: {ticket} of {case.person} to {to}{what}"
    if case.what:
        return f"left to do: {case.person} in {ticket}{what}; --hand-on gives it to {to}"
    return f"open case: {ticket} is with {case.person}; --hand-on hands it on to {to}"


def _running(of: Loaded, zone: str) -> RenderableType:
    table = table_of(
        "shift", "tier", "person", "open cases", "until now", "new version", "changes over", title="Running shifts"
    )
    for change in of.changes:
        table.add_row(
            cell(change.shift or NOTHING),
            str(change.tier or "all"),
            cell(change.person),
            str(of.open_cases.get(change.person, 0)),
            _spans(change.before, zone),
            _spans(change.after, zone),
            local(change.takes_over, zone),
        )
    return table


def shown_page(of: Shown, zone: str, now: datetime) -> RenderableType:
    """Render who is on which shift when, and up to when shifts are known."""
    table = table_of(f"from ({zone})", "to", "shift", "tiers", "person")
    for each in of.stretches:
        table.add_row(
            local(each.start, zone),
            local(each.end, zone),
            cell(each.shift or NOTHING),
            ", ".join(map(str, each.tiers)) or "all",
            cell(each.person),
        )
    parts: list[RenderableType] = [table if of.stretches else Text("no shift in this time")]
    if of.always:
        parts += [Text(), cell(f"asked around the clock: {', '.join(of.always)}")]
    return Group(*parts, *_horizon(of.until, of.covers_until, now))


def who_page(of: WhoIsThere, zone: str, now: datetime) -> RenderableType:
    """Render who is available, and up to when shifts are known."""
    if not of.people:
        none: RenderableType = cell(f"no one is on shift at tier {of.tier} at {local(of.at, zone)} {zone}")
        return Group(none, *_horizon(of.at, of.covers_until, now))
    table = table_of("person", "shift", f"until ({zone})", "open cases", "limit")
    for person in of.people:
        table.add_row(
            cell(person.person),
            cell(", ".join(person.shifts) or "around the clock"),
            local(person.until, zone) if person.until else NOTHING,
            NOTHING if person.open is None else str(person.open),
            str(person.most),
        )
    return Group(table, *_horizon(of.at, of.covers_until, now))


def local(at: datetime, zone: str) -> str:
    """The instant in the zone's wall time, with its offset if that can change."""
    there = at.astimezone(load_zone(zone))
    return f"{there:%a %Y-%m-%d %H:%M}{'' if zone == 'UTC' else there.strftime(' %z')}"


def _gaps(gaps: Iterable[TierGap]) -> RenderableType:
    table = table_of("tier", "calendar", "no one from", "to (UTC)", title="Warning: no one on shift")
    for gap in gaps:
        for number, window in enumerate(gap.windows):
            first = (cell(f"{gap.tier} {gap.name}"), cell(gap.calendar)) if number == 0 else (Text(), Text())
            table.add_row(*first, local(window.start, "UTC"), local(window.end, "UTC"))
    return table


def _lacks(lacks: Iterable[Lack]) -> RenderableType:
    title = "Warning: people on shift, but no one with this"
    table = table_of("tier", "missing", "calendar", "from", "to (UTC)", title=title)
    for lack in lacks:
        first = [cell(f"{lack.tier} {lack.name}"), cell(_wanted(lack)), cell(lack.calendar)]
        if not lack.people:
            table.add_row(*first, Text("no one in the tier, at any time"), Text())
            continue
        for window in lack.windows[:WINDOWS_SHOWN]:
            table.add_row(*first, local(window.start, "UTC"), local(window.end, "UTC"))
            first = [Text()] * 3
        more = len(lack.windows) - WINDOWS_SHOWN
        if more > 0:
            table.add_row(*first, Text(f"and {more} more, the last one up to"), local(lack.windows[-1].end, "UTC"))
    return table


def _people(of: Checked | Loaded) -> str:
    return f"{amount_of(of.people, 'person', 'people')}, {of.active} of them active"


def _wanted(lack: Lack) -> str:
    authority = [f"authority {lack.authority}"] if lack.authority else []
    return " and ".join([*lack.skills, *authority])


def _spans(spans: Iterable[Span], zone: str) -> str:
    return ", ".join(_span(span, zone) for span in spans) or "not on shift"


def _span(span: Span, zone: str) -> str:
    there = load_zone(zone)
    start, end = span.start.astimezone(there), span.end.astimezone(there)
    same_day = start.date() == end.date()
    return f"{start:%a %Y-%m-%d %H:%M} to {end:%H:%M}" if same_day else f"{local(start, zone)} to {local(end, zone)}"


def _horizon(asked: datetime, known: datetime | None, now: datetime) -> Iterator[RenderableType]:
    """Up to when shifts are known; nothing where a file was asked, which has no end."""
    if known is None:
        return
    if asked > known:
        yield cell(f"shifts are known only up to {absolute(known)}; run `escalations roster load` again", "yellow")
    elif known - now < LOW_WATER:
        left = f"{relative(known, now)}; after that no shift is known: run `escalations roster load` again"
        yield cell(f"shifts are known up to {absolute(known)}, {left}", "yellow")
    else:
        yield cell(f"shifts are known up to {absolute(known)}", "dim")
