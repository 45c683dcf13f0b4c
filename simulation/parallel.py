"""Replays lives on several processors, where no life influences another: without a roster.

This process reads the log and hands lives out in batches; the sums come back and are merged in the order of the log, so the
answer is the same, byte for byte, however many processes there were. A batch waits only while there is room: what is kept
in memory does not grow with the log. Short logs are replayed right here, since another process takes a second to start.
"""

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import active_children, get_context, parent_process
from threading import Thread

from escalation.case.values import PolicyRef
from escalation.policy import Policy
from simulation.exports.lives import Life
from simulation.replay import Replay
from simulation.staffing import Unlimited
from simulation.sums import Sums
from simulation.tally import Tally

ALONE = 200  # this many lives are replayed in this process: others take as long to start
BATCH = 100  # the size of a batch of lives: about a third of a second of work
WAITING = 3  # batches for each process that are handed out and not merged yet


class ProcessLost(Exception):
    """A process was ended, and its batch is lost; try again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A policy that is tried, and what its lives say they follow."""

    policy: Policy
    ref: PolicyRef

    def new_tally(self) -> Tally:
        """A tally of no life yet."""
        return Tally(self.policy, self.ref.checksum)


def processors() -> int:
    """Return the number of processors this process may use; at least 1."""
    if hasattr(os, "sched_getaffinity"):  # what a container or `taskset` leaves of the machine
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def tallied(
    lives: Iterator[Life], trials: Sequence[Trial], *, processes: int, alone: int = ALONE, batch: int = BATCH
) -> list[Tally]:
    """All lives added up under each policy, in the order of the policies.

    Args:
        trials: The policies; each of them is tried on all lives.
        alone: Up to how many lives are replayed in this process, and no other is started.
        batch: How many lives another process gets at once.

    Raises:
        Refused: An opening makes no sense.
        ProcessLost: One of the processes was ended from outside.
    """
    first = list(islice(lives, alone + 1)) if processes > 1 else []
    if len(first) <= alone:
        return _tallied_here(chain(first, lives), trials)
    tallies = [one.new_tally() for one in trials]
    lives = chain(first, lives)
    batches = iter(lambda: list(islice(lives, batch)), [])
    context = get_context("spawn")  # a fork would copy whatever threads hold at that moment
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(tuple(trials),))
    try:
        for found in _in_order(pool, batches, WAITING * processes):
            for tally, sums in zip(tallies, found, strict=True):
                tally.sums.merge(sums)
    except BrokenProcessPool as error:
        # A broken pool ends the processes that it knows, and waits forever for one that it was just starting.
        for child in active_children():
            child.kill()
        raise ProcessLost(
            "a replaying process was ended from outside, perhaps by the out-of-memory killer; use --processes 1 to run without one"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
    return tallies


def _tallied_here(lives: Iterable[Life], trials: Sequence[Trial]) -> list[Tally]:
    replays = [Replay(one.policy, one.ref, Unlimited(one.policy.ladder)) for one in trials]
    tallies = [one.new_tally() for one in trials]
    for life in lives:
        for replay, tally in zip(replays, tallies, strict=True):
            tally.add(replay.live(life))
    return tallies


def _in_order(pool: ProcessPoolExecutor, batches: Iterable[list[Life]], most: int) -> Iterator[list[Sums]]:
    """The sums of each batch, in the order of the batches, with a limited number in flight."""
    waiting: deque[Future[list[Sums]]] = deque()
    for batch in batches:
        waiting.append(_handed_out(pool, batch))
        if len(waiting) == most:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _handed_out(pool: ProcessPoolExecutor, batch: list[Life]) -> Future[list[Sums]]:
    """Submit a batch. A process that is started for it inherits deafness to Ctrl-C: its parent ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_sums_there, batch)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# What a process was started with: the same calendars for all its batches, so that what it knows of them is kept.
_trials: tuple[Trial, ...] = ()


def _begin(trials: tuple[Trial, ...]) -> None:
    global _trials  # noqa: PLW0603 (a pool has no other place for what all its tasks share)
    _trials = trials
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A pool's process would wait for its next batch forever where the one that hands them out was killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _sums_there(batch: list[Life]) -> list[Sums]:
    return [tally.sums for tally in _tallied_here(batch, _trials)]
