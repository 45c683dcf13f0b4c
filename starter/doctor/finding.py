"""The result of checking one part of an installation."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """The health of one part."""

    WELL = "well"
    SOON = "soon"  # it works, and needs attention soon
    BAD = "bad"
    UNUSED = "unused"  # it is not set up, and nothing needs it


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of one check."""

    what: str
    health: Health
    says: str


Look = Callable[[], Awaitable[Finding]]


async def found(finding: Finding) -> Finding:
    """Return a finding that needs no look."""
    return finding
