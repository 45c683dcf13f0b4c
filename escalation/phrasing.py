"""Names, numbers and instants as people write them in English."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TypeAlias

Labels: TypeAlias = Mapping[str, Mapping[str, str]]
"""What a command, under `""`, and its fields are called on the agent's page, by language."""


def called(en: str, de: str, /, **fields: tuple[str, str]) -> Labels:
    """What a command and its fields are called in English and German; a field without words has those that all share.

    Args:
        en: The command in English.
        de: The command in German.
        **fields: Both, by the name of the field.
    """
    return {
        "en": {"": en} | {k: v[0] for k, v in fields.items()},
        "de": {"": de} | {k: v[1] for k, v in fields.items()},
    }


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
