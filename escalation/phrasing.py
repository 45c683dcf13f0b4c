"""Names, numbers and instants as people write them in English."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

Labels: TypeAlias = Mapping[str, Mapping[str, str]]
"""What a command, under `""`, and its fields are called on the agent's page, and its refusals there, by language."""


def called(en: str, de: str, /, *refusals: tuple[str, str, str], **fields: tuple[str, str]) -> Labels:
    """The names of a command and its fields in English and German; a field without words has those that all share.

    Args:
        en: The command in English.
        de: The command in German.
        *refusals: Why its decision refuses it, as raised, in English and in German. A refusal with facts in it, or of
            several commands, has its words in `starter/http/agent/words/refusals.toml`.
        **fields: Both, by the name of the field.
    """
    said = {"": (en, de)} | {raised: words for raised, *words in refusals} | fields
    return {language: {name: both[at] for name, both in said.items()} for at, language in enumerate(("en", "de"))}


def words(name: str) -> str:
    """A wire name as people write it."""
    return name.replace("_", " ")


def minute(at: datetime) -> str:
    """The instant in UTC, to the minute: `2026-03-27 16:00 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def amount_of(number: int, one: str, several: str = "") -> str:
    """The number with its noun: `1 ticket`, `2 tickets`.

    Args:
        number: How many.
        one: The noun, or a few words that begin with it, for one.
        several: The same for none or several; `one` with an `s` when not given.
    """
    return f"{number} {one if number == 1 else several or f'{one}s'}"
