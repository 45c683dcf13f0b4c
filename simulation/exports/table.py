"""The rows of a CSV file with the line each begins in. A row that cannot be read is rejected, and never lost."""

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import TypeAlias

from simulation.exports.incidents import UnreadableLog
from simulation.exports.spelling import as_compared

Reject: TypeAlias = Callable[[int, str], None]
"""Takes a line that makes no sense, and why."""

_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*", re.IGNORECASE | re.DOTALL)
"""What Excel writes before the header, to say what separates the columns."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


class Table:
    """A CSV file that is read as it comes.

    Attributes:
        header: Names of the columns.
    """

    def __init__(self, lines: Iterable[str], reject: Reject, *, delimiter: str = ",") -> None:
        """Read the header.

        Args:
            lines: The file's lines, the header first; before it, a line such as `sep=;` says what separates the columns.
            reject: Takes each line that cannot be read.
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
            columns: Their names.
            hint: What else may help, besides naming the columns.
            several: Those that may be there several times.

        Raises:
            UnreadableLog: Some are not; names them, and those that are there.
        """
        wanted = [as_compared(name) for name in columns]
        line = 1 + self._lines_before
        if missing := [name for name in wanted if name not in self.header]:
            if separated := self._separated_otherwise(wanted):
                raise UnreadableLog(separated, line=line)
            there = ", ".join(self.header)
            raise UnreadableLog(
                f"no column {', '.join(missing)}; the first line must name the columns{hint}; there are {there}",
                line=line,
            )
        may_repeat = set(map(as_compared, several))
        counts = Counter(self.header)
        if repeated := [name for name in dict.fromkeys(wanted) if counts[name] > 1 and name not in may_repeat]:
            times = ", ".join(f"`{name}` {counts[name]} times" for name in repeated)
            raise UnreadableLog(
                f"has {times}, and only one can be meant; leave the others out of the export, or rename them", line=line
            )

    def _separated_otherwise(self, wanted: Collection[str]) -> str:
        """What separates the columns, when it is something else than expected; empty when that is not the matter."""
        for delimiter, name in _DELIMITERS.items():
            if delimiter == self._delimiter:
                continue
            try:
                found = {as_compared(cell) for cell in next(csv.reader([self._first], delimiter=delimiter))}
            except (csv.Error, StopIteration):
                continue
            if set(wanted) <= found and len(found) > 1:
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
        """A row that spans lines and fits nowhere is mostly one that lacks a quote: all of its lines are lost with it."""
        if len(lines) > 1:
            reason = f"{reason}; lines {min(lines)} to {max(lines)} are one row, so look for a quote that is not closed"
        for line in lines:
            self._reject(line, reason)


def _misfit(count: int, width: int) -> str:
    return f"{count} column{'s' if count != 1 else ''} where the header has {width}"
