"""Parses updates to an incident's customers: in one language, or by language as `de=…`."""

import re
from collections.abc import Iterable

from escalation.case.values import InLanguage
from starter.cli.exits import BadInput

_IN_LANGUAGE = re.compile(r"(?P<language>[A-Za-z]{2,3})=(?P<text>.*)", re.DOTALL)


def read_languages(texts: Iterable[str], next_steps: Iterable[str]) -> tuple[str, str, tuple[InLanguage, ...]]:
    """What is sent: the text and the next step without a language, and those by language.

    Args:
        texts: As typed: `We found it`, or `de=Wir haben es gefunden`.

    Raises:
        BadInput: There are two for one language, or a next step without its text.
    """
    said, following = _by_language(texts, "--text"), _by_language(next_steps, "--next-step")
    if strange := [language for language in following if language not in said]:
        named = strange[0] or "no language"
        raise BadInput(f"--next-step for {named}: there is no text for it; write --text {strange[0] or 'TEXT'}=…")
    plain, step = said.pop("", ""), following.pop("", "")
    languages = tuple(
        InLanguage(language=language, text=text, next_step=following.get(language, ""))
        for language, text in said.items()
    )
    return plain, step, languages


def _by_language(typed: Iterable[str], option: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in typed:
        match = _IN_LANGUAGE.fullmatch(each)
        language, text = (match["language"].lower(), match["text"].strip()) if match else ("", each)
        if language in found:
            raise BadInput(
                f"{option}: there are two {f'in {language}' if language else 'without a language'}; write one"
            )
        found[language] = text
    return found
