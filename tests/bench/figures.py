"""What was measured, as figures side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean

from tests.bench.bare_workflow import Steps
from tests.bench.counting import Size
from tests.bench.run import Measured

KIBIBYTE = 1024
MILLISECONDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of both.

    Attributes:
        name: A word for programs.
        what: For people.
        unit: Of both values.
        bare: None where a bare workflow has no such thing.
    """

    name: str
    what: str
    unit: str
    ours: float
    bare: float | None

    @property
    def ratio(self) -> float | None:
        """Ours to bare; None where there is nothing to compare with."""
        return self.ours / self.bare if self.bare else None


def figures(ours: Measured, bare: Measured) -> list[Figure]:
    """All of them, in the order in which people read them."""

    def both(name: str, what: str, unit: str, value: Callable[[Measured], float]) -> Figure:
        return Figure(name=name, what=what, unit=unit, ours=value(ours), bare=value(bare))

    kept = f"{ours.kept.number} open"
    return [
        both("opened_per_second", "opened", "1/s", lambda of: of.openings.per_second),
        both("lives_per_second", "whole lives", "1/s", lambda of: of.lives.per_second),
        both("worker_cpu", "CPU of the worker per life", "ms", lambda of: _per_life(of, of.lives.spent.worker)),
        both(
            "server_cpu", "CPU of the Temporal server per life", "ms", lambda of: _per_life(of, of.lives.spent.server)
        ),
        Figure(
            name="postgres_cpu",
            what="CPU of PostgreSQL per life",
            unit="ms",
            ours=_per_life(ours, ours.lives.spent.postgres),
            bare=None,
        ),
        both("timer_lag_p50", f"timer lag, median, {kept}", "ms", lambda of: of.kept.lag(0.5) * MILLISECONDS),
        both("timer_lag_p99", f"timer lag, p99, {kept}", "ms", lambda of: of.kept.lag(0.99) * MILLISECONDS),
        both("timer_lag_max", f"timer lag, longest, {kept}", "ms", lambda of: of.kept.lag(1) * MILLISECONDS),
        both("memory", f"worker memory per open one, {kept}", "KiB", lambda of: of.kept.bytes_each / KIBIBYTE),
        both("history_events", "history events per life", "", lambda of: _mean(of, lambda one: one.events)),
        both("history_bytes", "history bytes per life", "B", lambda of: _mean(of, lambda one: one.bytes)),
        both("actions", "billable actions per life", "", lambda of: of.lives.spent.actions / of.lives.number),
        both("webhooks_per_second", "webhooks accepted", "1/s", lambda of: of.requests.webhooks.per_second),
        both("accept_p50", "time to accept, median", "ms", lambda of: of.requests.webhooks.within(0.5) * MILLISECONDS),
        both("accept_p99", "time to accept, p99", "ms", lambda of: of.requests.webhooks.within(0.99) * MILLISECONDS),
        both("command_p50", "API command, median", "ms", lambda of: of.requests.commands.within(0.5) * MILLISECONDS),
        both("command_p99", "API command, p99", "ms", lambda of: of.requests.commands.within(0.99) * MILLISECONDS),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one life does on average: the proof that both did the same."""

    activities: float
    timers: float
    updates: float
    upserts: float


def work(done: Sequence[Steps]) -> Work:
    """The mean of N lives."""
    return Work(
        activities=fmean(one.activities for one in done),
        timers=fmean(one.cancelled + len(one.waits) for one in done),
        updates=fmean(one.updates for one in done),
        upserts=fmean(one.upserts for one in done),
    )


def _per_life(of: Measured, seconds: float) -> float:
    return seconds / of.lives.number * MILLISECONDS


def _mean(of: Measured, value: Callable[[Size], int]) -> float:
    return fmean(value(one) for one in of.lives.sizes)
