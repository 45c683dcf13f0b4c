"""The rows of a CSV file, or of JSON lines, with the line each begins in.

Names of columns are compared without regard to capitals. A row that cannot be read is rejected, and never lost.
"""

import csv
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from simulation.exports.spelling import as_compared
from simulation.exports.ticket_log import UnreadableLog

Reject: TypeAlias = Callable[[int, str], None]  # takes a line that makes no sense, and why

# What Excel writes before the header, to say what separates the columns.
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE | re.DOTALL)
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class Repeated(list[Any]):
    """The values of a name that is there several times."""


def as_column(name: str) -> str:
    """The name of a column as it is compared."""
    return as_compared(name).casefold()


def table_of(lines: Iterable[str], reject: Reject, *, delimiter: str, as_json: bool) -> "Table | JsonLines":
    """The rows of a file.

    Args:
        delimiter: What separates the columns of a CSV file, unless the file says it.
        as_json: Whether each line is a JSON object.

    Raises:
        UnreadableLog: A CSV file has no header.
    """
    return JsonLines(lines, reject) if as_json else Table(lines, reject, delimiter=delimiter)


class Table:
    """A CSV file that is read as it comes."""

    def __init__(self, lines: Iterable[str], reject: Reject, *, delimiter: str = ",") -> None:
        """Read the header.

        Args:
            lines: The file's lines, the header first; before it, a line such as `sep=;` says what separates the columns.
            delimiter: What separates the columns, unless the file says it.

        Raises:
            UnreadableLog: There is no header.
        """
        source = iter(lines)
        first = next(source, "")
        self._lines_before = 0
        if said := _SEPARATOR_LINE.fullmatch(first):
            delimiter, self._lines_before = said[1], 1
            first = next(source, "")
        self._first, self._delimiter = first, delimiter
        self._reader = csv.reader(chain([first] if first else [], source), delimiter=delimiter, strict=True)
        self._reject = reject
        try:
            header = next(self._reader, None)
        except csv.Error as error:
            raise UnreadableLog(f"{error}; the first line must name the columns", line=1 + self._lines_before) from None
        if not header:
            raise UnreadableLog("is empty or begins with a blank line; the first line must name the columns")
        self.header = [as_compared(name) for name in header]

    def require(self, columns: Iterable[str], hint: str = "", *, several: Collection[str] = ()) -> None:
        """Check that these columns are there, and once each.

        Args:
            hint: What else may help, besides naming the columns.

        Raises:
            UnreadableLog: Some are not; names them, and those that are there.
        """
        wanted = [as_compared(name) for name in columns]
        line = 1 + self._lines_before
        spelled: dict[str, list[str]] = {}
        for name in self.header:
            spelled.setdefault(name.casefold(), []).append(name)
        if missing := [name for name in wanted if name.casefold() not in spelled]:
            if separated := self._separated_otherwise(wanted):
                raise UnreadableLog(separated, line=line)
            there = ", ".join(self.header)
            raise UnreadableLog(
                f"no column {', '.join(missing)}; the first line must name the columns{hint}; there are {there}",
                line=line,
            )
        may_repeat = set(map(as_column, several))
        names = dict.fromkeys(name.casefold() for name in wanted)
        if repeated := [spelled[name] for name in names if len(spelled[name]) > 1 and name not in may_repeat]:
            times = ", ".join(f"`{'` or `'.join(dict.fromkeys(one))}` {len(one)} times" for one in repeated)
            raise UnreadableLog(
                f"has {times}, and only one can be meant; leave the others out of the export, or rename them", line=line
            )

    def cells(self, columns: Sequence[str]) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield each row's cells in these columns, and the line in which it begins; all values of one that is there several times."""
        names = [name.casefold() for name in self.header]
        places = [[at for at, name in enumerate(names) if name == as_column(column)] for column in columns]
        if len(places) > 1 and all(len(each) == 1 for each in places):
            wanted = itemgetter(*(at for each in places for at in each))
            yield from ((line, wanted(cells)) for line, cells in self.rows())
            return
        for line, cells in self.rows():
            yield (line, [cells[at[0]] if len(at) == 1 else Repeated(cells[each] for each in at) for at in places])

    def _separated_otherwise(self, wanted: Collection[str]) -> str:
        """Find what separates the columns when it is something else than expected; empty when that is not the matter."""
        for delimiter, name in _DELIMITERS.items():
            if delimiter == self._delimiter:
                continue
            try:
                found = {as_column(cell) for cell in next(csv.reader([self._first], delimiter=delimiter))}
            except (csv.Error, StopIteration):
                continue
            if set(map(as_column, wanted)) <= found and len(found) > 1:
                expected = _DELIMITERS.get(self._delimiter, f"`{self._delimiter}`")
                written = "\\t" if delimiter == "\t" else delimiter
                return (
                    f"separates its columns by {name}, not by {expected}; "
                    f'write `delimiter: "{written}"` in the mapping, or save it with {expected}'
                )
        return ""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row, as many as the header has, and the line in which it begins; blank lines are passed over."""
        reader, width, before = self._reader, len(self.header), self._lines_before
        while True:
            first = reader.line_num + 1 + before
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._reject_lines(range(first, reader.line_num + 1 + before), str(error))
                continue
            if len(cells) == width:
                yield first, cells
            elif cells:
                self._reject_lines(range(first, reader.line_num + 1 + before), _misfit(len(cells), width))

    def _reject_lines(self, lines: Collection[int], reason: str) -> None:
        # A row that spans lines and fits nowhere is mostly one that lacks a quote: all of its lines are lost with it.
        if len(lines) > 1:
            reason = f"{reason}; lines {min(lines)} to {max(lines)} are one row, so look for a quote that is not closed"
        for line in lines:
            self._reject(line, reason)


def _misfit(count: int, width: int) -> str:
    return f"{count} column{'s' if count != 1 else ''} where the header has {width}"


class JsonLines:
    """A file with a JSON object in each line."""

    def __init__(self, lines: Iterable[str], reject: Reject) -> None:
        self._lines = lines
        self._reject = reject
        self.header: list[str] = []

    def require(self, columns: Iterable[str], hint: str = "", *, several: Collection[str] = ()) -> None:
        """Nothing: each line has its own names, and one that lacks what it needs is rejected."""

    def cells(self, columns: Sequence[str]) -> Iterator[tuple[int, Sequence[Any]]]:
        """Yield each object's values under these names, and its line; None where it has none."""
        wanted = [as_column(column) for column in columns]
        known: dict[str, None] = {}
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            try:
                found = _object(line)
            except ValueError as error:
                self._reject(number, str(error))
                continue
            known |= dict.fromkeys(found.names)
            self.header[:] = known
            yield number, [found.get(name) for name in wanted]


class _Object(dict[str, Any]):
    """A JSON object by its names as they are compared; of a name that is there several times, all values."""

    def __init__(self, pairs: Iterable[tuple[str, Any]]) -> None:
        super().__init__()
        self.names: list[str] = []
        for name, value in pairs:
            key = as_column(name)
            self.names.append(as_compared(name))
            if isinstance(self.get(key), Repeated):
                self[key].append(value)
            else:
                self[key] = Repeated((self[key], value)) if key in self else value


def _object(line: str) -> _Object:
    try:
        found = json.loads(line, object_pairs_hook=_Object)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("is nested too deeply") from None
    if not isinstance(found, _Object):
        raise ValueError("is not a JSON object; write {…} with a name for each value")  # noqa: TRY004 (a row's mistake)
    return found
