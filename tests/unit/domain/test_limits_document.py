"""`docs/limits.md` says what is accepted."""

import runpy
import sys
from pathlib import Path

import pytest

from escalation.case.commands import SUPPORT_COMMANDS
from escalation.incident.commands import INCIDENT_COMMANDS
from tests.unit.limits_page import REGENERATE, limits_document

PAGE = Path(__file__).parents[3] / "docs" / "limits.md"


def test_the_page_is_what_the_kinds_say() -> None:
    is_fresh = PAGE.read_text(encoding="utf-8") == limits_document()
    assert is_fresh, f"docs/limits.md is stale; run `{REGENERATE}` and look at the difference"


def test_every_command_has_a_row() -> None:
    rows = [line.split(" | ")[0].removeprefix("| ") for line in limits_document().splitlines()]
    assert {"open", "open_by_triage", "incident open", *SUPPORT_COMMANDS} <= set(rows)
    assert {f"incident {name}" for name in INCIDENT_COMMANDS} <= set(rows)


def test_the_module_prints_the_page(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "tests.unit.limits_page")
    runpy.run_module("tests.unit.limits_page", run_name="__main__")
    assert capsys.readouterr().out == limits_document()
