"""Units to write stories with: `90 * MINUTES`."""

from datetime import timedelta

SECONDS = timedelta(seconds=1)
MINUTES = timedelta(minutes=1)
HOURS = timedelta(hours=1)
DAYS = timedelta(days=1)
