"""Ends a program that used Temporal."""

import asyncio
import gc
import logging
import os
import sys
from typing import NoReturn

_POLL_SECONDS = 0.005
_LONGEST_SECONDS = 2.0


def native_threads() -> frozenset[int]:
    """Ids of all threads of this process, also of those that Python does not know."""
    import psutil  # noqa: PLC0415 (every command imports this module, and few need it)

    return frozenset(thread.id for thread in psutil.Process().threads())


async def until_ended(threads: frozenset[int]) -> None:
    """Wait, two seconds at most, for threads that end with the last reference to an object of theirs."""
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            while threads & native_threads():
                # Such references sit in cycles, and one of the threads may hold on to a cycle for a moment.
                gc.collect()
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError:
        logging.getLogger(__name__).warning("threads of the temporal client have not ended")


def leave(code: int) -> NoReturn:
    """End this process with an exit code, after everything it wrote has gone out.

    Not by `sys.exit`: the SDK's own threads may still be letting go of the interpreter, for a call that was given up or a
    worker that is stopping. Where the interpreter shuts down meanwhile they abort the process (temporalio/sdk-python,
    issue 300): it would end with another code, and without what a pipe had not taken yet.
    """
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
