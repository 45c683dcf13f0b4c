"""How every command is sent and its answer shown."""

from rich.text import Text

from escalation.case.commands import SupportCommand
from starter.cli.as_typed import told_as_typed
from starter.cli.context import Context
from starter.cli.output import cell
from starter.cli.parameters import Asked, CustomerAsked
from starter.lives import read_name


class Sender:
    """Sends a command of the command line and says what came of it."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def __call__(self, ticket: str, command: SupportCommand, asked: Asked | CustomerAsked) -> None:
        """Send it; the answer is the stage that the escalation is in now."""
        client = await self._context.cases()
        with told_as_typed(command):
            answer = await client.send(ticket, command, command_id=asked.command_id)
        escalation = answer.escalation or str(read_name(ticket))
        value: dict[str, object] = {"escalation": escalation, "command": command.kind, "stage": answer.stage}
        value["seq"] = answer.seq
        shown = Text.assemble(cell(escalation), " is ", (answer.stage.replace("_", " "), "bold"))
        if answer.warnings:
            value["warnings"] = list(answer.warnings)
            shown = Text("\n").join([shown, *(Text.assemble("note: ", cell(each)) for each in answer.warnings)])
        self._context.out.document(value, shown)
