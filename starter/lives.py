"""Finds the workflow of one particular escalation of a ticket."""

from temporalio.client import WorkflowExecutionDescription
from temporalio.service import RPCError

from escalation.case.naming import CaseName, case_name, workflow_id
from starter.addressing import Target, is_missing, known_life
from starter.errors import CommandRefused, UnknownEscalation
from starter.listing import LATEST_RUNS, quoted, search
from starter.transport import Transport
from workflows.options import LIFE


def read_name(text: str) -> CaseName:
    """The escalation that a ticket number or escalation id names.

    Raises:
        CommandRefused: it is neither.
    """
    try:
        return case_name(text)
    except ValueError as error:
        raise CommandRefused("InvalidCommand", f"`{text[:100]}` names no escalation: {error}") from error


async def find(transport: Transport, text: str) -> Target:
    """The workflow that a ticket number or an escalation id names; a ticket needs no question to the server.

    Raises:
        CommandRefused: it is neither.
        UnknownEscalation: the server knows no such life.
        TemporalUnreachable: no server answered.
    """
    name = read_name(text)
    workflow = workflow_id(name.ticket)
    if not name.life:
        return Target(name=workflow, workflow=workflow)
    newest = await look_up(transport, workflow)
    if newest is not None and known_life(newest) == name.life:
        return Target(
            name=str(name), workflow=workflow, chain=newest.raw_description.workflow_execution_info.first_run_id
        )
    if await look_up(transport, str(name)) is not None:
        return Target(name=str(name), workflow=str(name))
    is_it = f"{LIFE.name} IS NULL" if name.life == 1 else f"{LIFE.name} = {name.life}"
    runs = await search(transport, f"WorkflowId = {quoted(workflow)} AND {is_it} AND {LATEST_RUNS}", limit=100)
    if not runs:
        raise UnknownEscalation(str(name))
    latest = max(runs, key=lambda run: run.start_time)
    return Target(name=str(name), workflow=workflow, run=latest.run_id)


async def look_up(transport: Transport, workflow: str) -> WorkflowExecutionDescription | None:
    """Look up the latest run on the server; None if there is none."""
    try:
        return await transport.answer(lambda: transport.look(workflow))
    except RPCError as error:
        if is_missing(error):
            return None
        raise
