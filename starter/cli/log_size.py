"""How much there is in a log, before anything of it is played."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from simulation.exports import SERVICENOW, LogMapping, Rejected, plan, read_incidents
from simulation.exports.log_file import log_lines
from starter.cli.amounts import amount_of


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


def measure(file: Path, limit: int | None, mapping: LogMapping = SERVICENOW, encoding: str = "utf-8") -> LogSize:
    """Read a log once from end to end, so that its mistakes are reported before anything is opened.

    Args:
        file: The log.
        limit: Read at most this many tickets; None for all.
        mapping: How it spells things.
        encoding: How its characters are written.

    Raises:
        UnreadableLog: it cannot be read, or is not a log in the expected form.
    """
    rejected: list[Rejected] = []
    tickets = steps = 0
    with log_lines(file, encoding=encoding) as lines:
        for incident in islice(read_incidents(lines, mapping, rejected=rejected), limit):
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
