"""Handles Ctrl-C in a command that computes for long without awaiting anything."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end what runs within at once, by `KeyboardInterrupt`.

    Commands run in an event loop, and `asyncio` only takes note of Ctrl-C until something is awaited: a replay would go on to
    its end first.
    """
    if threading.current_thread() is not threading.main_thread():  # only there signals can be handled
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
