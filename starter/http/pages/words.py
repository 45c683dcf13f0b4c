"""The words of pages: one TOML file for each language, with the same names in each."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starter.http.pages.page import LANGUAGES

Words = Mapping[str, Any]


def words_in(folder: Path) -> Mapping[str, Words]:
    """The words of a folder's files, such as `de.toml`, by language."""
    return {tag: tomllib.loads((folder / f"{tag}.toml").read_text(encoding="utf-8")) for tag in LANGUAGES}
