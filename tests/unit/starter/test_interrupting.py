import asyncio
import os
import signal
import threading

import pytest

from starter.cli.simulate.interrupting import interruptible


async def busy() -> str:
    with interruptible():
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1_000_000):
            pass
    return "went on"


def test_ctrl_c_ends_what_never_waits() -> None:
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(busy())


def test_afterwards_ctrl_c_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible():
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is before


def test_outside_the_main_thread_there_is_nothing_to_interrupt() -> None:
    done: list[bool] = []

    def work() -> None:
        with interruptible():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
