"""The base of all notices."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamNotice:
    """The fields that every notice may have."""

    due: datetime | None = None  # the instant that it is about, aware UTC
    late: bool = False  # whether it is sent later than it should have been
