"""`make bench` and `make chaos` as programs: what they tell, and what they leave behind when they are interrupted."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.bench.worker_process import ROOT

SECONDS = 240
"""What a busy machine may need for a short run; a quiet one needs a sixth of it."""
LIMIT = SECONDS + 60
"""When pytest gives up a test of such a run."""
TO_STOP = 10
"""Seconds in which a run that is ended early stops its servers and workers."""


def told_by(command: Sequence[str], folder: Path) -> dict[str, Any]:
    """What a successful run reports with `--json`; nothing stays in the folder it works in."""
    with _running((*command, "--json"), folder, stdout=subprocess.PIPE) as run:
        out, err = run.communicate(timeout=SECONDS)
    assert run.returncode == 0, out + err
    assert "Traceback" not in err, err
    assert list(folder.iterdir()) == [], "something was left behind"
    found: dict[str, Any] = json.loads(out)
    return found


def interrupt(command: Sequence[str], folder: Path, *, begun: str, processes: int) -> None:
    """Interrupt a run once it says that it has begun: all that it started ends, and no file stays.

    Args:
        command: What is run.
        folder: Where it works.
        begun: What it writes when all its processes run.
        processes: How many of them there are at least.
    """
    with _running(command, folder, stdout=subprocess.DEVNULL) as run:
        assert run.stderr is not None
        assert any(begun in line for line in run.stderr), "it ended before it had begun"
        children = psutil.Process(run.pid).children(recursive=True)
        assert len(children) >= processes

        run.send_signal(signal.SIGINT)

        assert run.wait(timeout=60) == 130
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert list(folder.iterdir()) == []


def refusal(main: Callable[[Sequence[str]], int], capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a run says that is refused for one of its numbers; in this process, as it ends before it starts anything."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    out, err = capsys.readouterr()
    assert out == ""
    return err


@contextmanager
def _running(command: Sequence[str], folder: Path, *, stdout: int) -> Iterator["subprocess.Popen[str]"]:
    """A run; however the block ends, no process of it stays, which would slow down every test after it."""
    environment = {"PATH": "", "TMPDIR": str(folder), "PYTHONTZPATH": "", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True) as run:
        try:
            yield run
        finally:
            if run.poll() is None:
                first = psutil.Process(run.pid)
                family = [first, *first.children(recursive=True)]
                run.terminate()
                for one in psutil.wait_procs(family, timeout=TO_STOP)[1]:
                    one.kill()
