"""`make bench` and `make chaos` as programs: what they tell, and what they leave behind when they are interrupted."""

import json
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from tests.bench.worker_process import ROOT

SECONDS = 110
"""What a busy machine may need for a short run; a quiet one needs a third of it."""


def told_by(command: Sequence[str], folder: Path) -> dict[str, Any]:
    """What a successful run reports with `--json`; nothing stays in the folder it works in."""
    done = subprocess.run(
        (*command, "--json"),
        cwd=ROOT,
        env=_environment(folder),
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    assert list(folder.iterdir()) == [], "something was left behind"
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def interrupt(command: Sequence[str], folder: Path, *, begun: str, processes: int) -> None:
    """Interrupt a run once it says that it has begun: all that it started ends, and no file stays.

    Args:
        command: What is run.
        folder: Where it works.
        begun: What it writes when all its processes run.
        processes: How many of them there are at least.
    """
    with subprocess.Popen(
        command, cwd=ROOT, env=_environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        assert any(begun in line for line in run.stderr), "it ended before it had begun"
        children = psutil.Process(run.pid).children(recursive=True)
        assert len(children) >= processes

        run.send_signal(signal.SIGINT)

        assert run.wait(timeout=60) == 130
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert list(folder.iterdir()) == []


def refusal(command: Sequence[str]) -> str:
    """What a run says that is refused for one of its numbers."""
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    return done.stderr


def _environment(folder: Path) -> dict[str, str]:
    return {"PATH": "", "TMPDIR": str(folder), "PYTHONTZPATH": "", "LC_ALL": "C.UTF-8"}
