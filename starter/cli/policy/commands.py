"""Commands on policy files; they need no server."""

from dataclasses import dataclass
from pathlib import Path

from cyclopts import App
from rich.text import Text

from escalation.errors import InvalidPolicy
from starter.cli.context import InContext
from starter.cli.output import cell
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


@app.command
def check(file: Path, *files: Path, context: InContext) -> None:
    """Compile policy files and show every problem at once, each with file and line.

    Args:
        file: A policy file.
        files: More of them.
    """
    sound: list[Sound] = []
    problems: list[str] = []
    for each in (file, *files):
        try:
            compiled = compile_file(each, context.now())
        except InvalidPolicy as error:
            problems += error.problems
        else:
            sound.append(Sound(file=str(each), policy=compiled.policy.name, checksum=compiled.checksum))
    lines = (cell(f"{one.file}: ok, policy {one.policy}, checksum {one.checksum}") for one in sound)
    if sound:
        context.out.items(sound, Text("\n").join(lines))
    if problems:
        raise InvalidPolicy(problems)
