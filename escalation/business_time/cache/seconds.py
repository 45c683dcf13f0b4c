"""Sums of open seconds, so that long periods cost no more than short ones.

Time is cut into blocks of whole days. For a requested block, the calendar's open stretches are listed once,
each with the open seconds before it; from then on counting and adding within the block are a search in a sorted list.

Blocks are kept for each calendar on its own. To find a calendar among others costs more than all that is done in a block,
so each question does it once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import accumulate

from escalation.business_time.calendar import Calendar
from escalation.business_time.openings import DAY, FOREVER, HORIZON_DAYS, ends_at_closing, never_opens, stretches

BLOCK = 32 * DAY
"""Seconds of a block: few enough that a policy tried on one ticket lists little, enough that most clocks end in theirs."""
BLOCKS = 64  # how many blocks of a calendar are kept: more than five years, so that all of a search for an opening is
CALENDARS = 64  # how many calendars are kept


@dataclass(frozen=True, slots=True)
class _Block:
    """The open stretches of a block, as three lists of one length."""

    opens: list[int]
    closes: list[int]  # the seconds after their last ones
    counted: list[int]  # open seconds of the block up to each stretch's end
    total: int

    def before(self, second: int) -> int:
        """Open seconds of the block before a second."""
        place = bisect_right(self.opens, second) - 1
        if place < 0:
            return 0
        left = self.closes[place] - second
        return self.counted[place] - left if left > 0 else self.counted[place]


def settled(calendar: Calendar, second: int) -> int:
    """Return the second itself while open and where a duration may end at closing, else the next opening.

    Raises:
        NeverOpens: nothing opens for five years.
    """
    number = second // BLOCK
    block = _block(calendar)(number)
    place = bisect_right(block.opens, second) - 1
    closes = block.closes[place] if place >= 0 else number * BLOCK
    if second < closes or (second == closes and ends_at_closing(calendar, second)):
        return second
    if place + 1 < len(block.opens):
        return block.opens[place + 1]
    return next(stretches(calendar, second))[0]


def seconds_between(calendar: Calendar, start: int, end: int) -> int:
    """Return the open seconds between two seconds; 0 where the end is not after the start."""
    if start >= end:
        return 0
    block_of = _block(calendar)
    first, last = start // BLOCK, end // BLOCK
    block = block_of(first)
    if first == last:
        return block.before(end) - block.before(start)
    between = sum(block_of(number).total for number in range(first, last))
    return between + block_of(last).before(end) - block.before(start)


def used_up(calendar: Calendar, start: int, seconds: int) -> int:
    """Return the end of a duration of at least one open second from a start.

    Raises:
        NeverOpens: nothing opens for five years.
    """
    block_of = _block(calendar)
    number = start // BLOCK
    block = block_of(number)
    left, closed_since = seconds + block.before(start), start
    while block.total < left:
        left -= block.total
        number += 1
        if block.total:
            closed_since = number * BLOCK
        elif number * BLOCK - closed_since > HORIZON_DAYS * DAY or number * BLOCK > FOREVER:
            raise never_opens(calendar, closed_since)
        block = block_of(number)
    place = bisect_left(block.counted, left)
    still_open = block.counted[place] - left
    end = block.closes[place] - still_open
    # Used up at closing: the calendar's boundary says where that is.
    return end if still_open else settled(calendar, end)


@lru_cache(maxsize=CALENDARS)
def _block(calendar: Calendar) -> Callable[[int], _Block]:
    """Return the look-up of a calendar's blocks by number."""
    return lru_cache(maxsize=BLOCKS)(partial(_listed, calendar))


def _listed(calendar: Calendar, number: int) -> _Block:
    begin, end = number * BLOCK, min((number + 1) * BLOCK, FOREVER - 1)
    found = list(stretches(calendar, begin, end)) if begin < end else []
    counted = list(accumulate(closes - opens for opens, closes in found))
    return _Block(
        opens=[opens for opens, _ in found],
        closes=[closes for _, closes in found],
        counted=counted,
        total=counted[-1] if counted else 0,
    )
