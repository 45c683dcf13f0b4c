"""Names, numbers and instants as people write them in English."""

from datetime import UTC, datetime


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
