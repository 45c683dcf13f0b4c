"""Limits the requests of each caller by a token bucket, in this process."""

from collections import OrderedDict
from collections.abc import Callable

MOST_BUCKETS = 10_000  # callers remembered at a time; the one that was quiet longest is forgotten first


class TooManyRequests(Exception):
    """A caller sends more than its rate."""

    def __init__(self, after: float) -> None:
        self.after = after  # seconds until the next request is taken
        super().__init__(f"too many requests; send the next one in {after:.0f} s")


class Rates:
    """Token buckets by caller: each may send a minute's worth at once, and then as many as flow in."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        """Begin with full buckets, by a monotonic clock in seconds."""
        self._most, self._clock = float(per_minute), clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Count a request.

        Raises:
            TooManyRequests: The caller's bucket is empty.
        """
        now, per_second = self._clock(), self._most / 60
        left, since = self._buckets.pop(caller, (self._most, now))
        left = min(self._most, left + (now - since) * per_second)
        taken = left >= 1
        self._buckets[caller] = (left - 1 if taken else left, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        if not taken:
            raise TooManyRequests(max(1.0, (1 - left) / per_second))
