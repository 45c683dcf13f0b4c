"""Tables in the house style, made of plain cells, so that no text can pass for markup."""

from datetime import UTC, datetime, timedelta

from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text

from escalation.phrasing import minute
from escalation.vocabulary import Severity
from starter.cli.output import cell

NOTHING = "-"
LONGEST_WORD = 22  # columns that a longer word gets at least, before it is broken
_SEVERITY_STYLES = {Severity.SEV1.value: "bold red", Severity.SEV2.value: "red", Severity.SEV3.value: "yellow"}


def absolute(at: datetime | None) -> str:
    """The instant in UTC, to the second."""
    return NOTHING if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def when(at: datetime | None, now: datetime) -> str:
    """The instant to the minute, and how far off it is: `2026-03-27 16:00 UTC (in 2 h)`."""
    return NOTHING if at is None else f"{minute(at)} ({relative(at, now)})"


def relative(at: datetime | None, now: datetime) -> str:
    """Return the distance of an instant in its two largest units: `in 2 h 5 min`, `3 d ago`."""
    if at is None:
        return NOTHING
    seconds = round((at - now) / timedelta(seconds=1))
    if seconds == 0:
        return "now"
    told = _two_units(abs(seconds))
    return f"in {told}" if seconds > 0 else f"{told} ago"


def hours(seconds: int) -> str:
    """A length of open time; never in days, which could be taken for working days."""
    parts = []
    for unit, size in _UNITS[1:]:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts) or "0 s"


def severity_cell(severity: str) -> Text:
    """A severity in its colour."""
    return cell(severity, _SEVERITY_STYLES.get(severity, ""))


def threshold_words(name: str) -> str:
    """A threshold as people say it: `75%`, `due`, `30m before`, `2h after`."""
    signs = {"-": "before", "+": "after"}
    return f"{name[1:]} {signs[name[0]]}" if name[:1] in signs else name


class WholeWords(Table):
    """A table that breaks lines between words, as long as the longest words have room beside each other."""

    def _calculate_column_widths(self, console: Console, options: ConsoleOptions) -> list[int]:
        # Each column gets room for its longest word; what is left goes to those that need least of it first.
        needs = [self._measure_column(console, options, column) for column in self.columns]
        least = [need.minimum for need in needs]
        room = options.max_width - self._extra_width
        if sum(least) > room:
            least = [min(width, LONGEST_WORD) for width in least]
        left = room - sum(least)
        if left < 0 or sum(need.maximum for need in needs) <= room:
            return super()._calculate_column_widths(console, options)
        wanted = sorted(
            (need.maximum - width, column) for column, (need, width) in enumerate(zip(needs, least, strict=True))
        )
        for place, (more, column) in enumerate(wanted):
            given = min(more, left // (len(wanted) - place))
            least[column] += given
            left -= given
        return least


def facts_table(*rows: tuple[str, str | Text]) -> Table:
    """Names and values, a line for each; long values continue in the next line."""
    table = WholeWords(box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        table.add_row(cell(name, "dim"), value if isinstance(value, Text) else cell(value))
    return table


def table_of(*columns: str, title: str | None = None) -> Table:
    """An empty table in the house style; long cells continue in the next line."""
    table = WholeWords(box=None, header_style="bold", pad_edge=False, title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def _two_units(seconds: int) -> str:
    for index, (unit, size) in enumerate(_UNITS):
        if seconds >= size:
            told = f"{seconds // size} {unit}"
            if index + 1 < len(_UNITS) and (rest := seconds % size // _UNITS[index + 1][1]):
                told += f" {rest} {_UNITS[index + 1][0]}"
            return told
    return "0 s"
