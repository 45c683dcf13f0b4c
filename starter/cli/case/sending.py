"""How a command is sent to an escalation, and its answer shown."""

from rich.text import Text

from escalation.case.commands import SupportCommand
from escalation.case.naming import case_name
from starter.cli.context import Context
from starter.cli.fields import refused_as_typed
from starter.cli.output import cell
from starter.cli.parameters import Asked, CustomerAsked


async def send(context: Context, ticket: str, command: SupportCommand, asked: Asked | CustomerAsked) -> None:
    """Send it; the answer is the stage that the escalation is in now."""
    client = await context.cases()
    with refused_as_typed(command):
        answer = await client.send(ticket, command, command_id=asked.command_id)
    escalation = answer.escalation or str(case_name(ticket))
    value: dict[str, object] = {"escalation": escalation, "command": command.kind, "stage": answer.stage}
    value["seq"] = answer.seq
    shown = Text.assemble(cell(escalation), " is ", (answer.stage.replace("_", " "), "bold"))
    if answer.warnings:
        value["warnings"] = list(answer.warnings)
        shown = Text("\n").join([shown, *(Text.assemble("note: ", cell(each)) for each in answer.warnings)])
    context.out.document(value, shown)
