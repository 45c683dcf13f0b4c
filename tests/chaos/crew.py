"""Workers that are killed or stopped, and their replacements, as a supervisor would start them."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime

from examples.demo.stage import WorkerDied
from runtime.embedded.errors import log_tail
from tests.bench.clock import now
from tests.chaos.evidence import Disturbance
from tests.chaos.plan import Blow
from tests.stack import WorkerProcess

REST_SECONDS = 0.5
"""Between the end of a worker and the start of the next one."""
STOP_SECONDS = 20.0
_EXIT_OK, _EXIT_UNREACHABLE = 0, 5


@dataclass(slots=True)
class Place:
    """One worker's place, which is never empty for long.

    Attributes:
        name: For people.
        was_cut_since: Whether a line failed since then; a worker that finds no server at its start ends with code 5.
        seen: The blows to the workers of this place.
        died: Ends that the run had not caused.
    """

    name: str
    worker: WorkerProcess
    was_cut_since: Callable[[datetime], bool]
    seen: list[Disturbance] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    _blow: tuple[Blow, datetime] | None = None
    _is_told_to_stop: bool = False

    async def keep_filled(self) -> None:
        """Start a worker, and the next one when it has ended, until cancelled."""
        while True:
            begun = now()
            excused: set[int] = set()
            try:
                await self.worker.start()
            except (WorkerDied, TimeoutError):
                await self._end()
                # Before it is ready it has no answer to SIGTERM, and without a server it gives up.
                excused = {-signal.SIGTERM, *([_EXIT_UNREACHABLE] if self.was_cut_since(begun) else [])}
            else:
                self._note_ready()
                assert self.worker.process is not None
                await self.worker.process.wait()
            self.ready.clear()
            self._note_end(excused)
            await asyncio.sleep(REST_SECONDS)

    async def kill(self, blow: Blow = Blow.KILL) -> None:
        """`kill -9` the worker of this place, even one that is starting."""
        if self._is_somebody_there():
            self._hit(blow)
            await self._end()

    def tell_to_stop(self) -> None:
        """SIGTERM; it is given time to finish what it does."""
        if self._is_somebody_there():
            self._hit(Blow.TERM)
            self._is_told_to_stop = True
            assert self.worker.process is not None
            with suppress(ProcessLookupError):  # it ended this very moment
                self.worker.process.terminate()

    async def empty(self) -> None:
        """Stop this place for good."""
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_SECONDS):
                    await self.worker.stop()
        finally:
            await self._end()

    async def _end(self) -> None:
        if self._is_somebody_there():
            with suppress(ProcessLookupError):  # it ended this very moment
                await self.worker.kill()

    def _is_somebody_there(self) -> bool:
        process = self.worker.process
        return process is not None and process.returncode is None

    def _hit(self, blow: Blow) -> None:
        # A second blow before the next worker is ready prolongs the first.
        start = now() if self._blow is None else self._blow[1]
        self._blow = (blow, start)

    def _note_ready(self) -> None:
        self.ready.set()
        if self._blow is not None:
            blow, start = self._blow
            self.seen.append(Disturbance(what=blow, start=start, end=now()))
            self._blow = None

    def _note_end(self, excused: Collection[int]) -> None:
        code = self.worker.process.returncode if self.worker.process is not None else None
        blow = None if self._blow is None else self._blow[0]
        # Also a worker that got SIGTERM while it started, and was ready in that moment.
        is_told, self._is_told_to_stop = self._is_told_to_stop, False
        told = "though nobody touched it" if blow is None and not is_told else "when it was told to stop"
        if blow in (Blow.KILL, Blow.SERVER) or code in excused or (is_told and code == _EXIT_OK):
            return
        self.died.append(f"{self.name} ended with exit code {code} {told}{log_tail(self.worker.log)}")


@asynccontextmanager
async def crew(
    workers: Mapping[str, WorkerProcess], was_cut_since: Callable[[datetime], bool]
) -> AsyncIterator[list[Place]]:
    """Ready workers, by name; none is left at the end, however it ends."""
    places = [Place(name=name, worker=one, was_cut_since=was_cut_since) for name, one in workers.items()]
    keeping = [asyncio.create_task(place.keep_filled()) for place in places]
    try:
        for place in places:
            await place.ready.wait()
        yield places
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)
        await asyncio.gather(*(place.empty() for place in places), return_exceptions=True)
