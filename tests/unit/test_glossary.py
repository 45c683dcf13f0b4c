"""docs/glossary.md explains every word that the code may use, and no other."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from escalation import clock_rules, message_kinds, notice_kinds, policy, vocabulary

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
TERM = re.compile(r"^\*\*(?P<term>[^*]+)\*\*: (?P<meaning>.+)$", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<word>\w+)` \| (?P<meaning>.+) \|$", re.MULTILINE)
DESIGN = (
    *("escalation", "ticket", "customer", "owner", "contact", "overseer", "tier", "ladder", "policy", "severity"),
    *("category", "clock", "target", "threshold", "breach", "pause", "resume", "hand-off packet", "promise"),
    *("reopen", "review", "timeline"),
)
"""Terms of the field, beside those in the tables."""
OF_THE_CODE = (
    *("event", "effect", "decision", "cycle", "draft", "ledger", "claim", "view", "snapshot", "state", "command"),
    *("fold", "key", "notice", "offer", "answer", "envelope", "invariant", "wire name", "armed", "late"),
)


def enums() -> list[type[StrEnum]]:
    """Every closed set of words that the domain speaks in."""
    named = [
        value
        for module in (vocabulary, message_kinds, notice_kinds, clock_rules, policy)
        for value in vars(module).values()
    ]
    found = {one for one in named if isinstance(one, type) and issubclass(one, StrEnum) and list(one)}
    return sorted(found, key=lambda one: one.__name__)


def table(name: str) -> dict[str, str]:
    """Word to meaning, of the table under this heading."""
    section = re.search(rf"^### {name}\n(?P<body>.*?)(?=^#|\Z)", GLOSSARY, re.MULTILINE | re.DOTALL)
    assert section, f"docs/glossary.md has no table `### {name}`"
    return {row["word"]: row["meaning"] for row in ROW.finditer(section["body"])}


def is_a_sentence(text: str) -> bool:
    return len(text.split()) >= 2 and text[0].isupper() and text.endswith((".", "?"))


@pytest.mark.parametrize("words", enums(), ids=lambda one: one.__name__)
def test_every_word_of_a_closed_set_is_explained_and_no_other(words: type[StrEnum]) -> None:
    assert list(table(words.__name__)) == [word.value for word in words]


@pytest.mark.parametrize("words", enums(), ids=lambda one: one.__name__)
def test_every_meaning_is_a_sentence_of_its_own(words: type[StrEnum]) -> None:
    meanings = table(words.__name__)
    assert [word for word, meaning in meanings.items() if not is_a_sentence(meaning)] == []
    assert len(set(meanings.values())) == len(meanings)


def test_all_sets_of_the_vocabulary_are_looked_at() -> None:
    names = {one.__name__ for one in enums()}
    assert {"Stage", "ClockName", "Reason", "Category", "MessageKind", "NoticeKind", "Action"} <= names
    assert set(re.findall(r"^### (\w+)$", GLOSSARY, re.MULTILINE)) == names


@pytest.mark.parametrize("term", [*DESIGN, *OF_THE_CODE])
def test_a_term_of_the_field_or_the_code_is_explained(term: str) -> None:
    assert term in {found["term"].lower() for found in TERM.finditer(GLOSSARY)}


def test_each_term_is_listed_once_and_in_the_order_of_the_alphabet() -> None:
    for section in re.split(r"^## ", GLOSSARY, flags=re.MULTILINE):
        terms = [found["term"].lower() for found in TERM.finditer(section)]
        assert terms == sorted(terms)
    everywhere = [found["term"].lower() for found in TERM.finditer(GLOSSARY)]
    assert len(set(everywhere)) == len(everywhere)


def test_each_term_is_explained_in_one_or_two_sentences() -> None:
    wrong = {
        found["term"]: found["meaning"]
        for found in TERM.finditer(GLOSSARY)
        if not (is_a_sentence(found["meaning"]) and 1 <= len(re.findall(r"[.?](?:\s|$)", found["meaning"])) <= 2)
    }
    assert wrong == {}
