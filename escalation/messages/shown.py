"""Marks for texts in a message: one line, paragraphs, a quote, or a person's name."""

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from typing import Annotated, Any, TypeAlias, get_type_hints


class Shown(Enum):
    """The form of a shown text. Without a mark it is one line, so that it cannot look like a part of the letter."""

    PARAGRAPHS = auto()
    QUOTE = auto()
    NAME = auto()


Prose: TypeAlias = Annotated[str, Shown.PARAGRAPHS]  # a text that may have paragraphs
Quote: TypeAlias = Annotated[str, Shown.QUOTE]
"""Another person's words: paragraphs, of which a message has the beginning."""
PersonRef: TypeAlias = Annotated[str, Shown.NAME]  # the id of a person; letters show the name


def marks_of(facts: Any) -> Mapping[str, Shown]:
    """The marked fields of a value."""
    kind: Any = type(facts)
    return _marks(kind)


@cache
def _marks(kind: Any) -> Mapping[str, Shown]:
    hints = get_type_hints(kind, include_extras=True)
    found = ((name, mark) for name, hint in hints.items() for mark in getattr(hint, "__metadata__", ()))
    return {name: mark for name, mark in found if isinstance(mark, Shown)}
