"""Pages behind links: both languages have the same texts, for everything that can happen."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader

from escalation.lifecycle.asking import Act, Fate
from escalation.vocabulary import ApprovalKind, Stage
from starter.http.actions import pages
from starter.http.actions.acting import LONGEST
from starter.http.actions.pages import LANGUAGES, language_of

TEMPLATES = Path(pages.__file__).parent / "templates"


def texts(language: str) -> Mapping[str, Any]:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    module = environment.get_template(f"{language}.html").module
    return {name: getattr(module, name) for name in dir(module) if not name.startswith("_")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_text_for_everything_that_can_happen(language: str) -> None:
    said = texts(language)
    for name in ("buttons", "asks", "did"):
        assert set(said[name]) == set(Act), name
    assert set(said["texts"]) == set(LONGEST)
    assert set(said["became"]) == set(Fate)
    assert set(said["stages"]) == set(Stage)
    assert set(said["words"]) >= {*ApprovalKind, *(f"{kind}s" for kind in ApprovalKind)}
    assert '""' not in json.dumps(said)


def test_both_languages_have_the_same_texts() -> None:
    english, german = texts("en"), texts("de")
    assert {name: set(value) for name, value in english.items()} == {name: set(value) for name, value in german.items()}


def test_a_reader_gets_the_first_language_that_there_is() -> None:
    assert [language_of(tags) for tags in (["fr", "de-AT"], ["en_US"], [], ["", "xx"])] == ["de", "en", "en", "en"]
