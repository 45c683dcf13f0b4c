"""docs/time.md is correct: its examples are run, and so are its commands."""

import doctest
import json
import re
from pathlib import Path

import pytest

from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "time.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^```console\n\$ escalations (.*?)\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)
EXAMPLES = doctest.DocTestParser().get_doctest(re.sub(r"(?m)^```.*$", "", PAGE), {}, "time.md", "docs/time.md", 0)


def test_every_example_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(TOP)
    told: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(EXAMPLES, out=told.append)

    assert results.failed == 0, "".join(told)
    assert results.attempted > 60


def test_every_section_about_rules_has_examples() -> None:
    rules = PAGE.partition("\n## Where products differ")[0]
    sections = re.split(r"^## ", rules, flags=re.MULTILINE)[1:]

    assert len(sections) == 8
    assert [section.splitlines()[0] for section in sections if ">>> " not in section] == []


@pytest.mark.parametrize(("words", "shown"), COMMANDS, ids=[words[:24] for words, _ in COMMANDS])
async def test_every_command_shows_what_the_page_says(monkeypatch: pytest.MonkeyPatch, words: str, shown: str) -> None:
    monkeypatch.chdir(TOP)
    for name in ("ESCALATIONS_POLICIES_DIR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    ended = await Desk()(*words.split())

    assert (ended.code, ended.err) == (0, "")
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    assert doctest.OutputChecker().check_output(shown, ended.out, flags), ended.out


def test_the_page_shows_each_command() -> None:
    assert [words.split(" --")[0] for words, _ in COMMANDS] == ["due", "elapsed", "calendar show office", "due"]


def test_the_number_of_facts_is_the_number_of_cases_that_are_not_ambiguous() -> None:
    names = ("business_time/cases.json", "starter/time_peers.json", "starter/time_more_peers.json")
    files = [TOP / "tests" / "unit" / name for name in names]
    cases = [case for file in files for case in json.loads(file.read_text(encoding="utf-8"))["cases"]]
    agreed = [case for case in cases if "ambiguous" not in case]

    assert f"agrees with {len(agreed)} facts" in PAGE
