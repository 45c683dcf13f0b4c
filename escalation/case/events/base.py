"""What all events have."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from escalation.phrasing import Sentences

__all__ = [
    "Happened",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What all events have.

    Attributes:
        at: When it happened, aware UTC.
        sentences: The event in the timeline, by language (`escalation.sentences`). One that needs more than its own
            fields has a line in `escalation.story` instead, and `starter/http/agent/words/story_de.toml` its German one.
    """

    sentences: ClassVar[Sentences] = {}

    at: datetime
