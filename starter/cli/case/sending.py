"""Sends a command to an escalation and shows its answer."""

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.text import Text

from escalation.case.commands import RequestApproval, SupportCommand
from escalation.case.naming import case_name
from escalation.people import meant
from escalation.phrasing import minute, words
from escalation.vocabulary import CUSTOMER, ClockName
from starter.cli.context import Context
from starter.cli.exits import BadInput
from starter.cli.fields import refused_as_typed
from starter.cli.output import cell
from starter.cli.parameters import Asked, CustomerAsked

if TYPE_CHECKING:
    from starter.cli.cases import Cases
    from workflows.contract import Answer

LOOKS, PAUSE = 10, 0.3  # how often, and how many seconds apart, it is looked who was asked


async def send(context: Context, ticket: str, command: SupportCommand, asked: Asked | CustomerAsked) -> None:
    """Send it; the answer is what it did, and the stage that the escalation is in now."""
    client = await context.cases()
    await _must_be_known(client, ticket, asked)
    with refused_as_typed(command):
        answer = await client.send(ticket, command, command_id=asked.command_id)
    if isinstance(command, RequestApproval):
        answer = await _with_approver(client, ticket, answer)
    escalation = answer.escalation or str(case_name(ticket))
    value: dict[str, object] = {"escalation": escalation, "command": command.kind, "stage": answer.stage}
    value |= {"seq": answer.seq, "done": answer.done}
    said = f"{escalation}: {answer.done or 'recorded'} (the case is {words(answer.stage)})"
    if answer.warnings:
        value["warnings"] = list(answer.warnings)
    lines = [said, *(f"note: {each}" for each in answer.warnings)]
    context.out.document(value, Text("\n").join(map(cell, lines)))


async def _must_be_known(client: "Cases", ticket: str, asked: Asked | CustomerAsked) -> None:
    # Refuse a slip in `--by`: the timeline would have it forever.
    if asked.by == CUSTOMER or not await client.strangers(ticket, asked.by):
        return
    names = await client.names(ticket)
    if asked.by in names:
        raise BadInput(f"--by {asked.by}: is no longer active in the roster; write the id of who acts")
    raise BadInput(f"--by {asked.by}: is not in the roster; {meant(asked.by, names)}")


async def _with_approver(client: "Cases", ticket: str, answer: "Answer") -> "Answer":
    """The answer with who was asked to decide, where the directory says so in a moment."""
    from escalation.lifecycle.answering import in_words  # noqa: PLC0415 (imports the lifecycle)

    for _ in range(LOOKS):
        status = await client.status(ticket)
        request = status.view.approval
        if request is None:
            return answer  # granted at once, or decided already
        if request.approver:
            due = next((clock.due for clock in status.clocks if clock.clock is ClockName.APPROVAL), None)
            asked = f"asked {request.approver} for {in_words(request)}"
            return replace(answer, done=f"{asked}, due {minute(due)}" if due else asked)
        await asyncio.sleep(PAUSE)
    return answer
