"""The page of `simulate` on terminals of several widths."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from rich.console import Console

from simulation.report import Report
from starter.cli.simulate.tables import simulated_page
from tests.unit.starter.desk import Desk

TOP = Path(__file__).parents[3]
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
SIMULATE = (
    *("simulate", "--policy", str(TOP / "policies" / "default.yaml")),
    *("--log", str(TOP / "examples" / "incidents.csv"), "--limit", "8"),
)


@pytest.fixture(scope="module")
async def report() -> Report:
    ended = await Desk()(*SIMULATE, "--json")
    assert (ended.code, ended.err) == (0, "")
    return TypeAdapter(Report).validate_python(ended.json["report"], strict=False)


def printed(report: Report, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False).print(simulated_page([report]))
    return out.getvalue().splitlines()


def hours(lines: Sequence[str]) -> list[str]:
    """The head of the table of hours, and its 24 rows."""
    (head,) = (number for number, line in enumerate(lines) if line.startswith("steps, UTC"))
    return list(lines[head : head + 25])


def counted(row: str, head: str) -> list[int]:
    """The numbers of a row, each under its day; 0 for an empty cell."""
    ends = [head.index(day) + len(day) for day in DAYS]
    return [int(row[start:end].strip() or 0) for start, end in zip([len("steps, UTC"), *ends], ends, strict=False)]


@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("times", [1, 1_000, 100_000], ids=["few", "thousands", "hundred thousands"])
def test_the_hours_of_the_week_fit_on_a_line_each(report: Report, width: int, times: int) -> None:
    busy = tuple(tuple(count * times for count in day) for day in report.work_by_hour)
    head, *rows = hours(printed(replace(report, work_by_hour=busy), width))

    assert head.split() == ["steps,", "UTC", *DAYS]
    assert [row.split()[0] for row in rows] == [f"{hour:02}:00" for hour in range(24)]
    assert max(map(len, map(str.rstrip, (head, *rows)))) <= 80
    assert [counted(row, head) for row in rows] == [list(hour) for hour in zip(*busy, strict=True)]


def test_every_hour_of_the_busiest_week_fits_too(report: Report) -> None:
    full = tuple((999_999,) * 24 for _ in DAYS)
    head, *rows = hours(printed(replace(report, work_by_hour=full), 80))

    assert {tuple(counted(row, head)) for row in rows} == {(999_999,) * 7}


async def test_the_command_draws_it_in_eighty_columns(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    ended = await Desk()(*SIMULATE)
    head, *rows = hours(ended.out.splitlines())

    assert sum(sum(counted(row, head)) for row in rows) == sum(map(sum, report.work_by_hour)) > 0
    assert max(map(len, ended.out.splitlines())) <= 80
