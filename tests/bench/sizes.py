"""How much is measured, and for how long at most."""

from dataclasses import dataclass

OPENINGS_AT_ONCE = 50
LIVES_AT_ONCE = 50
OPENINGS_SECONDS, LIVES_SECONDS = 15.0, 40.0
"""On a slow machine nothing more is begun after so long; the figures say what was done until then."""
KEEPING_SECONDS = 22.0
"""What keeping some open takes besides opening them and the spread: a fresh worker, rest, weighing, counting."""
LIVES_PER_SECOND = 5
"""Of a slow machine: fewer lives are solved, and answered, in less time."""
MOST_OPEN = 1000
"""What a worker keeps in memory by default; with more, some would be evicted while measured."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The numbers of one run.

    Attributes:
        lives: Whole lives.
        open: How many are open at once while timers and memory are measured.
        openings: How many are opened while the rate of it is measured.
        webhooks: How many webhooks our HTTP server takes, and how many inserts a bare one.
        commands: The same for commands.
        warm_up: Lives before each measurement, which load what is loaded once.
        spread: Seconds over which the thresholds of the open ones fall due.
        window: Seconds from a solution to the end of its workflow; time enough for an answer to the survey.
        seconds: What the run may take; no more are kept open than can be opened in what is left of it.
    """

    lives: int = 200
    open: int = MOST_OPEN
    openings: int = 300
    webhooks: int = 2000
    commands: int = 400
    warm_up: int = 10
    spread: int = 20
    window: int = 12
    seconds: int = 600

    @classmethod
    def scaled(cls, *, lives: int, open_: int, seconds: int) -> "Sizes":
        """The sizes for fewer lives and fewer open at once; the rest shrinks along, the load per second does not."""
        return cls(
            lives=lives,
            open=open_,
            seconds=seconds,
            openings=min(cls.openings, open_),
            webhooks=min(cls.webhooks, 10 * lives),
            commands=min(cls.commands, 2 * lives),
            warm_up=min(cls.warm_up, max(1, lives // 5)),
            spread=max(1, cls.spread * open_ // MOST_OPEN),
            window=max(2, min(cls.window, lives // LIVES_PER_SECOND)),
        )
