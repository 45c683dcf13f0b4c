"""Measures a log before it is played."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from escalation.phrasing import amount_of
from simulation.exports import SERVICENOW, ExportMapping, Rejected, UnreadableLog, read_plays
from simulation.exports.log_file import is_json_lines, log_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSize:
    """The size of a log."""

    tickets: int
    steps: int
    rejected: tuple[Rejected, ...]


def measure(file: Path, limit: int | None, mapping: ExportMapping = SERVICENOW) -> LogSize:
    """Read a log once from end to end, so that its mistakes are reported before anything is opened.

    Args:
        limit: Read at most this many tickets; None for all.

    Raises:
        UnreadableLog: it cannot be read, or is not a log in the expected form.
    """
    rejected: list[Rejected] = []
    tickets = steps = 0
    with log_lines(file, encoding=mapping.encoding) as lines:
        for life in islice(read_plays(lines, mapping, rejected, as_json=is_json_lines(file)), limit):
            tickets += 1
            steps += len(life.steps)
    return LogSize(tickets=tickets, steps=steps, rejected=tuple(rejected))


def hint_of_mapping(mapping: Path | None, error: UnreadableLog) -> str:
    """Return a hint for a log that lacks columns, where no mapping was named."""
    return "; a log that is not ServiceNow's needs --mapping" if mapping is None and error.line == 1 else ""


def why_empty(rejected: Sequence[Rejected]) -> str:
    """Return why a file holds no ticket: how many rows were rejected, and the first reason."""
    if not rejected:
        return ""
    first = rejected[0]
    were = amount_of(len(rejected), "row was rejected,", "rows were rejected, such as")
    return f"; {were} line {first.line}: {first.reason}"
