"""Open seconds added up, so that long stretches of time cost no more than short ones.

Time is cut into blocks of whole days. For a block that somebody asks about, the calendar's open stretches are listed once,
each with the open seconds before it; from then on counting and adding within the block are a search in a sorted list.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import DAY, FOREVER, HORIZON_DAYS, ends_at_closing, never_opens, stretches

BLOCK = 32 * DAY
"""Seconds of a block: few enough that a policy tried on one ticket lists little, enough that most clocks end in theirs."""


@dataclass(frozen=True, slots=True)
class _Block:
    """The open stretches of a block, as three lists of one length.

    Attributes:
        opens: Their first seconds.
        closes: The seconds after their last ones.
        counted: Open seconds of the block up to each stretch's end.
    """

    opens: list[int]
    closes: list[int]
    counted: list[int]

    @property
    def total(self) -> int:
        return self.counted[-1] if self.counted else 0

    def before(self, second: int) -> int:
        """Open seconds of the block before a second."""
        number = bisect_right(self.opens, second) - 1
        if number < 0:
            return 0
        return self.counted[number] - max(0, self.closes[number] - second)

    def reaches(self, seconds: int) -> int:
        """The second at which so many open seconds of the block, at least one, are used up."""
        number = bisect_left(self.counted, seconds)
        return self.closes[number] - (self.counted[number] - seconds)


def settled(calendar: Calendar, second: int) -> int:
    """Return the second itself while open and where a duration may end at closing, else the next opening."""
    block = _block(calendar, second // BLOCK)
    number = bisect_right(block.opens, second) - 1
    closes = block.closes[number] if number >= 0 else second // BLOCK * BLOCK
    if second < closes or (second == closes and ends_at_closing(calendar, second)):
        return second
    if number + 1 < len(block.opens):
        return block.opens[number + 1]
    return next(stretches(calendar, second))[0]


def seconds_between(calendar: Calendar, start: int, end: int) -> int:
    """Return the open seconds between two seconds; 0 where the end is not after the start."""
    if start >= end:
        return 0
    first, last = start // BLOCK, end // BLOCK
    block = _block(calendar, first)
    if first == last:
        return block.before(end) - block.before(start)
    between = sum(_block(calendar, number).total for number in range(first, last))
    return between + _block(calendar, last).before(end) - block.before(start)


def used_up(calendar: Calendar, start: int, seconds: int) -> int:
    """Return the second at which so many open seconds, at least one, are used up from a start on.

    Raises:
        NeverOpens: nothing opens for five years.
    """
    number = start // BLOCK
    block = _block(calendar, number)
    left, closed_since = seconds + block.before(start), start
    while block.total < left:
        left -= block.total
        number += 1
        if block.total:
            closed_since = number * BLOCK
        elif number * BLOCK - closed_since > HORIZON_DAYS * DAY or number * BLOCK > FOREVER:
            raise never_opens(calendar, closed_since)
        block = _block(calendar, number)
    return block.reaches(left)


@lru_cache(maxsize=512)
def _block(calendar: Calendar, number: int) -> _Block:
    begin, end = number * BLOCK, min((number + 1) * BLOCK, FOREVER - 1)
    found = list(stretches(calendar, begin, end)) if begin < end else []
    return _Block(
        opens=[opens for opens, _ in found],
        closes=[closes for _, closes in found],
        counted=list(accumulate(closes - opens for opens, closes in found)),
    )
