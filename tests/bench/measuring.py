"""The measurements, the same for escalations and for bare workflows."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from runtime.embedded.errors import log_tail
from tests.bench.bare_workflow import Steps
from tests.bench.clock import now
from tests.bench.counting import Size, size, steps
from tests.bench.meters import Meters, Spent
from tests.bench.sizes import LIVES_AT_ONCE, LIVES_SECONDS, OPENINGS_AT_ONCE, OPENINGS_SECONDS
from tests.bench.subject import Firing, Subject

WARM_UP, OPENED, LIVED, KEPT = "warm-up", "opened", "lived", "kept"
"""The batches."""
WARM_UP_SECONDS = 90.0
FIRE_PATIENCE = timedelta(seconds=60)
"""After the last threshold, for a few; a thousand that end at the same instant take a machine of two cores longer."""
FIRED_PER_SECOND = 5


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
        seconds: From the first start to the last closing.
        spent: By all of them, from the first start to the last end.
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
        firings: Of the first threshold of each, the least late first.
        ahead: Seconds from all being open, and the worker at rest, to the first threshold; below zero, the timers had
            to wait for openings, too.
    """

    number: int
    bytes_each: float
    firings: tuple[Firing, ...]
    ahead: float

    def lag(self, share: float) -> float:
        """The lag, in seconds, that this share (0 to 1) of the timers does not exceed."""
        return self.firings[min(len(self.firings) - 1, int(share * len(self.firings)))].lag


async def warm_up(subject: Subject, batch: str, number: int) -> None:
    """Let a fresh worker load what it loads once.

    Raises:
        TimeoutError: It does not get on at all.
    """
    try:
        async with asyncio.timeout(WARM_UP_SECONDS):
            await _warm_up(subject, batch, number)
    except TimeoutError:
        seconds, log = f"{WARM_UP_SECONDS:.0f} s", log_tail(subject.log)
        raise TimeoutError(f"{number} {subject.name} did not close within {seconds}; the worker said:{log}") from None


async def _warm_up(subject: Subject, batch: str, number: int) -> None:
    await spread_out(lambda one: subject.live(f"{WARM_UP}-{batch}", one), number, number, within=WARM_UP_SECONDS)


async def openings(subject: Subject, number: int) -> Openings:
    """Open N as fast as possible."""
    done, seconds = await spread_out(
        lambda one: subject.open(OPENED, one), number, OPENINGS_AT_ONCE, within=OPENINGS_SECONDS
    )
    return Openings(number=done, seconds=seconds)


async def lives(subject: Subject, meters: Meters, number: int) -> Lives:
    """Run N lives as fast as possible."""
    await meters.rest()
    before = await meters.read()
    done, seconds = await spread_out(lambda one: subject.live(LIVED, one), number, LIVES_AT_ONCE, within=LIVES_SECONDS)
    await subject.end(LIVED, done)
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
        first: The earliest, aware UTC.
        offsets: Of each, from the first; not falling.
    """

    first: datetime
    offsets: tuple[timedelta, ...]

    def due(self, one: int) -> datetime:
        """The instant of this one."""
        return self.first + self.offsets[one]


def evenly(number: int, spread: int) -> tuple[timedelta, ...]:
    """N offsets, spread over a number of seconds."""
    return tuple(timedelta(seconds=spread * one / number) for one in range(number))


def as_before(kept: "Kept") -> tuple[timedelta, ...]:
    """The offsets at which the thresholds of these were due in fact: whole seconds, on which several fall."""
    dues = sorted(firing.due for firing in kept.firings)
    return tuple(due - dues[0] for due in dues)


async def kept_open(subject: Subject, meters: Meters, schedule: Schedule) -> Kept:
    """Open N, measure the worker's memory, and let a threshold of each fall due."""
    await meters.rest()
    empty = meters.memory()
    done, _ = await spread_out(
        lambda one: subject.open(KEPT, one, schedule.due(one)),
        len(schedule.offsets),
        OPENINGS_AT_ONCE,
        within=(schedule.first - now()).total_seconds(),
    )
    await meters.rest()
    full, ahead = meters.memory(), (schedule.first - now()).total_seconds()
    await asyncio.sleep(max(0.0, (schedule.due(done - 1) - now()).total_seconds()) + 1)
    return Kept(
        number=done, bytes_each=(full - empty) / done, firings=await _firings(subject, done), ahead=round(ahead, 1)
    )


async def _firings(subject: Subject, number: int) -> tuple[Firing, ...]:
    patience = FIRE_PATIENCE + timedelta(seconds=number / FIRED_PER_SECOND)
    give_up = now() + patience
    while not (found := await subject.firings(KEPT, number)):
        if now() > give_up:
            raise TimeoutError(f"thresholds of {subject.name} did not fire within {patience.seconds} s of the last")
        await asyncio.sleep(1)
    return tuple(sorted(found, key=lambda firing: firing.lag))


async def spread_out(
    work: Callable[[int], Awaitable[None]], number: int, at_once: int, *, within: float
) -> tuple[int, float]:
    """Do it for 0 … `number`, a fixed number at once, and start nothing after `within` seconds; returns count and duration."""
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
