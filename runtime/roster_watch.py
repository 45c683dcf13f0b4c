"""Keeps the worker's copy of the roster up to date for its workflows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeAlias

from activities.background import alongside
from activities.errors import ActivityError
from escalation.people import Colleague
from workflows.known_people import KNOWN

Read: TypeAlias = Callable[[], Awaitable[Iterable[Colleague]]]

EVERY = timedelta(seconds=5)  # how often the roster is read; a person added meanwhile is unknown for that long


@asynccontextmanager
async def watched_roster(read: Read) -> AsyncIterator[None]:
    """Read the roster again and again while the block runs, once before it begins."""
    await _learn(read)
    try:
        async with alongside(_watch(read)):
            yield
    finally:
        KNOWN.learn(())


async def _watch(read: Read) -> None:
    while True:
        await asyncio.sleep(EVERY.total_seconds())
        await _learn(read)


async def _learn(read: Read) -> None:
    try:
        KNOWN.learn(await read())
    except ActivityError:
        KNOWN.learn(())
