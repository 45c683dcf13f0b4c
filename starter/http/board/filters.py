"""The filters in the board's address: which cases, and how many weeks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar
from urllib.parse import urlencode

from activities.adapters.postgres.board import Chosen
from escalation.vocabulary import Category, Severity

WEEKS, MOST_WEEKS = 8, 52
LONGEST = 200
"""Characters of a name."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A board.

    Attributes:
        weeks: How many weeks back, the present one included.
    """

    chosen: Chosen
    weeks: int = WEEKS

    @classmethod
    def by(cls, values: Mapping[str, str]) -> "Asked":
        """Parse the filters of an address; an invalid value counts as not given."""
        return cls(
            chosen=Chosen(
                severity=_read(values, "severity", Severity),
                category=_read(values, "category", Category),
                tier=_read(values, "tier", _number),
                person=_read(values, "person", _name),
                customers=_read(values, "customers", _name),
            ),
            weeks=min(max(_read(values, "weeks", _number) or WEEKS, 1), MOST_WEEKS),
        )

    @property
    def values(self) -> Mapping[str, str]:
        """As the address has it; what does not matter is left out."""
        named = {one.name: getattr(self.chosen, one.name) for one in fields(Chosen)}
        values = {name: str(value) for name, value in named.items() if value is not None}
        return values | ({"weeks": str(self.weeks)} if self.weeks != WEEKS else {})

    def address(self, path: str) -> str:
        """The same choice at another address."""
        return f"{path}?{urlencode(self.values)}" if self.values else path


def _read(values: Mapping[str, str], name: str, read: Callable[[str], T]) -> T | None:
    try:
        return read(values[name])
    except (KeyError, ValueError):
        return None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise ValueError(text)
    return int(text)


def _name(text: str) -> str:
    if not text or len(text) > LONGEST or not text.isprintable():
        raise ValueError(text)
    return text
