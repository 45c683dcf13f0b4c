"""`simulate` with several processes, stopped in the midst of it: by Ctrl-C, by losing a process, by losing itself."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[3]
COPIES = 200
"""How often the example's incidents are replayed: half a minute of work, of which the tests see the beginning."""
PATIENCE = 30.0


@pytest.fixture(scope="module")
def long_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("log") / "long.csv"
    header, *rows = (ROOT / "examples" / "incidents.csv").read_text(encoding="utf-8").splitlines()
    lines = (row.replace(",", f"-{copy},", 1) for copy in range(COPIES) for row in rows)
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def simulation(long_log: Path) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-m", "starter.cli", "simulate", "--processes", "2")
    with subprocess.Popen(
        [*command, "--policy", str(ROOT / "policies" / "default.yaml"), "--log", str(long_log)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process
        process.kill()


def its_processes(simulation: subprocess.Popen[str]) -> list[psutil.Process]:
    """The two that replay beside it, once they are there."""

    def found() -> list[psutil.Process]:
        children = psutil.Process(simulation.pid).children()
        return [child for child in children if any("spawn_main" in word for word in child.cmdline())]

    until(lambda: len(found()) == 2)
    return found()


def until(is_so: Callable[[], bool]) -> None:
    """Poll other processes until it is so; they send no signal."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.02)


def test_ctrl_c_ends_all_of_it_without_an_answer(simulation: subprocess.Popen[str]) -> None:
    others = its_processes(simulation)

    os.killpg(simulation.pid, signal.SIGINT)  # as a terminal does: to all of them

    assert simulation.communicate(timeout=PATIENCE) == ("", "")
    assert simulation.returncode == 130
    assert psutil.wait_procs(others, timeout=PATIENCE)[1] == []


def test_a_process_that_is_lost_is_shown_in_a_line_with_a_way_out(simulation: subprocess.Popen[str]) -> None:
    one, other = its_processes(simulation)

    one.kill()

    out, error = simulation.communicate(timeout=PATIENCE)
    assert (simulation.returncode, out) == (70, "")
    assert error.count("\n") == 1
    assert "--processes 1" in error
    assert psutil.wait_procs([other], timeout=PATIENCE)[1] == []


def test_no_process_outlives_a_simulation_that_was_killed(simulation: subprocess.Popen[str]) -> None:
    others = its_processes(simulation)

    simulation.kill()

    assert psutil.wait_procs(others, timeout=PATIENCE)[1] == []
