"""One update for each command, so that the Temporal UI lists them all, with what each does and takes.

The SDK decodes what an update is sent before a validator sees it. So every one of them takes one `RawValue`, which is never
decoded by the SDK, and has a default for a sender that gives nothing: whatever comes in reaches our validator, is refused in
our words, and can fail no workflow task.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from inspect import cleandoc
from typing import Any, ClassVar, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from escalation.case.commands import SUPPORT_COMMANDS
from escalation.incident.commands import INCIDENT_COMMANDS
from workflows.converter import DISCRIMINATOR, NO_INPUT
from workflows.history_length import HistoryLength
from workflows.updates import unknown_command


class TakesCommands:
    """A workflow that people send commands to; `listing` gives it an update for each."""

    COMMANDS: ClassVar[Mapping[str, type[Any]]]
    """Those it takes, by wire name."""
    history: HistoryLength

    async def take(self, name: str, command: RawValue) -> object:
        """Carry out a command that `check` let pass; repeated under the same id, answer the same."""
        raise NotImplementedError

    def check(self, name: str, command: RawValue) -> None:
        """Refuse what makes no sense or is not possible now; nothing is written then."""
        raise NotImplementedError

    @workflow.signal(dynamic=True)
    def signalled(self, _name: str, _args: Sequence[RawValue]) -> None:
        """Do nothing: commands are updates. A signal lengthens the history, though, and a long one must continue as new."""
        workflow.logger.warning("signal ignored; commands are updates")
        self.history.look()

    @workflow.update(dynamic=True, description="Any other name is refused, with a list of the commands.")
    async def unknown(self, name: str, _args: Sequence[RawValue]) -> None:
        """Refuse what is not a command."""
        raise unknown_command(name, self.COMMANDS)

    @unknown.validator
    def _refuse_unknown(self, name: str, _args: Sequence[RawValue]) -> None:
        raise unknown_command(name, self.COMMANDS)


W = TypeVar("W", bound=type[TakesCommands])


def listing(commands: Mapping[str, type[Any]]) -> Callable[[W], W]:
    """Give a class an update for each of these commands."""

    def listed(cls: W) -> W:
        cls.COMMANDS = commands
        for name, type_ in commands.items():
            setattr(cls, f"update_{name}", _update(name, f"{_said_of(type_)} {_taken_by(type_)}"))
        return cls

    return listed


def _update(name: str, said: str) -> object:
    class Named(TakesCommands):
        @workflow.update(name=name, description=said)
        async def handle(self, command: RawValue = NO_INPUT) -> object:
            return await self.take(name, command)

        @handle.validator
        def validate(self, command: RawValue = NO_INPUT) -> None:
            self.check(name, command)

    return Named.handle


def _said_of(type_: type[Any]) -> str:
    return " ".join(cleandoc(type_.__doc__ or "").partition("\n\n")[0].split())


def _taken_by(type_: type[Any]) -> str:
    taken = [one for one in fields(type_) if one.name != DISCRIMINATOR]
    needed = [one.name for one in taken if one.default is MISSING and one.default_factory is MISSING]
    optional = [one.name for one in taken if one.name not in needed]
    return f"JSON: {', '.join(needed)}" + (f"; optional: {', '.join(optional)}" if optional else "")


# Here, and not at the workflows: the sandbox loads their modules again for each case, and this one once.
@listing(SUPPORT_COMMANDS)
class CaseUpdates(TakesCommands):
    """The updates of an escalation."""


@listing(INCIDENT_COMMANDS)
class IncidentUpdates(TakesCommands):
    """The updates of an incident."""
