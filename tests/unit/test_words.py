"""The words of docs/contributing/words.txt stay out of everything people read."""

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
WORDS = ROOT / "docs" / "contributing" / "words.txt"
TEXTS = sorted(
    [
        *(
            ROOT / name
            for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "Dockerfile", "docker-compose.yml")
        ),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "examples").rglob("*.yaml"),
        *(ROOT / "policies").glob("*.yaml"),
        *(ROOT / "activities" / "templates" / "en").glob("*.txt"),
        *(ROOT / "activities" / "sql").glob("*.sql"),
        *(path for path in (ROOT / "deploy").rglob("*") if path.is_file()),
    ]
)
ROOMS = ("escalation", "activities", "workflows", "starter", "simulation", "runtime", "examples", "tests", "worker.py")
"""Folders and files of Python code whose comments and strings are checked; of tests, comments, docstrings and names."""
RECORDED = "# words: recorded"
"""Marks a line whose text is in timelines that were written before, so it must stay."""


class Rule(NamedTuple):
    pattern: re.Pattern[str]
    instead: str


class Passage(NamedTuple):
    """A piece of text and the line it begins on."""

    line: int
    text: str


def rules() -> Iterator[Rule]:
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern, instead = line.split("\t")
            yield Rule(re.compile(pattern.replace(" ", r"\s+"), re.IGNORECASE), instead)


RULES = tuple(rules())


def passages(path: Path) -> Iterator[Passage]:
    """What a person reads in the file: a whole text, but only comments of YAML, and comments and strings of Python."""
    source = path.read_text(encoding="utf-8")
    if path.suffix in {".yaml", ".yml"}:
        source = re.sub(r"(?m)^(?=.)(?!\s*#)[^#\n]*", "", source)
    if path.suffix != ".py":
        yield Passage(1, source)
        return
    in_tests = path.is_relative_to(ROOT / "tests")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        # Other strings of tests are data, such as words of customers.
        is_text = token.type == tokenize.STRING and (not in_tests or token.string.startswith('"""'))
        if is_text or token.type == tokenize.COMMENT:
            yield Passage(token.start[0], token.string)
        elif token.type == tokenize.NAME and token.string.startswith("test_"):
            yield Passage(token.start[0], token.string.replace("_", " "))


def found(path: Path) -> list[str]:
    """Each word to replace, as `file:line: "word": write …`."""
    lines = path.read_text(encoding="utf-8").split("\n")
    hits = (
        (first + text.count("\n", 0, hit.start()), hit[0], rule.instead)
        for first, text in passages(path)
        for rule in RULES
        for hit in rule.pattern.finditer(text)
    )
    return [
        f'{path.relative_to(ROOT)}:{number}: "{word}": write {instead}'
        for number, word, instead in hits
        if RECORDED not in lines[number - 1]
    ]


def code() -> list[Path]:
    return sorted(
        path for room in ROOMS for path in ([ROOT / room] if room.endswith(".py") else (ROOT / room).rglob("*.py"))
    )


@pytest.mark.parametrize("path", [*TEXTS, *code()], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_uses_a_word_that_the_list_replaces(path: Path) -> None:
    assert "\n".join(found(path)) == ""
