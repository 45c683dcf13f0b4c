"""The rows of a CSV file with the line each begins in. A row that cannot be read is rejected, and never lost."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeAlias

from starter.importing.incidents import UnreadableLog

Reject: TypeAlias = Callable[[int, str], None]
"""Takes a line that makes no sense, and why."""


class Table:
    """A CSV file that is read as it comes.

    Attributes:
        header: Names of the columns.
    """

    def __init__(self, lines: Iterable[str], reject: Reject, *, delimiter: str = ",") -> None:
        """Read the header.

        Args:
            lines: The file's lines, the header first.
            reject: Takes each line that cannot be read.
            delimiter: What separates the columns.

        Raises:
            UnreadableLog: There is no header.
        """
        self._reader = csv.reader(lines, delimiter=delimiter, strict=True)
        self._reject = reject
        try:
            header = next(self._reader, None)
        except csv.Error as error:
            raise UnreadableLog(f"{error}; the first line must name the columns", line=1) from None
        if not header:
            raise UnreadableLog("is empty or begins with a blank line; the first line must name the columns")
        # Spreadsheets like to put a byte-order mark before the first name.
        self.header = [name.strip().removeprefix("\ufeff") for name in header]

    def require(self, columns: Iterable[str], hint: str = "") -> None:
        """Check that these columns are there.

        Args:
            columns: Their names.
            hint: What else may help, besides naming the columns.

        Raises:
            UnreadableLog: Some are not; names them, and those that are there.
        """
        if missing := [name for name in columns if name not in self.header]:
            there = ", ".join(self.header)
            raise UnreadableLog(
                f"no column {', '.join(missing)}; the first line must name the columns{hint}; there are {there}", line=1
            )

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row, as many as the header has, and the line in which it begins; blank lines are passed over."""
        reader, width = self._reader, len(self.header)
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._reject_lines(range(first, reader.line_num + 1), str(error))
                continue
            if len(cells) == width:
                yield first, cells
            elif cells:
                self._reject_lines(range(first, reader.line_num + 1), _misfit(len(cells), width))

    def _reject_lines(self, lines: Collection[int], reason: str) -> None:
        """A row that spans lines and fits nowhere is mostly one that lacks a quote: all of its lines are lost with it."""
        if len(lines) > 1:
            reason = f"{reason}; lines {min(lines)} to {max(lines)} are one row, so look for a quote that is not closed"
        for line in lines:
            self._reject(line, reason)


def _misfit(count: int, width: int) -> str:
    return f"{count} column{'s' if count != 1 else ''} where the header has {width}"
