"""`docs/cli.md` matches the code."""

import io
import re
from pathlib import Path

from runtime import exit_codes as exits
from starter.cli.app import build_app
from starter.cli.cases import Cases
from starter.cli.context import Context
from starter.cli.output import Output
from tests.unit.starter.desk import MONDAY, InMemory

PAGE = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")


async def nobody() -> Cases:
    return InMemory()


def test_the_page_has_a_row_for_every_command() -> None:
    context = Context(out=Output(stdout=io.StringIO(), stderr=io.StringIO()), cases=nobody, now=lambda: MONDAY)
    names = [name for name in build_app(context) if not name.startswith("-")]

    assert len(names) > 50
    assert [name for name in names if not re.search(rf"^(?:\| )?`{name}[` ]", PAGE, flags=re.MULTILINE)] == []


def test_the_page_names_every_exit_code() -> None:
    codes = {value for name, value in vars(exits).items() if name.isupper() and isinstance(value, int)}

    assert {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)} == codes
