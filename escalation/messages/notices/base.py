"""What all notices have in common."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNotice:
    """What every notice may have.

    Attributes:
        due: The instant that it is about, aware UTC.
        late: Whether it is sent later than it should have been.
    """

    due: datetime | None = None
    late: bool = False
