"""Keeps what the worker's workflows know of the roster fresh."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from activities.errors import ActivityError
from escalation.people import Colleague
from workflows.known_people import KNOWN, KnownPeople

EVERY = timedelta(seconds=5)
"""How often the roster is read; a person added meanwhile is unknown for that long."""


@asynccontextmanager
async def watched_roster(
    read: Callable[[], Awaitable[Iterable[Colleague]]], every: timedelta = EVERY, known: KnownPeople = KNOWN
) -> AsyncIterator[None]:
    """Read the roster again and again while the block runs, once before it begins.

    Args:
        read: Gives everyone the directory knows.
        every: How long to wait in between.
        known: What learns them.
    """
    await _learn(read, known)
    watching = asyncio.create_task(_watch(read, every, known))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        known.learn(())


async def _watch(read: Callable[[], Awaitable[Iterable[Colleague]]], every: timedelta, known: KnownPeople) -> None:
    while True:
        await asyncio.sleep(every.total_seconds())
        await _learn(read, known)


async def _learn(read: Callable[[], Awaitable[Iterable[Colleague]]], known: KnownPeople) -> None:
    try:
        known.learn(await read())
    except ActivityError:
        known.learn(())
