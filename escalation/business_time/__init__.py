"""Business time: durations and deadlines on calendars with zones, several intervals a day, exceptions and holidays.

Pure functions on plain data. Instants go in as aware datetimes and come out in UTC. Zone data comes from the ``tzdata``
package, never from the machine.

    deadline = add(calendar, opened_at, parse_duration("4h", calendar), pauses)
    assert elapsed(calendar, opened_at, deadline, pauses) == 4 * 3600
"""

from escalation.business_time.accounting import Use, Used, account, closed
from escalation.business_time.arithmetic import add, add_end_of_day, counted, elapsed, share, subtract
from escalation.business_time.calendar import ALWAYS_OPEN, Boundary, Calendar, Hours, Span, parse_hours
from escalation.business_time.durations import BusinessDays, Duration, OpenTime, parse_duration
from escalation.business_time.errors import CalendarError, DurationError, NeverOpens, OutOfReach, UnknownZone
from escalation.business_time.openings import is_open, windows
from escalation.business_time.zones import zone_data_version

__all__ = [
    "ALWAYS_OPEN",
    "Boundary",
    "BusinessDays",
    "Calendar",
    "CalendarError",
    "Duration",
    "DurationError",
    "Hours",
    "NeverOpens",
    "OpenTime",
    "OutOfReach",
    "Span",
    "UnknownZone",
    "Use",
    "Used",
    "account",
    "add",
    "add_end_of_day",
    "closed",
    "counted",
    "elapsed",
    "is_open",
    "parse_duration",
    "parse_hours",
    "share",
    "subtract",
    "windows",
    "zone_data_version",
]
