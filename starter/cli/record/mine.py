"""The command that lists a person's tasks, soonest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter
from rich.console import RenderableType
from rich.text import Text

from activities.adapters.postgres.tasks import people_names
from escalation.people import meant
from escalation.phrasing import minute
from starter.cli.context import InContext
from starter.cli.exits import BadInput
from starter.cli.output import cell
from starter.cli.record.database import open_record
from starter.cli.tables import NOTHING, relative, severity_cell, table_of
from starter.cli.texts import not_blank
from starter.tasks import Task, tasks_of


async def mine(
    person: Annotated[str, Parameter(env_var="ESCALATIONS_BY", validator=not_blank)], *, context: InContext
) -> None:
    """List a person's tasks, soonest first: offers, their cases, requests for advice or approval, reviews and actions.

    Args:
        person: Their id.
    """
    async with open_record() as database:
        tasks = await tasks_of(person, database, context.cases)
        if not tasks and (known := await people_names(database)) and person not in known:
            raise BadInput(f"PERSON {person}: is not in the roster; {meant(person, known)}")
    context.out.items(tasks, _table(tasks, person, context.now()))


def _table(tasks: Sequence[Task], person: str, now: datetime) -> RenderableType:
    if not tasks:
        return Text(f"nothing is waiting for {person}")
    table = table_of("due (UTC)", "", "ticket", "sev.", "what")
    for task in tasks:
        due = NOTHING if task.due is None else minute(task.due).removesuffix(" UTC")
        table.add_row(
            due, relative(task.due, now), cell(task.ticket, "bold"), severity_cell(task.severity), cell(task.text)
        )
    return table
