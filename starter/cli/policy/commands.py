"""Commands on policy files; they need no server."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cyclopts import App
from rich.text import Text

from escalation.compiler.compile import Compiled
from escalation.errors import InvalidPolicy
from starter.cli.context import InContext
from starter.cli.output import Warned, cell
from starter.cli.policy.files import compile_file

app = App(name="policy", help="Check, explain and compare policy files.")
for _name in ("explain", "diff"):
    app.command(f"starter.cli.policy.meaning:{_name}", name=_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A policy file that can be used, for programs."""

    file: str
    policy: str
    checksum: str
    warnings: tuple[Warned, ...] = ()


@app.command
def check(file: Path, *files: Path, context: InContext) -> None:
    """Compile policy files and show every problem at once, each with file and line.

    Warns, without failing, if the date `review_by` has passed or is less than a month away.

    Args:
        file: A policy file.
        files: More of them.
    """
    now = context.now()
    sound: list[Sound] = []
    problems: list[str] = []
    for each in (file, *files):
        try:
            compiled = compile_file(each, now)
        except InvalidPolicy as error:
            problems += error.problems
        else:
            warnings = _warnings(compiled, now)
            checked = Sound(file=str(each), policy=compiled.policy.name, checksum=compiled.checksum, warnings=warnings)
            sound.append(checked)
    if sound:
        context.out.items(sound, Text("\n").join(line for one in sound for line in _lines(one)))
    if problems:
        raise InvalidPolicy(problems)


def _warnings(compiled: Compiled, now: datetime) -> tuple[Warned, ...]:
    text = compiled.review.warning(now.astimezone(UTC).date()) if compiled.review else ""
    return (
        (Warned(file=compiled.review.file, line=compiled.review.line, text=text),) if compiled.review and text else ()
    )


def _lines(one: Sound) -> Iterator[Text]:
    yield cell(f"{one.file}: ok, policy {one.policy}, checksum {one.checksum}")
    for each in one.warnings:
        yield cell(f"{each.file}:{each.line}: warning: {each.text}", "yellow")
