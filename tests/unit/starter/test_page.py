"""`docs/cli.md` tells the truth."""

import io
import re
from pathlib import Path

from starter.cli import exits
from starter.cli.app import build_app
from starter.cli.context import Cases, Context
from starter.cli.output import Output
from tests.unit.starter.desk import MONDAY, InMemory

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


async def nobody() -> Cases:
    return InMemory()


def test_the_page_names_every_command_for_one_escalation() -> None:
    context = Context(out=Output(stdout=io.StringIO(), stderr=io.StringIO()), cases=nobody, now=lambda: MONDAY)
    app = build_app(context)
    ours = {
        name
        for name in app
        if (command := app[name].default_command) is not None and command.__module__.startswith("starter.cli.case.")
    }

    assert len(ours) == 34
    assert {name for name in ours if f"| `{name}` |" not in PAGE} == set()


def test_the_page_names_every_exit_code() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}

    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)} == codes
