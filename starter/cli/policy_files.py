"""Reads and compiles policy files for the commands. Importing it costs a fifth of a second, so they do it themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import RenderableType
from rich.text import Text

from escalation.compiler import Compiled, Row, compile_policy
from escalation.errors import InvalidPolicy
from starter.cli.output import cell
from starter.cli.tables import relative, table_of, words

YEARS_AHEAD = 4
"""As in `worker.py`: for how many years holidays are frozen. The checksum depends on it."""


def compile_file(file: Path, now: datetime) -> Compiled:
    """Compile a policy file as a worker that starts now would.

    Raises:
        InvalidPolicy: it cannot be read, or something in it is wrong.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidPolicy([f"{file}: cannot be read: {reason}"]) from error
    return compile_policy(text, source=str(file), years=range(now.year, now.year + YEARS_AHEAD))


def rows_table(rows: Sequence[Row], opened_at: datetime) -> RenderableType:
    """What happens when, if nobody does anything."""
    if not rows:
        return Text("no clock starts at the opening")
    table = table_of("when (UTC)", "after the opening", "clock", "threshold", "what happens")
    for row in rows:
        table.add_row(
            f"{row.at.astimezone(UTC):%a %Y-%m-%d %H:%M:%S}",
            relative(row.at, opened_at).removeprefix("in "),
            words(row.clock),
            cell(row.threshold),
            ", ".join(words(action) for action in row.actions),
        )
    return table
