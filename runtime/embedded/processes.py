"""Server processes: start one, find the one that a killed program left behind, stop one.

A left-over server is found by its command line, which names our own data folder. A process id in a file may be stale
and belong to another program by now; a command line can't be. Nothing is ever signalled that wasn't found that way
or started here.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

import psutil

from runtime.embedded.accounts import Account
from runtime.embedded.errors import EmbeddedError, log_tail

LOG_LIMIT_BYTES = 10_000_000
READY_SECONDS = 30.0  # how long a server may take to answer after its start


def start_server(
    command: Sequence[str], *, log: Path, folder: Path, environment: Mapping[str, str], account: Account | None = None
) -> psutil.Process:
    """Start a server in the background, its output at the end of `log`.

    It gets a session of its own: Ctrl-C on the terminal reaches this program only, which then stops it in order.
    """
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_name(log.name + ".1"))
    ids = None if account is None else account.ids
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return psutil.Popen(
            list(command) if account is None else account.wrap(command),
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,
            umask=0o077,
            user=None if ids is None else ids[0],
            group=None if ids is None else ids[1],
            extra_groups=None if ids is None else [],
        )
    finally:
        os.close(descriptor)


def find_server(*arguments: str, program: str | None = None) -> psutil.Process | None:
    """The running server whose command line holds these arguments side by side, if any.

    Args:
        arguments: They must name our own folder, or the process may belong to another program.
        program: The file name of the program, when the arguments alone don't tell.
    """
    found = [process for process in psutil.process_iter() if _runs(process, arguments, program)]
    ids = {process.pid for process in found}
    for process in found:
        try:
            # A server that forks looks like its own child for an instant: the oldest is the one.
            if process.ppid() not in ids:
                return process
        except psutil.NoSuchProcess:
            continue
    return None


def _runs(process: psutil.Process, arguments: Sequence[str], program: str | None) -> bool:
    try:
        command = process.cmdline()
    except psutil.Error:  # gone already, or not ours to look at
        return False
    if not command or (program is not None and Path(command[0]).name != program):
        return False
    width = len(arguments)
    return any(tuple(command[start : start + width]) == tuple(arguments) for start in range(len(command)))


def option(process: psutil.Process, name: str) -> str:
    """The value after `name` on a server's command line; empty when it isn't there."""
    command = process.cmdline()
    return command[command.index(name) + 1] if name in command else ""


def is_alive(process: psutil.Process) -> bool:
    """Whether it still runs; one that ended and wasn't collected yet doesn't."""
    try:
        # A program of many threads looks like a zombie from the end of its first thread, the others still at work.
        return process.is_running() and (process.status() != psutil.STATUS_ZOMBIE or process.num_threads() > 1)
    except psutil.NoSuchProcess:  # a zombie counts as one, where the system hides its threads
        return False


async def wait_until_it_answers(
    process: psutil.Process, answers: Callable[[], Awaitable[bool]], *, name: str, where: str, log: Path
) -> None:
    """Return as soon as a server that was just started answers.

    Args:
        answers: Asks it, once.
        name: What it is called, at the beginning of a sentence.
        where: Where it was asked, such as `port 5432`.

    Raises:
        EmbeddedError: it ended, or it doesn't answer after `READY_SECONDS`.
    """
    loop = asyncio.get_running_loop()
    give_up = loop.time() + READY_SECONDS
    while not await answers():
        if not is_alive(process):
            raise EmbeddedError(f"{name} ended at once; its log is {log}{log_tail(log)}")
        if loop.time() > give_up:
            raise EmbeddedError(
                f"{name} doesn't answer on {where} after {READY_SECONDS:.0f} s; its log is {log}{log_tail(log)}"
            )
        await asyncio.sleep(0.05)


async def stop_server(process: psutil.Process, *signals: signal.Signals, within: float = 10.0) -> None:
    """Ask it to stop with each signal in turn, the last resort being SIGKILL; return when it has ended.

    Args:
        process: What to stop; one that has already ended is fine.
        signals: In order of politeness.
        within: Seconds that each signal gets.

    Raises:
        EmbeddedError: it outlived them all.
    """
    for each in (*signals, signal.SIGKILL):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(each)
        if await _ended(process, within):
            if isinstance(process, psutil.Popen):
                process.wait(within)  # our own child: collect it
            return
    raise EmbeddedError(f"Process {process.pid} doesn't stop, not even when killed; look at it with `ps` and stop it")


async def _ended(process: psutil.Process, within: float) -> bool:
    # Not `Process.wait`: an orphan that ended may stay a zombie for as long as init likes, and that waits for it to go.
    loop = asyncio.get_running_loop()
    give_up = loop.time() + within
    while is_alive(process):
        if loop.time() > give_up:
            return False
        await asyncio.sleep(0.02)
    return True
