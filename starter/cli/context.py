"""The context of a command: its output, its connections, its clock."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Self, TextIO

from cyclopts import Parameter

from starter.cli.output import Output

if TYPE_CHECKING:
    from starter.cli.cases import Cases


@dataclass(slots=True, kw_only=True)
class Context:
    """The context of a command."""

    out: Output
    cases: "Callable[[], Awaitable[Cases]]"  # connects, and gives the client; call it inside the command, once
    now: Callable[[], datetime]
    stdin: TextIO = field(default_factory=lambda: sys.stdin)  # where `--file -` reads
    debug: bool = False  # whether errors are shown with their traceback

    @classmethod
    def of_this_process(cls) -> Self:
        """With the environment's settings, the terminal, and the machine's clock."""
        return cls(out=Output(stdout=sys.stdout, stderr=sys.stderr), cases=_connected, now=_now)


async def _connected() -> "Cases":
    # The SDK takes longer to import than most commands take: only those that ask Temporal pay for it.
    from runtime.connection import connect, silent_runtime  # noqa: PLC0415
    from runtime.settings import Settings  # noqa: PLC0415
    from starter.client import EscalationClient  # noqa: PLC0415

    settings = Settings.load()
    return EscalationClient(await connect(settings, runtime=silent_runtime()), settings.task_queue)


InContext = Annotated[Context, Parameter(parse=False)]  # how a command asks for the context: `*, context: InContext`


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (a command line is an edge; the commands get it as an argument)
