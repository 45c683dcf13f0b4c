"""`import` and what follows it, as a user does it: `worker.py --dev` in one window, the command line in another."""

import asyncio
import io
import json
import os
import re
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from escalation.case.commands import AnswerSurvey
from simulation.exports import SERVICENOW, Life, read_plays
from starter.cli.app import run
from starter.cli.context import Context
from starter.cli.output import Output
from tests.unit.starter.desk import Ended

ROOT = Path(__file__).parents[3]
LOG = ROOT / "examples" / "incidents.csv"
READY_SECONDS = 60
TICKETS = 2


@dataclass
class Windows:
    """One data folder, with a worker that brings its own servers, and a command line that knows only the folder."""

    environment: dict[str, str]
    said: list[str] = field(default_factory=list)

    async def worker(self) -> asyncio.subprocess.Process:
        return await self._start("worker.py", "--dev")

    async def ready(self, worker: asyncio.subprocess.Process) -> None:
        """Read what the worker says until it is ready."""
        assert worker.stdout is not None
        async with asyncio.timeout(READY_SECONDS):
            while not self.said or "worker ready" not in self.said[-1]:
                line = await worker.stdout.readline()
                assert line, f"the worker ended: {self.said}"
                self.said.append(line.decode())

    async def __call__(self, *argv: str) -> Ended:
        """Run a command as a user does, in a process of its own."""
        process = await self._start("-m", "starter.cli", *argv)
        out, err = await asyncio.wait_for(process.communicate(), timeout=90)
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    async def ask(self, *argv: str) -> Ended:
        """Run a command here, which takes a second less: to prepare or to look, where the process is not what a test is about."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.environment.items():
                patch.setenv(name, value)
            context = replace(Context.of_this_process(), out=Output(stdout=out, stderr=err))
            code = await run(argv, context)
        return Ended(code, out.getvalue(), err.getvalue())

    async def _start(self, *argv: str) -> asyncio.subprocess.Process:
        merged = asyncio.subprocess.STDOUT if argv[0] == "worker.py" else asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            *(sys.executable, *argv), cwd=ROOT, env=self.environment, stdout=asyncio.subprocess.PIPE, stderr=merged
        )


@contextmanager
def data_folder() -> Iterator[Path]:
    # Not pytest's own folder: as root PostgreSQL runs as another user, who may not be able to pass through it.
    folder = Path(tempfile.mkdtemp(prefix="escalations-cli-")).resolve()
    folder.chmod(0o711)
    (folder / "none.toml").touch()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
async def windows() -> AsyncIterator[Windows]:
    with data_folder() as folder:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ESCALATIONS_"))}
        windows = Windows(
            kept
            | {
                "ESCALATIONS_DATA_DIR": str(folder),
                "ESCALATIONS_LOG_FORMAT": "json",
                "ESCALATIONS_GRACEFUL_SHUTDOWN_SECONDS": "2",
                "TEMPORAL_CONFIG_FILE": str(folder / "none.toml"),
            }
        )
        worker = await windows.worker()
        assert worker.stdout is not None
        draining: asyncio.Task[bytes] | None = None
        try:
            await windows.ready(worker)
            draining = asyncio.create_task(worker.stdout.read())
            yield windows
        finally:
            worker.send_signal(signal.SIGTERM)
            code = await asyncio.wait_for(worker.wait(), timeout=40)
        await draining
        assert code == 0


def is_short(made: Life) -> bool:
    """Whether its steps follow each other at once, without waiting for an offer to lapse or a survey to go out."""
    waits = made.ignores_first_offer or any(isinstance(step.command, AnswerSurvey) for step in made.steps)
    return len(made.steps) <= 4 and not waits


def short_log(folder: Path) -> tuple[Path, list[Life]]:
    """A log with a few real tickets of the example, and what will be done to them."""
    rows = LOG.read_text(encoding="utf-8").splitlines(keepends=True)
    plans = [made for made in read_plays(rows, SERVICENOW, []) if is_short(made)][:TICKETS]
    numbers = tuple(made.open.ticket for made in plans)
    log = folder / "log.csv"
    log.write_text("".join([rows[0], *(row for row in rows if row.startswith(numbers))]), encoding="utf-8")
    return log, plans


BY_PEOPLE = (
    "opened",
    "acknowledged",
    "declined",
    "noted",
    "customer_told",
    "information_requested",
    "resolved",
    "reopened",
)
"""What the steps of a log come to."""


def kinds(history: Ended) -> list[str]:
    return [one["event"]["kind"] for one in history.items]


async def test_a_real_log_lives_on_real_servers_and_can_be_asked_about(windows: Windows, tmp_path: Path) -> None:
    log, plans = short_log(tmp_path)
    steps = sum(len(made.steps) for made in plans)
    line = ("import", str(log), "--policy", "demo", "--longest", "1s")
    played = await windows(*line)

    assert (played.code, played.err) == (0, "")
    assert f"{TICKETS} tickets: {TICKETS} opened, 0 were open before" in played.out
    (summed_up,) = re.findall(rf"(\d+) of {steps} steps done, (\d+) skipped", played.out)
    assert int(summed_up[0]) + int(summed_up[1]) == steps
    assert int(summed_up[0]) > steps / 2
    assert "\x1b" not in played.out

    report = await windows.ask("report", "--json")
    assert sum(json.loads(report.out)["stages"].values()) == TICKETS
    history = await windows.ask("history", plans[0].open.ticket, "--json")
    assert [one["seq"] for one in history.items] == list(range(1, len(history.items) + 1))
    assert history.items[0]["event"]["kind"] == "opened"
    assert kinds(history).count("acknowledged") == 1
    audit = await windows("audit")
    assert (audit.code, audit.out) == (0, "nothing found: record, ledger, bookings and workflows agree\n")

    again = await windows(*line, "--json")
    assert (again.code, again.json["opened"], again.json["found"]) == (0, 0, TICKETS)
    later = kinds(await windows.ask("history", plans[0].open.ticket, "--json"))
    assert [later.count(kind) for kind in ("opened", "acknowledged", "resolved")] == [1, 1, 1]


async def test_a_policy_that_no_one_stored_is_refused_as_an_opening_is_also_where_all_is_open_already(
    windows: Windows, tmp_path: Path
) -> None:
    log, plans = short_log(tmp_path)
    line = ("import", str(log), "--longest", "1s", "--policy")
    assert (await windows.ask(*line, "demo")).code == 0
    before = await windows.ask("history", plans[0].open.ticket, "--json")
    refused = await windows.ask(*line, "nosuch")
    who = ("--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com", "--by", "desk")
    what = ("--summary", "x", "--severity", "SEV3", "--category", "billing", "--reason", "silence")
    opening = await windows.ask("open", "T-9", *what, *who, "--policy", "nosuch")

    assert (refused.code, refused.out) == (opening.code, opening.out) == (3, "")
    said = refused.err.removeprefix("refused: ").strip()
    assert said == "there is no policy `nosuch`; a worker stores the files of its policies folder at its start"
    assert opening.err == f"refused: `T-9` could not be opened: {said}; fix it and open again\n"
    after = await windows.ask("history", plans[0].open.ticket, "--json")
    assert after.out.startswith(before.out)
    # Its clocks may have gone on meanwhile, but no command reached it.
    assert [kinds(after).count(kind) for kind in BY_PEOPLE] == [kinds(before).count(kind) for kind in BY_PEOPLE]


async def test_the_embedded_database_is_migrated_already_and_takes_a_roster(windows: Windows) -> None:
    migrated = await windows.ask("migrate")
    loaded = await windows("roster", "load", "examples/roster.yaml")

    assert (migrated.code, migrated.out) == (0, "the schema is up to date; nothing to do\n")
    assert (loaded.code, loaded.out) == (
        0,
        "examples/roster.yaml: loaded, 14 people, 14 of them active; version 1 as before\n",
    )
