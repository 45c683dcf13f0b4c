"""`escalations import` against cases in memory, and logs for it."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from starter.cli.app import run
from starter.cli.cases import Cases
from starter.cli.context import Context
from starter.cli.output import Output
from tests.unit.importing.desk import Desk as CasesInMemory
from tests.unit.importing.logs import life
from tests.unit.importing.virtual_time import at_once
from tests.unit.starter.desk import Ended

EXAMPLE = Path(__file__).parents[3] / "examples" / "incidents.csv"


PROGRESS = re.compile(r"^(\d+) of (\d+) steps, (\d+) of (\d+) tickets played to their end$", re.MULTILINE)


SHORT_LIFE = ("New", "Active", "Resolved", "Closed")


MakeLog = Callable[..., Path]


@dataclass
class Imports:
    """Runs `import` command lines; each line of `play` happens in one virtual time."""

    cases: CasesInMemory = field(default_factory=CasesInMemory)
    failure: Exception | None = None
    connected: int = 0

    def __call__(self, *argv: str, stdout: io.StringIO | None = None) -> Ended:
        (ended,) = self.play(argv, stdout=stdout)
        return ended

    def play(self, *lines: tuple[str, ...], stdout: io.StringIO | None = None) -> list[Ended]:
        async def story() -> list[Ended]:
            return [await self._one(line, stdout or io.StringIO()) for line in lines]

        return at_once(story())

    async def _one(self, argv: tuple[str, ...], out: io.StringIO) -> Ended:
        err = io.StringIO()
        context = Context(
            out=Output(stdout=out, stderr=err), cases=self._connect, now=lambda: datetime(2026, 3, 2, tzinfo=UTC)
        )
        code = await run(["import", *argv, "--policy", "demo"], context)
        return Ended(code, out.getvalue(), err.getvalue())

    async def _connect(self) -> Cases:
        self.connected += 1
        if self.failure is not None:
            raise self.failure
        return self.cases  # type: ignore[return-value]  # the part of `Cases` that an import needs


def lives(count: int) -> list[str]:
    """Rows of N tickets that are taken, resolved and closed."""
    return [
        text.replace("INC1,", f"INC{number},").replace("Caller 7", f"Caller {number}")
        for number in range(1, count + 1)
        for text in life(*SHORT_LIFE)
    ]


EVENTS = Path(__file__).parents[3] / "examples" / "events"
