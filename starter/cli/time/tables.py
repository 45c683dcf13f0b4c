"""Renders answers about time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime

from rich.console import Group, RenderableType
from rich.text import Text

from escalation.business_time import Boundary
from starter.cli.tables import NOTHING, absolute, facts_table, hours, table_of
from starter.cli.time.answers import CalendarAnswer, CalendarUsed, DueAnswer, ElapsedAnswer, OtherHours, Stretch

_AT_CLOSING = {
    Boundary.CLOSE: "a duration used up at closing ends then",
    Boundary.NEXT_OPEN: "a duration used up at closing ends at the next opening",
}


def due_page(answer: DueAnswer) -> RenderableType:
    """Render when it is due, and what counted."""
    return Group(
        facts_table(
            ("due", f"{local(answer.due_local)} = {absolute(answer.due)}"),
            ("from", absolute(answer.start)),
            ("within", answer.within),
            ("calendar", _calendar(answer.calendar)),
            ("counted", f"{hours(answer.counted_seconds)} of {hours(answer.wall_seconds)} on the wall"),
        ),
        Text(),
        _stretches(answer.counted, "nothing counted"),
    )


def elapsed_page(answer: ElapsedAnswer) -> RenderableType:
    """Render how much time lies between, and what counted."""
    return Group(
        facts_table(
            ("business time", hours(answer.business_seconds)),
            ("wall time", hours(answer.wall_seconds)),
            ("from", absolute(answer.start)),
            ("to", absolute(answer.end)),
            ("calendar", _calendar(answer.calendar)),
        ),
        Text(),
        _stretches(answer.counted, "nothing counted"),
    )


def calendar_page(answer: CalendarAnswer) -> RenderableType:
    """Render a calendar: its week, and what comes next."""
    facts = facts_table(*_calendar_facts(answer))
    return facts if answer.always else Group(facts, Text(), _stretches(answer.windows, "no window was asked for"))


def local(at: datetime) -> str:
    """The instant in its own zone, with weekday, offset and zone."""
    return f"{at:%a %Y-%m-%d %H:%M:%S} {at.isoformat()[19:]} {at.tzinfo}"


def _calendar_facts(answer: CalendarAnswer) -> Iterator[tuple[str, str]]:
    yield "calendar", answer.calendar.name
    yield "zone", f"{answer.calendar.zone} (zone data {answer.calendar.zone_data})"
    yield "version", answer.calendar.version or NOTHING
    if answer.always:
        yield "hours", "always open"
        return
    yield from ((f"hours {day}", ", ".join(rows) or "closed") for day, rows in answer.hours.items())
    yield "boundary", f"{answer.boundary}: {_AT_CLOSING[answer.boundary]}"
    yield "at", f"{absolute(answer.since)}: {'open' if answer.open else 'closed'}"
    yield "holidays ahead", ", ".join(_dates(answer.holidays)) or NOTHING
    yield from (("other hours", _exception(each)) for each in answer.other_hours)


def _dates(days: Iterable[date]) -> Iterator[str]:
    return (f"{day:%a} {day}" for day in days)


def _exception(of: OtherHours) -> str:
    told = [] if of.hours is None else [", ".join(of.hours) or "closed"]
    told += [f"without {', '.join(of.breaks)}"] if of.breaks else []
    return f"{of.on:%a} {of.on}: {'; '.join(told)}"


def _calendar(of: CalendarUsed) -> str:
    version = f"version {of.version}, " if of.version else ""
    return f"{of.name} in {of.zone} ({version}zone data {of.zone_data})"


def _stretches(stretches: Sequence[Stretch], otherwise: str) -> RenderableType:
    if not stretches:
        return Text(otherwise)
    table = table_of("from", "to", "to (UTC)", "open")
    for each in stretches:
        table.add_row(
            _short(each.start), _short(each.end), f"{each.end.astimezone(UTC):%Y-%m-%d %H:%M:%S}", hours(each.seconds)
        )
    return table


def _short(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M:%S} {at.isoformat()[19:]}"
