"""`make bench`, with tiny numbers: every figure is there and makes sense, whatever it is."""

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.__main__ import main
from tests.e2e.long_runs import LIMIT, SECONDS, interrupt, refusal, told_by

pytestmark = pytest.mark.timeout(LIMIT)

FIGURES = {
    "opened_per_second",
    "lives_per_second",
    "worker_cpu",
    "server_cpu",
    "postgres_cpu",
    "timer_lag_p50",
    "timer_lag_p99",
    "timer_lag_max",
    "memory",
    "history_events",
    "history_bytes",
    "actions",
    "webhooks_per_second",
    "accept_p50",
    "accept_p99",
    "command_p50",
    "command_p99",
}
WITHOUT_LIKENESS = {"postgres_cpu"}
"""A bare workflow needs no database."""
LOST_IN_NOISE = {"memory"}
"""A handful of workflows weighs less than what Python allocates for other reasons."""
COMMAND = (sys.executable, "-m", "tests.bench", "--lives", "3", "--open", "5")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return told_by(COMMAND, tmp_path_factory.mktemp("bench"))


def test_every_figure_is_there_beside_that_of_a_bare_workflow(bench: dict[str, Any]) -> None:
    figures = bench["figures"]
    assert set(figures) == FIGURES
    for name in FIGURES - LOST_IN_NOISE:
        assert figures[name]["ours"] > 0, name
    for name in FIGURES - LOST_IN_NOISE - WITHOUT_LIKENESS:
        assert figures[name]["bare"] > 0, name
        assert figures[name]["ratio"] == pytest.approx(figures[name]["ours"] / figures[name]["bare"]), name
    assert figures["postgres_cpu"]["ratio"] is None


def test_lags_are_ordered_and_shorter_than_the_run(bench: dict[str, Any]) -> None:
    for whose in ("ours", "bare"):
        p50, p99, longest = (bench["figures"][f"timer_lag_{share}"][whose] for share in ("p50", "p99", "max"))
        assert p50 <= p99 <= longest < SECONDS * 1000


def test_a_bare_life_does_as_much_as_an_escalations(bench: dict[str, Any]) -> None:
    assert bench["work_per_life"]["ours"] == bench["work_per_life"]["bare"]
    assert bench["work_per_life"]["ours"]["updates"] == 4
    assert all(count > 0 for count in bench["work_per_life"]["ours"].values())


def test_it_says_how_much_was_measured(bench: dict[str, Any]) -> None:
    assert bench["numbers"] == {"opened": 5, "lived": 3, "kept open": 5}


def test_an_interrupted_bench_leaves_no_process_and_no_file(tmp_path: Path) -> None:
    interrupt(COMMAND, tmp_path, begun="opening", processes=3)  # a worker and two servers


def test_a_number_that_makes_no_sense_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert "`2000` is not a whole number from 1 to 1000" in refusal(main, capsys, "--open", "2000")
