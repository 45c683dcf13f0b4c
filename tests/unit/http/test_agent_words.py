"""The words of the agent's pages: the same in each language, and one for each command, field and value."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pytest

from escalation.case.commands import SUPPORT_COMMANDS, DeskCommand, LinkingCommand
from escalation.phrasing import called
from escalation.screen import Entry, Field, fields_of
from escalation.vocabulary import ClockName, Severity, Worded
from starter.http.agent.pages import _WORDS as WORDS
from starter.http.agent.showing import Labels
from starter.http.login.pages import _WORDS as LOGIN_WORDS
from starter.undoing import UndoCancel

ROOT = Path(__file__).parents[3]
ASKED = {
    kind: type_
    for kind, type_ in SUPPORT_COMMANDS.items()
    if type_ not in (*get_args(LinkingCommand), *get_args(DeskCommand))
} | {"undo_cancel": UndoCancel}
NOT_SAID_IN_GERMAN = (ClockName, Severity, bool)
"""Clocks have words of their own; a severity is the same in each language; yes and no are values."""


def names_in(words: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for name, value in words.items():
        if isinstance(value, Mapping):
            yield from names_in(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def all_fields() -> Iterator[tuple[str, Field]]:
    for kind, type_ in ASKED.items():
        for each in fields_of(type_):
            yield f"{kind}.{each.name}", each
            yield from ((f"{kind}.{each.name}.{part.name}", part) for part in each.parts)


def test_every_text_is_there_in_both_languages() -> None:
    # English says a field or value as its name is written, if nothing else is there; German has a word for each.
    named = ("fields.", "values.")
    english, german = ({one for one in names_in(WORDS[tag]) if not one.startswith(named)} for tag in ("en", "de"))
    assert english == german
    assert set(names_in(LOGIN_WORDS["en"])) == set(names_in(LOGIN_WORDS["de"]))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_command_says_what_it_is_called(language: str) -> None:
    labels = {kind: getattr(type_, "labels", {}).get(language, {}) for kind, type_ in ASKED.items()}
    assert [kind for kind, own in labels.items() if not own.get("")] == [], (
        "add `labels = called(ENGLISH, GERMAN, FIELD=(ENGLISH, GERMAN))` to the command"
    )
    unknown = [f"{kind}.{name}" for kind, own in labels.items() for name in own if name and " " not in name]
    assert set(unknown) <= {name for name, _ in all_fields()}


def test_every_field_has_a_german_label() -> None:
    shared = set(WORDS["de"]["fields"])
    labels = {f"{kind}.{name}" for kind, type_ in ASKED.items() for name in getattr(type_, "labels", {}).get("de", {})}
    nameless = [name for name, _ in all_fields() if name not in labels and name.partition(".")[2] not in shared]
    assert nameless == [], "add it to the command: `labels = called(…, FIELD=(ENGLISH, GERMAN))`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waved:
    labels = called("Wave", "Winken", who=("At whom", "Wem"))


def test_a_command_may_say_itself_what_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUPPORT_COMMANDS, "wave_at", Waved)
    german, english = Labels("de", WORDS["de"]), Labels("en", WORDS["en"])
    assert (german.command("wave_at"), german.field("wave_at", "who")) == ("Winken", "Wem")
    assert (english.command("wave_at"), english.field("wave_at", "who")) == ("Wave", "At whom")


def test_every_value_has_a_german_word() -> None:
    known = WORDS["de"]["values"]
    wordless = {
        f"{each.of.__name__}.{value}"
        for _, each in all_fields()
        if each.entry is Entry.CHOICE and each.of not in NOT_SAID_IN_GERMAN and not issubclass(each.of, Worded)
        for value in each.values
        if value not in known and f"{each.of.__name__}.{value}" not in known
    }
    assert wordless == set(), "add them to [values] of starter/http/agent/words/de.toml"


def test_every_subcategory_of_the_default_policy_has_a_german_word() -> None:
    text = (ROOT / "policies" / "default.yaml").read_text(encoding="utf-8")
    found = set(re.findall(r"subcategory: (.+)", text))
    assert [one for one in sorted(found) if f"Subcategory.{one}" not in WORDS["de"]["values"]] == []
