"""`make chaos`, short: one worker is killed, one line fails, and the oracle finds nothing."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.bench.worker_process import ROOT
from tests.chaos.plan import LINES, Blow, strikes
from tests.e2e.test_bench import environment

SEED, MINUTES, CASES = 198, 0.22, 6
COMMAND = (sys.executable, "-m", "tests.chaos", "--seed", f"{SEED}", "--minutes", f"{MINUTES}", "--cases", f"{CASES}")
SECONDS = 110
"""What a busy machine may need; a quiet one needs a third of it."""


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("chaos")
    done = subprocess.run(
        (*COMMAND, "--json"),
        cwd=ROOT,
        env=environment(folder),
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


def test_the_plan_of_this_seed_kills_a_worker_and_cuts_a_line() -> None:
    first, second = strikes(SEED, seconds=60 * MINUTES, workers=2)
    assert (first.blow, second.blow in LINES) == (Blow.KILL, True)


def test_what_was_planned_was_done(chaos: dict[str, Any]) -> None:
    planned = sorted([one.blow.value, 1] for one in strikes(SEED, seconds=60 * MINUTES, workers=2))
    assert chaos["blows"] == planned


def test_nothing_is_lost_doubled_or_early(chaos: dict[str, Any]) -> None:
    assert chaos["is_well"] is True
    assert [one["wrong"] for one in chaos["checked"]] == [[]] * len(chaos["checked"])
    assert chaos["own"] == []


def test_the_oracle_has_looked_at_all_of_it(chaos: dict[str, Any]) -> None:
    numbers = {one["what"]: one["number"] for one in chaos["checked"]}
    assert numbers["cases that ended"] == CASES
    assert numbers.pop("messages that came again") >= 0
    assert all(number >= CASES for number in numbers.values()), numbers


def test_it_says_how_late_things_were_and_how_to_repeat_it(chaos: dict[str, Any]) -> None:
    assert sum(one["number"] for one in chaos["lags"] if one["what"].startswith("thresholds")) > CASES
    assert f"--seed {SEED} --minutes {MINUTES} --cases {CASES} --workers 2" in chaos["again"]


def test_an_interrupted_run_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    with subprocess.Popen(
        COMMAND, cwd=ROOT, env=environment(tmp_path), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stderr is not None
        assert any("2 failures" in line for line in run.stderr), "it ended before it had begun"
        children = psutil.Process(run.pid).children(recursive=True)
        assert len(children) >= 4, "two workers and two servers run"

        run.send_signal(signal.SIGINT)

        assert run.wait(timeout=60) == 130
    _, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--minutes", "0"), "`0` is not a number of minutes from 0.2 to 120"),
        (("--workers", "1"), "`1` is not a whole number from 2 to 8"),
        (("--seed", "x"), "`x` is not a whole number"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_one_line(wrong: tuple[str, str], said: str) -> None:
    done = subprocess.run((*COMMAND[:3], *wrong), cwd=ROOT, check=False, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
