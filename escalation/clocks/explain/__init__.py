"""Explains when a clock is due and why: what counted, what did not and why, what is left, and each threshold.

The time since the clock's start is split to the second: what counted and what did not make it up without gap or
overlap, and what counted adds up to what the clock shows. Long lives have many nights, so only the latest `ROWS`
intervals are listed; the totals are always over all of them.
"""

from escalation.clocks.explain.clock import *
from escalation.clocks.explain.counted_time import *
from escalation.clocks.explain.values import *
