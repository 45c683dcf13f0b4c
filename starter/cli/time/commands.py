"""Commands that work with time alone; they need no server and, unless a policy's calendar is named, no settings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter, validators

from escalation.business_time import Calendar, Span
from escalation.business_time.errors import CalendarError, DurationError
from escalation.phrasing import amount_of
from starter.cli.context import Context, InContext
from starter.cli.exits import BadInput, Findings
from starter.cli.parameters import Instant, JsonFile, file_name, instant, read_json
from starter.cli.time.answers import calendar_answer, due_answer, elapsed_answer
from starter.cli.time.calendar_files import find_calendar, years_around
from starter.cli.time.tables import calendar_page, due_page, elapsed_page
from starter.cli.time.vector_values import VectorError
from starter.cli.time.vectors import evaluate

FORMAT = 1  # the format of files of cases

# Public holidays are looked up for every year in between.
_FIRST_YEAR, _LAST_YEAR = 1900, 2300

app = App(name="calendar", help="Show when a team is on duty.")

From = Annotated[Instant, Parameter(name="--from")]
Pauses = Annotated[tuple[str, ...], Parameter(name="--pause", negative=())]
HowMany = Annotated[int, Parameter(validator=validators.Number(gte=0, lte=1000))]


@dataclass(slots=True)
class _Tally:
    """The number of cases, and those that could not be computed."""

    seen: int = 0
    failed: list[str] = field(default_factory=list)


def due(
    *,
    calendar: str | None = None,
    from_: From | None = None,
    within: str | None = None,
    pause: Pauses = (),
    cases: JsonFile | None = None,
    context: InContext,
) -> None:
    """Show when a duration of business time ends, and which intervals counted.

    Args:
        calendar: 24x7, a policy's calendar, a YAML file that has one, or FILE#NAME.
        from_: The instant to count from, with its offset.
        within: How long: 90s, 15m, 4h, 1h30m of open time, or 2bd for business days.
        pause: A pause, START..END; repeat it for each.
        cases: Compute a JSON file of cases instead, - for standard input; prints one line of JSON per case.
    """
    if cases is not None:
        if calendar or from_ or within or pause:
            raise BadInput("--cases brings its own calendars and instants; leave the other options out")
        _compute(context, cases)
        return
    if calendar is None or from_ is None or within is None:
        raise BadInput("write --calendar, --from and --within, or --cases FILE")
    start, duration, pauses = from_, within, read_pauses(pause)
    years = _years(context, start)
    answer = due_answer(_calendar(calendar, years), start, duration, pauses)
    if answer.due.year >= years.stop:
        # So far ahead lie public holidays that were not written into the calendar.
        years = range(years.start, answer.due.year + 2)
        answer = due_answer(_calendar(calendar, years), start, duration, pauses)
    context.out.document(answer, due_page(answer))


def elapsed(*, calendar: str, from_: From, to: Instant | None = None, pause: Pauses = (), context: InContext) -> None:
    """Show the business time and the wall time between two instants.

    Args:
        calendar: 24x7, a policy's calendar, a YAML file that has one, or FILE#NAME.
        from_: The first instant, with its offset.
        to: The last instant, with its offset; now if not given.
        pause: A pause, START..END; repeat it for each.
    """
    end, pauses = to or context.now(), read_pauses(pause)
    if end < from_:
        raise BadInput(f"--to {end.isoformat()} lies before --from {from_.isoformat()}; swap the two")
    found = _calendar(calendar, _years(context, from_, end))
    answer = elapsed_answer(found, from_, end, pauses)
    context.out.document(answer, elapsed_page(answer))


@app.command
def show(calendar: str, *, from_: From | None = None, windows: HowMany = 10, context: InContext) -> None:
    """Show a calendar: its week, zone, next windows, and the holidays of the year ahead.

    Args:
        calendar: 24x7, a policy's calendar, a YAML file that has one, or FILE#NAME.
        from_: The first instant, with its offset; now if not given.
        windows: Show N open windows.
    """
    since = from_ or context.now()
    found = _calendar(calendar, _years(context, since))
    answer = calendar_answer(found, since, windows)
    context.out.document(answer, calendar_page(answer))


def _calendar(wanted: str, years: range) -> Calendar:
    return find_calendar(wanted, _policies, years)


def _policies() -> Path:
    from runtime.settings import Settings  # noqa: PLC0415 (slow to import, and only a policy's calendar needs them)

    return Settings.load().policies_dir


def _years(context: Context, *instants: datetime) -> range:
    for at in instants:
        if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
            raise BadInput(f"{at.isoformat()}: write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return years_around(context.now(), instants)


def _compute(context: Context, file: Path) -> None:
    cases = read_cases(read_json(file, context.stdin), file_name(file))
    tally = _Tally()
    context.out.lines(_computed(cases, tally))
    if tally.failed:
        which = ", ".join(tally.failed[:10]) + (" …" if len(tally.failed) > 10 else "")
        raise Findings(
            "not computed", f"{len(tally.failed)} of {amount_of(tally.seen, 'case')}: {which}; each line says why"
        )


def read_cases(value: Any, source: str) -> list[Any]:
    """The cases of a file: the list under `cases`, or the file itself where it is a list."""
    if isinstance(value, Mapping) and value.get("format", FORMAT) != FORMAT:
        raise BadInput(f"{source}: is of format {value['format']!r}; only format {FORMAT} is known")
    cases = value.get("cases") if isinstance(value, Mapping) else value
    if not isinstance(cases, list):
        raise BadInput(f'{source}: has no list of cases; write {{"format": {FORMAT}, "cases": […]}}')
    return cases


def read_pauses(texts: Iterable[str]) -> tuple[Span, ...]:
    """The pauses written as `START..END`."""
    return tuple(_pause(text) for text in texts)


def _pause(text: str) -> Span:
    start, dots, end = text.partition("..")
    if not dots:
        raise BadInput(f'--pause "{text}": write it as START..END, like 2026-03-27T12:00Z..2026-03-27T13:00Z')
    try:
        span = Span(start=instant(start.strip()), end=instant(end.strip()))
    except ValueError as error:
        raise BadInput(f"--pause: {error}") from None
    if span.end < span.start:
        raise BadInput(f'--pause "{text}": ends before it starts; swap the two')
    return span


def _computed(cases: Iterable[Any], tally: _Tally) -> Iterator[dict[str, Any]]:
    for number, case in enumerate(cases, start=1):
        id_ = _id_of(case, number)
        tally.seen += 1
        try:
            yield {"id": id_, "result": evaluate(case)}
        except VectorError as error:
            tally.failed.append(str(id_))
            yield {"id": id_, "error": str(error)}
        except (CalendarError, DurationError) as error:
            # Read, and refused; other products raise an error of theirs here.
            tally.failed.append(str(id_))
            yield {"id": id_, "result": "error", "error": str(error)}


def _id_of(case: Any, number: int) -> str | int:
    """What the case is called; its number where it says nothing that a line of JSON could repeat."""
    match case:
        case {"id": str(text)}:
            return text
        case {"id": int(count)}:
            return count
        case _:
            return f"#{number}"
