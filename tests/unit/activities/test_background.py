"""Work beside a block: it ends with the block, and says at once where it ends before."""

import asyncio
from contextlib import suppress

import pytest
from structlog.testing import capture_logs

from activities.background import alongside


async def test_work_ends_with_the_block() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    with capture_logs() as logs:
        async with alongside(work()):
            await asyncio.sleep(0)
            assert not ended.is_set()
    assert ended.is_set()
    assert logs == []


async def _fail() -> None:
    raise KeyError("a bug")


async def test_work_that_fails_is_in_the_log_while_the_block_still_runs() -> None:
    seen = []
    with capture_logs() as logs, suppress(KeyError):
        async with alongside(_fail()):
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            seen = [(one["event"], one["log_level"], one["work"]) for one in logs]
    assert seen == [("background work failed; restart the process", "error", "_fail")]


async def test_work_that_fails_is_raised_at_the_end_of_the_block() -> None:
    async def live() -> None:
        async with alongside(_fail()):
            await asyncio.sleep(0)

    with pytest.raises(KeyError):
        await live()
