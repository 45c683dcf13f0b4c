"""How fast a plan is played: the log's hours become seconds, and no wait gets out of hand."""

from dataclasses import dataclass
from itertools import pairwise

from simulation.exports.lives import Life


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The speed of the play. All but `compress` in real seconds.

    Attributes:
        compress: Seconds of the log per real second.
        shortest: The least time between two steps, so that their order can be seen.
        longest: The most time between two steps, whatever the log says.
        whole: The most time all waits of one plan take together, unless even the shortest ones take longer.
    """

    compress: float = 3600.0
    shortest: float = 0.3
    longest: float = 6.0
    whole: float = 60.0

    def __post_init__(self) -> None:
        if self.compress <= 0:
            raise ValueError(f"compress is {self.compress}; write how many seconds of the log fit in one, above 0")
        if not 0 <= self.shortest <= self.longest:
            raise ValueError(f"shortest {self.shortest} and longest {self.longest}; need 0 <= shortest <= longest")

    def gaps(self, life: Life) -> tuple[float, ...]:
        """The wait before each step, in seconds; the first counts from the opening."""
        instants = (life.opened_at, *(step.at for step in life.steps))
        waits = tuple(
            min(max((after - before).total_seconds() / self.compress, self.shortest), self.longest)
            for before, after in pairwise(instants)
        )
        floor, total = self.shortest * len(waits), sum(waits)
        if total <= self.whole:
            return waits
        # Only what is above the shortest wait can give way; long and short waits keep their proportions.
        ease = max(self.whole - floor, 0.0) / (total - floor) if total > floor else 0.0
        return tuple(self.shortest + (wait - self.shortest) * ease for wait in waits)
