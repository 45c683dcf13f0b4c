"""The words of the agent's pages: the same in each language, and one for each command, field and value."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

import pytest

from escalation.case.commands import SUPPORT_COMMANDS, DeskCommand, LinkingCommand
from escalation.screen import Entry, Field, fields_of
from escalation.vocabulary import ClockName, Severity
from starter.http.agent.pages import _WORDS as WORDS
from starter.http.login.pages import _WORDS as LOGIN_WORDS

ASKED = {
    kind: type_
    for kind, type_ in SUPPORT_COMMANDS.items()
    if type_ not in (*get_args(LinkingCommand), *get_args(DeskCommand))
}
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
    # English says a value of ours as it is written; German has a word for each.
    english, german = ({one for one in names_in(WORDS[tag]) if not one.startswith("values.")} for tag in ("en", "de"))
    assert english == german
    assert set(names_in(LOGIN_WORDS["en"])) == set(names_in(LOGIN_WORDS["de"]))


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_command_and_field_has_a_label(language: str) -> None:
    words = WORDS[language]
    assert set(ASKED) == set(words["commands"])
    known = words["fields"]
    nameless = [name for name, _ in all_fields() if name not in known and name.partition(".")[2] not in known]
    assert nameless == [], f"add them to [fields] of starter/http/agent/words/{language}.toml"


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
