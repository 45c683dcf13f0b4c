"""Reads the instants of a log, whatever way it writes them."""

from datetime import UTC, datetime, timedelta

from escalation.business_time.zones import first_second, to_moment

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Years that a log may tell of; exports put dates such as 9999-12-31 or 0001-01-01 where nothing is known."""

KNOWN_YEARS = 12
"""For how many years from the first ticket of a log holidays and shifts are known; no ticket lives longer."""
KNOWN_FOR = timedelta(days=365 * KNOWN_YEARS)


def utc(text: str, column: str, date_format: str = "", zone: str = "UTC") -> datetime:
    """The instant that a text names.

    Args:
        date_format: As for `strptime`; empty for ISO 8601.
        zone: Where the clock hangs that shows times without an offset: an IANA name. Of an hour that it shows twice the
            first is meant; one that it skips is the first instant after.

    Raises:
        ValueError: It is not an instant, or of an impossible year.
    """
    try:
        # A zone is given to it below, where it has none.
        at = datetime.strptime(text, date_format) if date_format else datetime.fromisoformat(text)  # noqa: DTZ007 (see above)
    except ValueError:
        shown = f"`{text}`" if text else "missing"
        raise ValueError(f"{column} is {shown}; write it as {date_format or 'ISO 8601'}") from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"{column} is `{text}`; write a year from {FIRST_YEAR} to {LAST_YEAR}")
    if at.tzinfo:
        return at.astimezone(UTC)
    return at.replace(tzinfo=UTC) if zone == "UTC" else to_moment(first_second(zone, at))


def too_late(at: datetime, opened_at: datetime) -> str:
    """Return why a row cannot belong to a ticket that was opened then; empty if it can."""
    if at - opened_at <= KNOWN_FOR:
        return ""
    return f"{at:%Y-%m-%d} is more than {KNOWN_YEARS} years after the ticket was opened, {opened_at:%Y-%m-%d}"
