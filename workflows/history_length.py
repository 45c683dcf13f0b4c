"""Watches the length of a workflow's history.

Conditions are looked at also when a command comes that is refused, and that leaves no history. So what a condition reads
must change with arrivals only, never with the clock or the length of the history itself: a replay has the one without
the other, and would continue in another order. `tests/replay/test_refused_commands.py` shows it.
"""

from dataclasses import dataclass

from temporalio import workflow

SHORTEST_RUN = 40
"""Fewest events of a run that continues as new: with fewer it would before it did anything, and so would the next."""
PATIENCE_FACTOR = 1.25  # how far a history may grow beyond its limit while something is still under way


@dataclass(slots=True)
class HistoryLength:
    """Looks at the length of a run's history when something comes, and only then."""

    limit: int  # events after which the run continues as new, at least `SHORTEST_RUN`; 0 leaves it to the server
    is_long: bool = False  # whether the run should continue as new once nothing is under way
    is_overdue: bool = False  # whether it should although something is
    _long_since: int = 0

    def look(self) -> None:
        """Look at the length; call it when a command or a signal came, a timer fired, or the world answered."""
        info = workflow.info()
        length = info.get_current_history_length()
        if info.is_continue_as_new_suggested() or (self.limit > 0 and length >= max(self.limit, SHORTEST_RUN)):
            self.is_long = True
            self._long_since = self._long_since or length
            self.is_overdue = length >= self._long_since * PATIENCE_FACTOR
