"""What all events have."""

from dataclasses import dataclass
from datetime import datetime

from escalation.quick import quickly_made


@quickly_made
@dataclass(frozen=True, kw_only=True)
class Happened:
    """What all events have.

    Attributes:
        at: When it happened, aware UTC.
    """

    at: datetime
