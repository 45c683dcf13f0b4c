"""`docs/states.md` says what the code does."""

import runpy
import sys
from pathlib import Path

import pytest

from escalation.case.commands import wire_name
from escalation.case.events import EVENTS
from escalation.lifecycle.table import LEADS_TO, POSSIBLE_IN, ByWait
from escalation.vocabulary import ClockName, Stage
from tests.unit.states_page import REGENERATE, states_document

NAMES = {event: kind for kind, event in EVENTS.items()}
PAGE = Path(__file__).parents[3] / "docs" / "states.md"


def test_the_page_is_what_the_tables_say() -> None:
    is_fresh = PAGE.read_text(encoding="utf-8") == states_document()
    assert is_fresh, f"docs/states.md is stale; run `{REGENERATE}` and look at the difference"


def test_every_change_of_stage_is_an_arrow_of_the_diagram() -> None:
    arrows = [line for line in states_document().splitlines() if "-->" in line]
    for event, row in LEADS_TO.items():
        for before, after in row.items():
            for one in (after.waiting, after.otherwise) if isinstance(after, ByWait) else (after,):
                drawn = any(f" {before} --> {one}: " in arrow and NAMES[event] in arrow for arrow in arrows)
                assert drawn is (before is not one), (event, before, one)
    assert "    [*] --> unassigned: opened" in arrows
    assert [arrow.split()[0] for arrow in arrows if arrow.endswith("[*]")] == [Stage.CLOSED, Stage.CANCELLED]


def test_every_command_and_every_clock_has_a_row() -> None:
    rows = [line for line in states_document().splitlines() if line.startswith("| `")]
    firsts = [row.split("`")[1] for row in rows]
    assert set(firsts) >= {*map(wire_name, POSSIBLE_IN), *(NAMES[event] for event in LEADS_TO), *ClockName}


def test_a_stage_that_refuses_a_command_shows_a_dash() -> None:
    row = next(line for line in states_document().splitlines() if line.startswith("| `acknowledge` |"))
    assert row == "| `acknowledge` | – | yes | – | – | – | – | – |"  # noqa: RUF001 (a dash is meant)


def test_the_module_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tests.unit.states_page")
    runpy.run_module("tests.unit.states_page", run_name="__main__")
    assert capsys.readouterr().out == states_document()
