"""`make chaos`, short: one worker is killed, one line fails, and the oracle finds nothing."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.__main__ import main
from tests.chaos.plan import Blow, strikes
from tests.e2e.long_runs import LIMIT, interrupt, refusal, told_by

pytestmark = pytest.mark.timeout(LIMIT)

SEED, MINUTES, CASES = 2852, 0.22, 6
COMMAND = (sys.executable, "-m", "tests.chaos", "--seed", f"{SEED}", "--minutes", f"{MINUTES}", "--cases", f"{CASES}")


@pytest.fixture(scope="module")
def chaos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told_by(COMMAND, tmp_path_factory.mktemp("chaos"))


def test_the_plan_of_this_seed_kills_a_worker_and_lets_the_help_desk_fail() -> None:
    first, second = strikes(SEED, seconds=60 * MINUTES, workers=2)
    assert (first.blow, second.blow) == (Blow.KILL, Blow.DESK)


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
    assert numbers.pop("webhooks applied, each once") > 0
    assert all(number >= CASES for number in numbers.values()), numbers


def test_it_says_how_late_things_were_and_how_to_repeat_it(chaos: dict[str, Any]) -> None:
    assert sum(one["number"] for one in chaos["lags"] if one["what"].startswith("thresholds")) > CASES
    assert f"--seed {SEED} --minutes {MINUTES} --cases {CASES} --workers 2" in chaos["again"]


def test_an_interrupted_run_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    interrupt(COMMAND, tmp_path, begun="2 failures", processes=5)  # two workers, the HTTP server and two servers


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--minutes", "0"), "`0` is not a number of minutes from 0.2 to 120"),
        (("--workers", "1"), "`1` is not a whole number from 2 to 8"),
        (("--seed", "x"), "`x` is not a whole number"),
    ],
)
def test_a_number_that_makes_no_sense_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], wrong: tuple[str, str], said: str
) -> None:
    assert said in refusal(main, capsys, *wrong)
