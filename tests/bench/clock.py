"""The bench's one clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """This instant, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 (the bench is an edge; it hands the instant on)
