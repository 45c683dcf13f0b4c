"""The fields that all events share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeAlias

Sentences: TypeAlias = Mapping[str, Mapping[str, str]]
"""What an event says of itself in the timeline: by the case that it is for (`""` for all others), then by language."""


def said(en: str = "", de: str = "", /, **cases: tuple[str, str]) -> Sentences:
    """The lines of an event in English and German, with its fields in braces (`escalation.sentences`).

    Args:
        en: In English; empty for an event that people read of only in one of the `cases`.
        de: In German.
        **cases: Both, by the case that they are for: a flag that is set, the value of an enum, or `no_` and the name of
            a field that is empty. The first that fits is taken.
    """
    return {name: {"en": english, "de": german} for name, (english, german) in (cases | {"": (en, de)}).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The fields that all events share.

    Attributes:
        sentences: The event in the timeline.
        is_machinery: Whether people read of it only where they ask for everything.
    """

    sentences: ClassVar[Sentences] = {}
    is_machinery: ClassVar[bool] = False

    at: datetime
