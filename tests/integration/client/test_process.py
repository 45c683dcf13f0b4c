"""The command line as its users run it: a process, its exit code, its two streams."""

import asyncio
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.integration.client.people import new_ticket, offered, open_case, quick
from tests.workflow.world import World

ROOT = Path(__file__).parents[3]
PROGRAM = "from starter.cli import main; main()"
OPEN = (
    *("--summary", "Invoices are sent twice", "--severity", "SEV2", "--category", "billing", "--reason", "silence"),
    *("--by", "desk", "--customer-id", "c-1", "--customer-name", "Ann", "--customer-address", "ann@example.com"),
    *("--policy", "example"),
)


@dataclass
class Done:
    """What a process left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Shell:
    """Runs `escalations` against one server."""

    environment: dict[str, str]

    async def __call__(self, *argv: str) -> Done:
        process = await self.start(*argv)
        out, err = await asyncio.wait_for(process.communicate(), timeout=60)
        assert process.returncode is not None
        return Done(process.returncode, out.decode(), err.decode())

    async def start(self, *argv: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, *argv),
            cwd=ROOT,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )


def environment(address: str, folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ESCALATIONS_"))}
    (folder / "none.toml").touch()
    return kept | {
        "TEMPORAL_ADDRESS": address,
        "TEMPORAL_CONFIG_FILE": str(folder / "none.toml"),
        "ESCALATIONS_DATA_DIR": str(folder),
        **more,
    }


@pytest.fixture
def shell(world: World, tmp_path: Path) -> Shell:
    address = world.client.service_client.config.target_host
    return Shell(environment(address, tmp_path, ESCALATIONS_TASK_QUEUE=world.task_queue))


async def test_a_ticket_is_opened_worked_on_and_looked_at(shell: Shell, world: World) -> None:
    ticket = new_ticket()
    opened = await shell("open", ticket, *OPEN, "--json")
    said = opened.json
    assert said.pop("life") in (0, 1), "0 while a busy worker has not answered"
    assert (opened.code, said) == (
        0,
        {"escalation": f"escalation-{ticket}", "started": True, "judging": False, "stage": ""},
    )
    person = (await offered(quick(world), ticket)).view.offered_to

    taken = await shell("acknowledge", ticket, "--by", person)
    assert (taken.code, taken.err) == (0, "")
    assert taken.out.startswith(f"escalation-{ticket}: {person} has the case now; answer ")
    assert taken.out.endswith(" (the case is working)\n")
    status = await shell("status", ticket)
    assert status.code == 0
    assert "first response" in status.out
    assert "\x1b" not in status.out
    timeline = await shell("timeline", ticket, "--json")
    kinds = [json.loads(line)["kind"] for line in timeline.out.splitlines()]
    assert kinds[0] == "opened"
    assert kinds.index("offered") < kinds.index("acknowledged")


async def test_refused_unknown_and_wrong_have_their_codes(shell: Shell, world: World) -> None:
    ticket = new_ticket()
    await open_case(quick(world), ticket)
    await offered(quick(world), ticket)

    refused, unknown, wrong = await asyncio.gather(
        shell("reopen", ticket, "--by", "desk", "--why", "x"),
        shell("status", "never"),
        shell("promise", ticket, "a fix", "--by", "desk", "--at", "2026-03-27T16:00"),
    )
    assert [refused.code, unknown.code, wrong.code] == [3, 4, 2]
    for done in (refused, unknown, wrong):
        assert done.out == ""
        assert done.err.count("\n") == 1


async def test_no_server_is_one_line_and_code_5(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        shell = Shell(environment(f"127.0.0.1:{unused.getsockname()[1]}", tmp_path))
        ended = await asyncio.gather(*(shell("status", "T-1") for _ in range(3)))

    assert [done.code for done in ended] == [5, 5, 5]
    assert all(done.err.startswith("no answer: No Temporal server at 127.0.0.1:") for done in ended)
    assert all(done.err.count("\n") == 1 for done in ended)


async def test_a_bad_setting_is_one_line_and_code_2(tmp_path: Path) -> None:
    done = await Shell(environment("127.0.0.1:1", tmp_path, ESCALATIONS_SMTP_PORT="many"))("status", "T-1")

    assert (done.code, done.err.startswith("bad setting: ESCALATIONS_SMTP_PORT")) == (2, True)


async def test_a_reader_who_has_seen_enough_ends_it_quietly(shell: Shell, world: World) -> None:
    ticket = new_ticket()
    await open_case(quick(world), ticket)
    process = await shell.start("watch", ticket, "--every", "1s", "--json")
    assert process.stdout is not None
    assert process.stderr is not None
    await process.stdout.readline()
    process.stdout._transport.close()  # type: ignore[attr-defined]  # as `head -1` closes its end
    errors = await asyncio.wait_for(process.stderr.read(), timeout=30)

    assert (await process.wait(), errors) == (0, b"")


async def test_ctrl_c_ends_a_watch_without_a_traceback(shell: Shell, world: World) -> None:
    ticket = new_ticket()
    await open_case(quick(world), ticket)
    process = await shell.start("watch", ticket, "--every", "1s", "--json")
    assert process.stdout is not None
    await process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), timeout=30)

    assert (process.returncode, errors) == (130, b"")
