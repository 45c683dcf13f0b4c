"""The errors of business time, by what the caller can do about them.

InvalidTime
 ├─ CalendarError      the calendar is written wrongly: fix the policy
 │   ├─ UnknownZone    its time zone does not exist
 │   ├─ NeverOpens     it has no open time within reach
 │   └─ OutOfReach     the result lies beyond the last date that can be computed
 └─ DurationError      the duration is written wrongly: fix the policy
"""

from escalation.errors import InvalidTime


class CalendarError(InvalidTime):
    """The calendar cannot be used as it is written; correct the policy."""


class UnknownZone(CalendarError):
    """The time zone is not one of the zone data's names."""


class NeverOpens(CalendarError):
    """The calendar has no open time within five years of where it was needed."""


class OutOfReach(CalendarError):
    """The result lies beyond the dates that can be computed, the years 1 to 9999."""


class DurationError(InvalidTime):
    """The duration cannot be read, or means different things to different readers."""
