"""Business time: durations and deadlines on calendars with zones, several intervals a day, exceptions and holidays.

Pure functions on plain data. Instants go in as aware datetimes and come out in UTC. Zone data comes from the ``tzdata``
package, never from the machine.

    deadline = add(calendar, opened_at, parse_duration("4h", calendar), pauses)
    assert elapsed(calendar, opened_at, deadline, pauses) == 4 * 3600
"""

from escalation.business_time.accounting import *
from escalation.business_time.arithmetic import *
from escalation.business_time.calendar import *
from escalation.business_time.durations import *
from escalation.business_time.errors import *
from escalation.business_time.openings import *
from escalation.business_time.zones import *
