"""The story of a case as a table; the lines are those of `escalation.story`."""

from collections.abc import Mapping, Sequence
from datetime import UTC

from rich.table import Table

from escalation.case.events import Event
from escalation.story import story_of
from starter.cli.output import cell
from starter.cli.tables import table_of
from starter.cli.timeline_tables import readable


def story_table(happened: Sequence[Event], ticket: str, names: Mapping[str, str]) -> Table:
    """What happened, in order, a line each.

    Args:
        happened: The events.
        ticket: For the command that shows a long text.
        names: Name of each person by id.
    """
    table = table_of("when (UTC)", "what happened")
    for event, line in story_of(happened, names):
        table.add_row(f"{event.at.astimezone(UTC):%Y-%m-%d %H:%M}", cell(readable(line, ticket)))
    return table
