"""A place whose worker is killed, stopped, or ends by itself: another worker starts there soon, and all is noted."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from examples.demo.stage import WorkerDied
from tests.chaos import crew
from tests.chaos.crew import Place
from tests.chaos.plan import Blow
from tests.stack import WorkerProcess

SOON = 20.0
POLITE = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGTERM}})
print("up", flush=True)
signal.sigwait({{signal.SIGTERM}})
sys.exit({code})
"""
TOLD_EARLY = """
import signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
signal.sigwait({signal.SIGTERM})
print("up", flush=True)
sys.exit(0)
"""
# It is killed long before its sleep is over; where a test is cut off, it does not stay forever.
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""


@dataclass(slots=True)
class Stand(WorkerProcess):
    """A fake worker process: it does nothing, and ends as configured."""

    code: str = POLITE.format(code=0)
    begun: asyncio.Queue[None] = field(default_factory=asyncio.Queue)

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-S", "-c", self.code, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        assert self.process.stdout is not None
        is_up = await self.process.stdout.readline()
        self.begun.put_nowait(None)
        if not is_up:
            await self.process.wait()
            raise WorkerDied("it ended before it was ready")


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "REST_SECONDS", 0.0)
    monkeypatch.setattr(crew, "STOP_SECONDS", 0.2)


@asynccontextmanager
async def kept_filled(stand: Stand, *, cut: bool = False) -> AsyncIterator[Place]:
    place = Place(name="worker 1", worker=stand, was_cut_since=lambda _: cut)
    keeping = asyncio.create_task(place.keep_filled())
    try:
        yield place
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await place.empty()


async def ready(place: Place) -> None:
    """Until another worker is there."""
    assert isinstance(place.worker, Stand)
    async with asyncio.timeout(SOON):
        await place.worker.begun.get()
        await place.ready.wait()


def stand(tmp_path: Path, code: str = POLITE.format(code=0)) -> Stand:
    return Stand(log=tmp_path / "worker.log", environment={}, code=code)


async def test_who_is_killed_is_replaced_and_it_is_noted_from_the_blow_until_the_next_is_ready(tmp_path: Path) -> None:
    async with kept_filled(stand(tmp_path)) as place:
        await ready(place)
        await place.kill()
        await ready(place)
        (seen,) = place.seen
    assert seen.what == Blow.KILL
    assert seen.start < seen.end
    assert place.died == []


async def test_who_is_asked_to_stop_and_does_is_replaced(tmp_path: Path) -> None:
    async with kept_filled(stand(tmp_path)) as place:
        await ready(place)
        place.tell_to_stop()
        await ready(place)
    assert [seen.what for seen in place.seen] == [Blow.TERM]
    assert place.died == []


async def test_who_is_asked_to_stop_while_it_starts_and_does_is_not_reported(tmp_path: Path) -> None:
    async with kept_filled(stand(tmp_path, TOLD_EARLY)) as place, asyncio.timeout(SOON):
        while len(place.seen) < 2:
            place.tell_to_stop()
            await asyncio.sleep(0.05)
    assert place.died == []


async def test_who_is_asked_to_stop_and_fails_at_it_is_reported(tmp_path: Path) -> None:
    async with kept_filled(stand(tmp_path, POLITE.format(code=3))) as place:
        await ready(place)
        place.tell_to_stop()
        await ready(place)
    assert place.died == ["worker 1 ended with exit code 3 when it was told to stop"]


async def test_who_is_killed_while_stopping_is_not_a_failure(tmp_path: Path) -> None:
    async with kept_filled(stand(tmp_path, DEAF)) as place:
        await ready(place)
        place.tell_to_stop()
        await place.kill()
        await ready(place)
    assert [seen.what for seen in place.seen] == [Blow.KILL]
    assert place.died == []


async def test_who_ends_by_itself_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("KeyError: 'x'\n", encoding="utf-8")
    async with kept_filled(stand(tmp_path, "print('up', flush=True); raise SystemExit(1)")) as place:
        await ready(place)
        await ready(place)
    assert place.died[0] == "worker 1 ended with exit code 1 though nobody touched it\n  KeyError: 'x'"


@pytest.mark.parametrize(("code", "cut", "is_reported"), [(5, True, False), (5, False, True), (1, True, True)])
async def test_who_finds_no_server_at_the_start_may_give_up(
    tmp_path: Path, code: int, cut: bool, is_reported: bool
) -> None:
    one = stand(tmp_path, f"raise SystemExit({code})")
    async with kept_filled(one, cut=cut) as place:
        async with asyncio.timeout(SOON):
            for _ in range(2):
                await one.begun.get()
    assert bool(place.died) == is_reported


async def test_where_no_one_is_no_one_can_be_hit(tmp_path: Path) -> None:
    place = Place(name="worker 1", worker=stand(tmp_path), was_cut_since=lambda _: False)
    await place.kill()
    place.tell_to_stop()
    await place.empty()
    assert not place.seen
    assert not place.died
