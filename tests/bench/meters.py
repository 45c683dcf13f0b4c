"""What processes and the server have used so far; figures are differences of two readings."""

import asyncio
import re
import urllib.request
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil

LOOK_SECONDS = 0.5
QUIET_SHARE = 0.05
"""Of one core: a process that uses less is at rest."""
QUIET_LOOKS = 3
"""In a row: a busy server may leave a worker without work for a moment."""
PATIENCE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds, user and system, and billable actions."""

    worker: float
    server: float
    postgres: float
    actions: int

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(
            self.worker - before.worker,
            self.server - before.server,
            self.postgres - before.postgres,
            self.actions - before.actions,
        )


@dataclass(frozen=True, slots=True)
class Meters:
    """Where to read.

    Attributes:
        worker: The worker process that is measured.
        server: Temporal's.
        postgres: PostgreSQL's first process; the others are its children.
        metrics_url: Temporal's own metrics.
    """

    worker: psutil.Process
    server: psutil.Process
    postgres: psutil.Process
    metrics_url: str

    async def read(self) -> Spent:
        """The readings now."""
        actions = await asyncio.to_thread(_actions, self.metrics_url)
        return Spent(_cpu(self.worker), _cpu(self.server), _cpu(self.postgres), actions)

    def memory(self) -> int:
        """Resident bytes of the worker."""
        resident: int = self.worker.memory_info().rss
        return resident

    async def rest(self) -> None:
        """Wait until the worker has nothing left to do, or for `PATIENCE_SECONDS`."""
        give_up = asyncio.get_running_loop().time() + PATIENCE_SECONDS
        before, quiet = _cpu(self.worker), 0
        while quiet < QUIET_LOOKS and asyncio.get_running_loop().time() < give_up:
            await asyncio.sleep(LOOK_SECONDS)
            now = _cpu(self.worker)
            quiet = quiet + 1 if now - before < QUIET_SHARE * LOOK_SECONDS else 0
            before = now


def _cpu(process: psutil.Process) -> float:
    """CPU seconds of a process and of all its children, those that ended included."""
    times = process.cpu_times()
    own = times.user + times.system + times.children_user + times.children_system
    return float(own + sum(_own_cpu(process.children(recursive=True))))


def _own_cpu(processes: Iterable[psutil.Process]) -> Iterable[float]:
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile; its parent reports it next time
            times = process.cpu_times()
            yield times.user + times.system


def _actions(metrics_url: str) -> int:
    """What the server has counted as billable so far."""
    with urllib.request.urlopen(metrics_url, timeout=5) as answer:  # noqa: S310 (the embedded server's own address)
        lines = answer.read().decode().splitlines()
    return round(sum(float(line.rsplit(" ", 1)[1]) for line in lines if re.match(r"action\{", line)))
