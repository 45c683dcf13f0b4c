"""The words of pages: one TOML file for each language, with the same names in each."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from activities.adapters.templates import say_language
from starter.http.pages.page import LANGUAGES

Words = Mapping[str, Any]


def words_in(folder: Path) -> Mapping[str, Words]:
    """The words of a folder's files, such as `de.toml`, by language."""
    return {tag: tomllib.loads((folder / f"{tag}.toml").read_text(encoding="utf-8")) for tag in LANGUAGES}


def language_name(tag: str, language: str) -> str:
    """What a language is called in another one."""
    return say_language(tag, language)
