"""The words of the agent's pages: the same in each language, and one for each command, field and value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, get_args

import pytest

from escalation.case.commands import SUPPORT_COMMANDS, DeskCommand, LinkingCommand
from escalation.screen import Entry, Field, fields_of
from escalation.vocabulary import ClockName, Severity
from starter.http.agent.pages import _WORDS as WORDS
from starter.http.agent.showing import Labels
from starter.http.login.pages import _WORDS as LOGIN_WORDS
from starter.undoing import UndoCancel

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
    # English says a command, field or value as its name is written, if nothing else is there; German has a word for each.
    named = ("commands.", "fields.", "values.")
    english, german = ({one for one in names_in(WORDS[tag]) if not one.startswith(named)} for tag in ("en", "de"))
    assert english == german
    assert set(names_in(LOGIN_WORDS["en"])) == set(names_in(LOGIN_WORDS["de"]))


def test_every_command_and_field_has_a_german_label() -> None:
    known = {*WORDS["de"]["commands"], *WORDS["de"]["fields"]}

    def has_one(kind: str, name: str) -> bool:
        labels: Mapping[str, Any] = getattr(ASKED[kind], "labels", {}).get("de", {})
        return name in labels or not known.isdisjoint((f"{kind}.{name}", name or kind))

    needed = [*((kind, "") for kind in ASKED), *(name.split(".", 1) for name, _ in all_fields())]
    nameless = [f"{kind}: {name}" for kind, name in needed if not has_one(kind, name)]
    assert nameless == [], 'add `labels: ClassVar = {"de": {"": COMMAND, FIELD: LABEL}}` to the command'


def test_no_label_is_left_of_a_command_that_is_no_more() -> None:
    assert [set(WORDS[language]["commands"]) - set(ASKED) for language in ("en", "de")] == [set(), set()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waved:
    labels: ClassVar[Mapping[str, Mapping[str, str]]] = {"de": {"": "Winken", "who": "Wem"}}


def test_a_command_may_say_itself_what_it_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUPPORT_COMMANDS, "wave_at", Waved)
    german, english = Labels("de", WORDS["de"]), Labels("en", WORDS["en"])
    assert (german.command("wave_at"), german.field("wave_at", "who")) == ("Winken", "Wem")
    assert (english.command("wave_at"), english.field("wave_at", "who")) == ("Wave at", "Who")


def test_every_value_has_a_german_word() -> None:
    known = WORDS["de"]["values"]
    wordless = {
        f"{each.of.__name__}.{value}"
        for _, each in all_fields()
        if each.entry is Entry.CHOICE and each.of not in NOT_SAID_IN_GERMAN
        for value in each.values
        if value not in known and f"{each.of.__name__}.{value}" not in known
    }
    assert wordless == set(), "add them to [values] of starter/http/agent/words/de.toml"
