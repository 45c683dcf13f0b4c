"""`docs/states.md` says what the code does."""

import runpy
import sys
from pathlib import Path

import pytest

from escalation.lifecycle.decide import TRANSITIONS
from escalation.pages.states import REGENERATE, states_document
from escalation.vocabulary import ClockName, Stage

PAGE = Path(__file__).parents[3] / "docs" / "states.md"


def test_the_page_is_what_the_tables_say() -> None:
    is_fresh = PAGE.read_text(encoding="utf-8") == states_document()
    assert is_fresh, f"docs/states.md is stale; run `{REGENERATE}` and look at the difference"


def test_every_change_of_stage_is_an_arrow_of_the_diagram() -> None:
    arrows = [line for line in states_document().splitlines() if "-->" in line]
    for command, row in TRANSITIONS.items():
        for before, targets in row.items():
            for after in targets:
                drawn = any(f" {before} --> {after}: " in arrow and command in arrow for arrow in arrows)
                assert drawn is (before is not after), (command, before, after)
    assert "    [*] --> unassigned: open" in arrows
    assert [arrow.split()[0] for arrow in arrows if arrow.endswith("[*]")] == [Stage.CLOSED, Stage.CANCELLED]


def test_every_command_and_every_clock_has_a_row() -> None:
    rows = [line for line in states_document().splitlines() if line.startswith("| `")]
    firsts = [row.split("`")[1] for row in rows]
    assert set(firsts) >= {*TRANSITIONS, *ClockName}


def test_a_stage_that_refuses_a_command_shows_a_dash() -> None:
    row = next(line for line in states_document().splitlines() if line.startswith("| `acknowledge` |"))
    assert row == "| `acknowledge` | – | working, waiting on customer | – | – | – | – | – |"  # noqa: RUF001 (a dash is meant)


def test_the_module_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "escalation.pages.states")
    runpy.run_module("escalation.pages.states", run_name="__main__")
    assert capsys.readouterr().out == states_document()
