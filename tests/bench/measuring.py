"""The measurements, the same for escalations and for bare workflows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from tests.bench.bare_workflow import Steps
from tests.bench.clock import now
from tests.bench.counting import Size, size, steps
from tests.bench.meters import Meters, Spent
from tests.bench.sizes import FILLING_SECONDS, LIVES_AT_ONCE, LIVES_SECONDS, OPENINGS_AT_ONCE, OPENINGS_SECONDS
from tests.bench.subject import Subject

WARM_UP, OPENED, LIVED, KEPT = "warm-up", "opened", "lived", "kept"
"""The batches."""
FIRE_PATIENCE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Openings:
    """How fast they open."""

    number: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.number / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """What whole lives cost.

    Attributes:
        seconds: From the first start to the last end.
        spent: By all of them.
        sizes: Of each history.
        steps: Of each.
    """

    number: int
    seconds: float
    spent: Spent
    sizes: tuple[Size, ...]
    steps: tuple[Steps, ...]

    @property
    def per_second(self) -> float:
        """The rate."""
        return self.number / self.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What it means to keep many open.

    Attributes:
        bytes_each: Resident memory of the worker for each.
        lags: Seconds by which each first threshold was late, the least first.
    """

    number: int
    bytes_each: float
    lags: tuple[float, ...]

    def lag(self, share: float) -> float:
        """The lag, in seconds, that this share (0 to 1) of the timers does not exceed."""
        return self.lags[min(len(self.lags) - 1, int(share * len(self.lags)))]


async def warm_up(subject: Subject, batch: str, number: int) -> None:
    """Let a fresh worker load what it loads once."""
    await _spread_out(lambda one: subject.live(f"{WARM_UP}-{batch}", one), number, number, within=60)


async def openings(subject: Subject, number: int) -> Openings:
    """Open so many as fast as it goes."""
    done, seconds = await _spread_out(
        lambda one: subject.open(OPENED, one), number, OPENINGS_AT_ONCE, within=OPENINGS_SECONDS
    )
    return Openings(number=done, seconds=seconds)


async def lives(subject: Subject, meters: Meters, number: int) -> Lives:
    """Live so many lives as fast as it goes."""
    await meters.rest()
    before = await meters.read()
    done, seconds = await _spread_out(lambda one: subject.live(LIVED, one), number, LIVES_AT_ONCE, within=LIVES_SECONDS)
    spent = await meters.read() - before
    histories = [history async for history in subject.histories(LIVED, range(done))]
    return Lives(
        number=done,
        seconds=seconds,
        spent=spent,
        sizes=tuple(map(size, histories)),
        steps=tuple(map(steps, histories)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When the thresholds of those that are kept open fall due.

    Attributes:
        first: The earliest.
        spread: Seconds from the first to the last.
    """

    first: datetime
    spread: int
    number: int

    def due(self, one: int) -> datetime:
        """The instant of this one."""
        return self.first + timedelta(seconds=self.spread * one / self.number)


async def kept_open(subject: Subject, meters: Meters, schedule: Schedule) -> Kept:
    """Open so many, weigh the worker, and let a threshold of each fall due."""
    await meters.rest()
    empty = meters.memory()
    done, _ = await _spread_out(
        lambda one: subject.open(KEPT, one, schedule.due(one)),
        schedule.number,
        OPENINGS_AT_ONCE,
        within=FILLING_SECONDS,
    )
    await meters.rest()
    full = meters.memory()
    await asyncio.sleep(max(0.0, (schedule.due(done) - now()).total_seconds()) + 1)
    return Kept(number=done, bytes_each=(full - empty) / done, lags=await _lags(subject, done))


async def _lags(subject: Subject, number: int) -> tuple[float, ...]:
    give_up = now() + FIRE_PATIENCE
    while not (found := await subject.lags(KEPT, number)):
        if now() > give_up:
            raise TimeoutError(
                f"thresholds of {subject.name} did not fire within {FIRE_PATIENCE.seconds} s of the last"
            )
        await asyncio.sleep(1)
    return tuple(sorted(found))


async def _spread_out(
    work: Callable[[int], Awaitable[None]], number: int, at_once: int, *, within: float
) -> tuple[int, float]:
    """Do it for 0 … `number`, so many at once, and begin nothing after `within` seconds; how many, in how long."""
    clock = asyncio.get_running_loop().time
    numbers, started = count(), clock()
    done = 0

    async def hand() -> None:
        nonlocal done
        while clock() - started < within and (one := next(numbers)) < number:
            await work(one)
            done += 1

    try:
        async with asyncio.TaskGroup() as hands:
            for _ in range(min(at_once, number)):
                hands.create_task(hand())
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from errors  # the others mostly say the same
    return done, clock() - started
