"""A log on disk: its lines, and how much there is in it before anything is played."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from starter.cli.amounts import amount_of
from starter.cli.exits import BadInput
from starter.importing import Rejected, plan, read_incidents


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """What a log holds.

    Attributes:
        tickets: How many tickets.
        steps: How many steps their plans have together.
        rejected: The rows that make no sense.
    """

    tickets: int
    steps: int
    rejected: tuple[Rejected, ...]


@contextmanager
def log_lines(file: Path) -> Iterator[Iterator[str]]:
    """The lines of a log, read as they are needed.

    Raises:
        BadInput: it cannot be read, or is no UTF-8 text.
    """
    try:
        opened = file.open("rb")
    except OSError as error:
        raise BadInput(f"{file}: cannot be read: {error.strerror}") from error
    with opened:
        yield _decoded(opened, file)


def measure(file: Path, limit: int | None) -> LogSize:
    """Read a log once from end to end, so that its mistakes are told before anything is opened.

    Args:
        file: The log.
        limit: Only the first so many tickets; None for all.

    Raises:
        BadInput: it cannot be read.
        UnreadableLog: it is not a log in the expected form.
    """
    rejected: list[Rejected] = []
    tickets = steps = 0
    with log_lines(file) as lines:
        for incident in islice(read_incidents(lines, rejected=rejected), limit):
            tickets += 1
            steps += len(plan(incident).steps)
    return LogSize(tickets=tickets, steps=steps, rejected=tuple(rejected))


def why_empty(rejected: Sequence[Rejected]) -> str:
    """What to add to the word that a file holds no ticket: how many rows were rejected, and the first reason."""
    if not rejected:
        return ""
    first = rejected[0]
    were = amount_of(len(rejected), "row was rejected,", "rows were rejected, such as")
    return f"; {were} line {first.line}: {first.reason}"


def _decoded(opened: BinaryIO, file: Path) -> Iterator[str]:
    # Line by line: decoding blocks would lose whole blocks, and the line's number.
    for number, line in enumerate(opened, start=1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            # Not a ValueError: the reader would take that for one bad row.
            raise BadInput(f"{file}:{number}: is not UTF-8 text; save the log as UTF-8") from None
