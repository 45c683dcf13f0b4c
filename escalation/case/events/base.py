"""What all events have."""

from dataclasses import dataclass
from datetime import datetime

__all__ = [
    "Happened",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What all events have.

    Attributes:
        at: When it happened, aware UTC.
    """

    at: datetime
